/*
 * A second descriptor of one socket, for a connection that changes from one event loop to another: libuv binds a handle
 * to its loop for good. The seam: one file per system.
 */
#ifndef LOPING_SERVER_THREADS_SOCKET_COPY_H
#define LOPING_SERVER_THREADS_SOCKET_COPY_H

#include <stdbool.h>
#include <uv.h>

/* Can a connection change its loop on this system? */
bool socket_copy_is_possible(void);

/* Makes a copy that outlives the handle; the caller owns it. Returns 0 or a negative UV_ code. */
int socket_copy_make(const uv_handle_t *socket, uv_os_sock_t *copy);

/* Closes a copy that no handle has taken over. */
void socket_copy_close(uv_os_sock_t copy);

#endif
