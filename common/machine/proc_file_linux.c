/* See proc_file_linux.h. */
#include "common/machine/proc_file_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <uv.h>

#include "common/memory/lack.h"

int proc_file_descriptor(int folder, const char *name, int flags) {
  int file;
  do
    file = openat(folder, name, O_RDONLY | O_CLOEXEC | flags);
  while (file < 0 && errno == EINTR);
  return lack_descriptor(file);
}

FILE *proc_file_open(const char *file_name) {
  int descriptor = proc_file_descriptor(AT_FDCWD, file_name, 0);
  if (descriptor < 0) return NULL;
  FILE *file = fdopen(descriptor, "r");
  if (file != NULL) return file;
  int cause = errno;
  lack_note_errno();
  close(descriptor);
  errno = cause;
  return NULL;
}

bool proc_file_first_line(const char *file_name, char *line, size_t line_bytes) {
  FILE *file = proc_file_open(file_name);
  if (file == NULL) return false;
  bool is_read = fgets(line, (int)line_bytes, file) != NULL;
  fclose(file);
  return is_read;
}

int proc_file_each_line(const char *file_name, bool (*on_line)(void *owner, const char *line), void *owner) {
  char line[PROC_LINE_SIZE];
  FILE *file = proc_file_open(file_name);
  if (file == NULL) return uv_translate_sys_error(errno);
  while (fgets(line, sizeof line, file) != NULL && on_line(owner, line)) {
  }
  int code = ferror(file) ? UV_EIO : 0;
  if (code != 0) lack_note_errno();
  fclose(file);
  return code;
}
