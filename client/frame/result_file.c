/* Result files; see result_file.h. Knows no result. */
#include "client/frame/result_file.h"

#include <errno.h>
#include <string.h>
#include <uv.h>

#include "client/frame/command.h"
#include "client/frame/whole_file.h"
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
  command_complain("%s: cannot write '%s': %s; name a file in a folder that you may write", file->option, shown,
                   uv_strerror(code));
}

bool result_file_try(const struct result_file *file) {
  if (file->path == NULL || result_file_takes_stdout(file)) return true;
  /* "a" makes the file if need be, and leaves alone what is in it. */
  FILE *stream = fopen(file->path, "a");
  if (stream == NULL) {
    result_file_complain(file, uv_translate_sys_error(errno));
    return false;
  }
  fclose(stream);
  return true;
}

/* 0 or a negative UV_ code. */
static int write_line(const json_t *object, FILE *stream) {
  if (object == NULL) return UV_ENOMEM;
  errno = 0;
  bool is_written = json_dumpf(object, stream, JSON_COMPACT) == 0 && fputc('\n', stream) != EOF &&
                    fflush(stream) == 0 && !ferror(stream);
  if (is_written) return 0;
  return errno != 0 ? uv_translate_sys_error(errno) : UV_EIO;
}

bool result_file_write(const struct result_file *file, json_t *object) {
  int code = 0;
  if (file->path != NULL) {
    bool is_stdout = result_file_takes_stdout(file);
    FILE *stream = is_stdout ? stdout : fopen(file->path, "w");
    code = stream == NULL ? uv_translate_sys_error(errno) : write_line(object, stream);
    if (stream != NULL && !is_stdout && fclose(stream) != 0 && code == 0) code = uv_translate_sys_error(errno);
    if (code != 0) result_file_complain(file, code);
  }
  json_decref(object);
  return code == 0;
}

static int put_on_stdout(const char *text) {
  errno = 0;
  if (fputs(text, stdout) != EOF && fflush(stdout) == 0 && !ferror(stdout)) return 0;
  return errno != 0 ? uv_translate_sys_error(errno) : UV_EIO;
}

bool result_file_write_text(const struct result_file *file, const char *text) {
  int code = 0;
  if (file->path == NULL) return true;
  if (text == NULL)
    code = UV_ENOMEM;
  else
    code = result_file_takes_stdout(file) ? put_on_stdout(text) : whole_file_write(file->path, text, strlen(text));
  if (code != 0) result_file_complain(file, code);
  return code == 0;
}
