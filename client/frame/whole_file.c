/* See whole_file.h. Through libuv's file calls, which block here: no loop is at work. Must not know what it writes. */
#include "client/frame/whole_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#define NEW_FILE_MODE    0666 /* less what the umask takes */
#define PERMISSION_BITS  07777
#define NAMES_TRIED      16
#define NAME_ADDED_BYTES 48

static int write_all(uv_file file, const char *bytes, size_t length) {
  uv_fs_t request;
  while (length > 0) {
    uv_buf_t buffer = uv_buf_init((char *)(size_t)bytes, length < (1u << 30) ? (unsigned)length : 1u << 30);
    int written = uv_fs_write(NULL, &request, file, &buffer, 1, -1, NULL);
    uv_fs_req_cleanup(&request);
    if (written < 0) return written;
    bytes += written;
    length -= (size_t)written;
  }
  return 0;
}

static int close_file(uv_file file) {
  uv_fs_t request;
  int code = uv_fs_close(NULL, &request, file, NULL);
  uv_fs_req_cleanup(&request);
  return code;
}

static int write_directly(const char *path, const char *bytes, size_t length) {
  uv_fs_t request;
  int file = uv_fs_open(NULL, &request, path, UV_FS_O_WRONLY, 0, NULL);
  uv_fs_req_cleanup(&request);
  if (file < 0) return file;
  int code = write_all(file, bytes, length);
  int close_code = close_file(file);
  return code != 0 ? code : close_code;
}

/* Makes a file beside `path` that was not there before; its name goes to `name`. Returns the file or a negative code.
 */
static int open_beside(const char *path, char *name, size_t name_bytes) {
  uv_fs_t request;
  int file = UV_EEXIST;
  for (unsigned i = 0; i < NAMES_TRIED && file == UV_EEXIST; i++) {
    snprintf(name, name_bytes, "%s.%d-%u.new", path, (int)uv_os_getpid(), i);
    file = uv_fs_open(NULL, &request, name, UV_FS_O_WRONLY | UV_FS_O_CREAT | UV_FS_O_EXCL, NEW_FILE_MODE, NULL);
    uv_fs_req_cleanup(&request);
  }
  return file;
}

static int fill(uv_file file, const char *bytes, size_t length, int old_mode) {
  uv_fs_t request;
  int code = write_all(file, bytes, length);
  if (code == 0) {
    code = uv_fs_fsync(NULL, &request, file, NULL);
    uv_fs_req_cleanup(&request);
  }
  if (code == 0 && old_mode >= 0) {
    code = uv_fs_fchmod(NULL, &request, file, old_mode, NULL);
    uv_fs_req_cleanup(&request);
  }
  int close_code = close_file(file);
  return code != 0 ? code : close_code;
}

static int replace(const char *path, const char *bytes, size_t length, int old_mode) {
  uv_fs_t request;
  size_t name_bytes = strlen(path) + NAME_ADDED_BYTES;
  char *name = malloc(name_bytes);
  if (name == NULL) return UV_ENOMEM;
  int file = open_beside(path, name, name_bytes);
  int code = file < 0 ? file : fill(file, bytes, length, old_mode);
  if (code == 0) {
    code = uv_fs_rename(NULL, &request, name, path, NULL);
    uv_fs_req_cleanup(&request);
  }
  if (code != 0 && file >= 0) {
    uv_fs_unlink(NULL, &request, name, NULL);
    uv_fs_req_cleanup(&request);
  }
  free(name);
  return code;
}

int whole_file_write(const char *path, const char *bytes, size_t length) {
  uv_fs_t old, real;
  int code = uv_fs_stat(NULL, &old, path, NULL);
  bool is_there = code == 0;
  unsigned mode = (unsigned)old.statbuf.st_mode;
  uv_fs_req_cleanup(&old);
  if (!is_there && code != UV_ENOENT) return code;
  if (!is_there) return replace(path, bytes, length, -1);
  if ((mode & S_IFMT) == S_IFDIR) return UV_EISDIR;
  if ((mode & S_IFMT) != S_IFREG) return write_directly(path, bytes, length);
  code = uv_fs_realpath(NULL, &real, path, NULL);
  if (code == 0) code = replace(real.ptr, bytes, length, (int)(mode & PERMISSION_BITS));
  uv_fs_req_cleanup(&real);
  return code;
}
