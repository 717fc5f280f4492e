/*
 * How much may stand in a TCP socket that was not sent yet. The system lets it grow to several MiB (tcp(7), tcp_wmem),
 * and all sockets of the machine share one pot of memory (tcp_mem): many busy streams reach its mark, and from there on
 * the kernel throws away what arrives and sends it again after its time-outs. The seam: unsent_bound_linux.c, and
 * unsent_bound_portable.c, where the system's own bounds stand.
 */
#ifndef LOPING_COMMON_IO_UNSENT_BOUND_H
#define LOPING_COMMON_IO_UNSENT_BOUND_H

#include <uv.h>

/* From now on the socket takes no more than some 128 KiB of it; of a listening socket, its connections begin so. Never
 * fails: what a system does not know is left as it is. */
void unsent_bound(uv_os_fd_t socket);

/* As much as the system lets it, again. */
void unsent_unbound(uv_os_fd_t socket);

#endif
