/*
 * A socket of our own, for the seams that need one before libuv has it. Closed where a program is started, as libuv's
 * are. plain_socket_linux.c does it in one call; plain_socket_posix.c for systems whose socket(2) takes no flags.
 */
#ifndef LOPING_COMMON_IO_PLAIN_SOCKET_POSIX_H
#define LOPING_COMMON_IO_PLAIN_SOCKET_POSIX_H

#include <stdbool.h>
#include <sys/socket.h>

/* send(2) to a socket that is closed raises no signal. Where there is no such flag (macOS before 15), the signal is
 * ignored from the start: machine_ignore_broken_pipe(). */
#ifdef MSG_NOSIGNAL
#define PLAIN_SOCKET_NO_SIGNAL MSG_NOSIGNAL
#else
#define PLAIN_SOCKET_NO_SIGNAL 0
#endif

/* Returns the descriptor, which the caller closes, or -1 with errno (socket(2), fcntl(2)); a lack of memory or of
 * descriptors is noted. `waits`: calls on it block. */
int plain_socket_open(int family, int type, bool waits);

#endif
