/* Who is let in: the connections that were taken from a listener, and those that another thread has let in. */
#ifndef LOPING_SERVER_ECHO_ACCEPT_H
#define LOPING_SERVER_ECHO_ACCEPT_H

#include "server/echo/connection.h"

/* Takes over a connection: serves it, here or in another thread, or refuses and counts it. Returns 0, or the code of
 * why it could not be made one of ours; then its socket still belongs to the caller, who closes it. */
int accept_taken(struct worker *worker, uv_os_sock_t socket, const struct stream_kind *kind);

/* Serves a connection that another thread's loop has accepted and counted. The socket is taken over in any case. */
void accept_handed_over(struct worker *worker, const struct stream_kind *kind, uv_os_sock_t socket, uint64_t number);

#endif
