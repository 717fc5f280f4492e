/*
 * A socket at which connections wait. libuv's own way cannot be stopped for a while: its callback is called for ever
 * where accept(2) keeps failing, unless the socket is closed, and without a descriptor it closes all that wait. So the
 * loop's poller tells that somebody waits, and this takes one. The seam: waiting_socket_linux.c,
 * waiting_socket_portable.c.
 */
#ifndef LOPING_COMMON_SOCKETS_WAITING_SOCKET_H
#define LOPING_COMMON_SOCKETS_WAITING_SOCKET_H

#include <stdbool.h>
#include <uv.h>

/* listen(2) on a socket that is bound. Returns 0 or a negative UV_ code. */
int waiting_socket_listen(uv_os_fd_t bound, int backlog);

/* Takes the connection that waits for the longest time. Returns 0 and a socket that the caller owns, or a negative UV_
 * code: UV_EAGAIN where none waits. */
int waiting_socket_take(uv_os_fd_t listening, uv_os_sock_t *taken);

/* Is it that connection's own end, which came before it was taken (accept(2), "Error handling")? The next may be well.
 */
bool waiting_socket_is_of_connection(int code);

/* Closes what was taken and not handed on. */
void waiting_socket_close(uv_os_sock_t taken);

#endif
