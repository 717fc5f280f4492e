/* How each transport is served: what the root hands to the listeners, which need not know it. */
#ifndef LOPING_SERVER_ECHO_SERVICES_H
#define LOPING_SERVER_ECHO_SERVICES_H

#include <uv.h>

struct worker;

/* Takes the connection that waits at a listener. Returns 0, or the code of why none could be taken. */
int echo_tcp_accept(struct worker *worker, uv_stream_t *listening);
int echo_unix_accept(struct worker *worker, uv_stream_t *listening);

/* Begins to answer the datagrams of a bound socket, whose `data` is taken until echo_udp_end(). on_failed is called
 * where they can be received no longer. Returns 0 or a negative UV_ code. */
int echo_udp_begin(struct worker *worker, uv_udp_t *socket, void (*on_failed)(uv_udp_t *socket, int code));

/* Before the socket is closed; does nothing where it never began. */
void echo_udp_end(uv_udp_t *socket);

#endif
