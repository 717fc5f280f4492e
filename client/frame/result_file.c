/* Result files; see result_file.h. Knows no result. */
#include "client/frame/result_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/command.h"
#include "client/frame/whole_file.h"
#include "common/text/json_line.h"
#include "common/text/safe_text.h"

#define SHOWN_SIZE 512

bool result_file_takes_stdout(const struct result_file *file) {
  return file->path != NULL && strcmp(file->path, "-") == 0;
}

void result_file_complain(const struct result_file *file, int code) {
  char shown[SHOWN_SIZE];
  if (result_file_takes_stdout(file)) {
    command_complain("%s: stdout takes no more: %s; the result is not complete", file->option, uv_strerror(code));
    return;
  }
  safe_text_copy(file->path, strlen(file->path), shown, sizeof shown);
  bool is_full = code == UV_ENOSPC || code == UV_EFBIG;
  command_complain(
      "%s: cannot write '%s': %s; %s", file->option, shown, uv_strerror(code),
      is_full ? "make room there, or name a file on another disk" : "name a file in a folder that you may write");
}

bool result_file_try(const struct result_file *file) {
  if (file->path == NULL || result_file_takes_stdout(file)) return true;
  int code = whole_file_try(file->path);
  if (code != 0) result_file_complain(file, code);
  return code == 0;
}

static int put_on_stdout(const char *bytes, size_t length) {
  errno = 0;
  if (fwrite(bytes, 1, length, stdout) == length && fflush(stdout) == 0 && !ferror(stdout)) return 0;
  return errno != 0 ? uv_translate_sys_error(errno) : UV_EIO;
}

bool result_file_write_text(const struct result_file *file, const char *text) {
  return result_file_write_bytes(file, text, text != NULL ? strlen(text) : 0);
}

bool result_file_write_bytes(const struct result_file *file, const char *bytes, size_t length) {
  int code = 0;
  if (file->path == NULL) return true;
  if (bytes == NULL)
    code = UV_ENOMEM;
  else
    code = result_file_takes_stdout(file) ? put_on_stdout(bytes, length) : whole_file_write(file->path, bytes, length);
  if (code != 0) result_file_complain(file, code);
  return code == 0;
}

bool result_file_write(const struct result_file *file, json_t *object) {
  char *line = json_line_make(object);
  bool is_written = result_file_write_text(file, line);
  free(line);
  return is_written;
}
