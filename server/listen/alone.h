/* An address for one server alone. Where another program could share a port that is taken, a socket must ask for that
 * before it is bound. The seam: alone_windows.c, alone_portable.c. */
#ifndef LOPING_SERVER_LISTEN_ALONE_H
#define LOPING_SERVER_LISTEN_ALONE_H

#include <uv.h>

/* Asks for it, of a handle that is not bound yet. `family` is that of the address. Returns 0 or a negative UV_ code. */
int alone_ask_tcp(uv_tcp_t *tcp, int family);
int alone_ask_udp(uv_udp_t *udp, int family);

#endif
