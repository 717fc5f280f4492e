/* Who is let in: the connections that wait at a listener, and those that another thread has accepted. */
#ifndef LOPING_SERVER_ECHO_ACCEPT_H
#define LOPING_SERVER_ECHO_ACCEPT_H

#include "server/echo/connection.h"

/* Takes the connection that waits: serves it, here or in another thread, or refuses and counts it. Returns 0, or the
 * code of why none could be taken. */
int accept_waiting(struct worker *worker, uv_stream_t *listening, const struct stream_kind *kind);

/* Serves a connection that another thread's loop has accepted and counted. The socket is taken over in any case. */
void accept_handed_over(struct worker *worker, const struct stream_kind *kind, uv_os_sock_t socket, uint64_t number);

#endif
