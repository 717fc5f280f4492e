/* How each transport is served: what the root hands to the listeners, which need not know it. */
#ifndef LOPING_SERVER_ECHO_SERVICES_H
#define LOPING_SERVER_ECHO_SERVICES_H

#include <uv.h>

struct worker;

/* Takes over a connection that came to a listener. Returns 0, or the code of why it is not served; then the socket is
 * still the caller's. */
int echo_tcp_accept(struct worker *worker, uv_os_sock_t socket);
int echo_unix_accept(struct worker *worker, uv_os_sock_t socket);

/* Begins to answer the datagrams of a bound socket, whose `data` is taken until echo_udp_end(). on_state is called with
 * the code where they can be received no longer: nothing is then, until echo_udp_resume(); and with 0 at the first that
 * comes after that. Returns 0 or a negative UV_ code. */
int echo_udp_begin(struct worker *worker, uv_udp_t *socket, void (*on_state)(uv_udp_t *socket, int code));
int echo_udp_resume(uv_udp_t *socket);

/* Before the socket is closed; does nothing where it never began. */
void echo_udp_end(uv_udp_t *socket);

#endif
