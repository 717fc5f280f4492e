/*
 * What libuv 1.44 cannot do with unix sockets: abstract names (unix(7): Linux alone), and the removal of a path only
 * while it is still one's own. The seam: unix_socket_linux.c, unix_socket_portable.c. A path is "@name" of an abstract
 * name, and a file's otherwise.
 */
#ifndef LOPING_COMMON_IO_UNIX_SOCKET_H
#define LOPING_COMMON_IO_UNIX_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* Which file a bind made. All zeros: none, or not told. */
struct unix_socket_file {
  uint64_t device;
  uint64_t inode;
};

/* Is the path an abstract name, as this system has them? */
bool unix_socket_is_abstract(const char *path);

/* Does this system have them? */
bool unix_socket_has_abstract(void);

/* Connects to an abstract name, at once or not at all. The caller owns the socket, which does not block. Returns 0 or a
 * negative UV_ code: UV_ENOTSUP where there are none. */
int unix_socket_connect_abstract(const char *path, uv_os_sock_t *made);

/* Makes a socket that is bound to the path, and notes the file. The caller owns it. Returns 0 or a negative UV_ code:
 * UV_ENOTSUP where libuv is to bind it, and to remove the path. */
int unix_socket_bind(const char *path, uv_os_sock_t *made, struct unix_socket_file *file);

/* Removes the path, unless another file stands there by now. Returns 0, or a negative UV_ code where it may be there
 * still: it could not be looked at, or not be removed. */
int unix_socket_remove(const char *path, const struct unix_socket_file *file);

#endif
