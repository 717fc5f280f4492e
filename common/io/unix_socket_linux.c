/* Unix sockets on Linux. */
#include "common/io/unix_socket.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/io/plain_socket_posix.h"

/* At a path, for want of memory. */
#define LOOKS_MAX 16

bool unix_socket_has_abstract(void) {
  return true;
}

bool unix_socket_is_abstract(const char *path) {
  return path[0] == '@';
}

/* An abstract name begins with a zero byte and has no end mark; a path has one. Returns 0, or UV_ENAMETOOLONG. */
static int make_address(const char *path, struct sockaddr_un *address, socklen_t *bytes) {
  size_t length = strlen(path);
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (length >= sizeof address->sun_path) return UV_ENAMETOOLONG;
  memcpy(address->sun_path, path, length);
  *bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
  if (!unix_socket_is_abstract(path)) return 0;
  address->sun_path[0] = '\0';
  *bytes -= 1;
  return 0;
}

typedef int socket_call(int descriptor, const struct sockaddr *address, socklen_t bytes);

static int make_socket(const char *path, socket_call *call, uv_os_sock_t *made) {
  struct sockaddr_un address;
  socklen_t bytes;
  int code = make_address(path, &address, &bytes);
  if (code != 0) return code;
  int descriptor = plain_socket_open(AF_UNIX, SOCK_STREAM, false);
  if (descriptor < 0) return -errno;
  if (call(descriptor, (const struct sockaddr *)&address, bytes) != 0) {
    code = -errno;
    close(descriptor);
    return code;
  }
  *made = descriptor;
  return 0;
}

int unix_socket_connect_abstract(const char *path, uv_os_sock_t *made) {
  return make_socket(path, connect, made);
}

/* A lack of memory passes, and what is left behind does not. Returns 0 or a negative UV_ code. */
static int look_at(const char *path, struct stat *told) {
  int result = lstat(path, told);
  for (int i = 0; i < LOOKS_MAX && result != 0 && errno == ENOMEM; i++)
    result = lstat(path, told);
  return result == 0 ? 0 : uv_translate_sys_error(errno);
}

int unix_socket_bind(const char *path, uv_os_sock_t *made, struct unix_socket_file *file) {
  struct stat told;
  memset(file, 0, sizeof *file);
  int code = make_socket(path, bind, made);
  if (code != 0 || unix_socket_is_abstract(path)) return code;
  code = look_at(path, &told);
  if (code != 0) {
    /* Whose it is could not be told later. */
    (void)unlink(path);
    close(*made);
    return code;
  }
  file->device = told.st_dev;
  file->inode = told.st_ino;
  return 0;
}

int unix_socket_remove(const char *path, const struct unix_socket_file *file) {
  struct stat told;
  if (file->inode == 0) return 0;
  int code = look_at(path, &told);
  if (code == 0 && (told.st_ino != file->inode || told.st_dev != file->device)) return 0;
  if (code == 0 && unlink(path) != 0) code = uv_translate_sys_error(errno);
  return code == UV_ENOENT || code == UV_ENOTDIR ? 0 : code;
}
