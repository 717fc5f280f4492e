/*
 * A server of this very process for the time of a check: something to probe whose state is known. It answers a few
 * clients, echoes what they say, and never takes a port that somebody else has.
 */
#ifndef LOPING_CLIENT_CHECK_TRIAL_SERVER_H
#define LOPING_CLIENT_CHECK_TRIAL_SERVER_H

#include <uv.h>

#include "common/net/address.h"

struct own_server;

/* Binds `where` (port 0: the system picks one) and answers there. Returns 0 or a negative UV_ code: UV_EADDRINUSE when
 * anybody has the port in whatever state, UV_EACCES when it needs a privilege, UV_ENOTSUP. */
int own_server_start(uv_loop_t *loop, const struct endpoint *where, struct own_server **server);

/* Where it is: the address with the real port. */
const struct endpoint *own_server_endpoint(const struct own_server *server);

/* Why a connection was not served: 0, or a negative UV_ code. That is this process's own failure: what a probe of
 * it found then says nothing about the port. */
int own_server_failure(const struct own_server *server);

/* Closes it and all of its connections with resets. It frees itself when the loop has run on. NULL is fine. */
void own_server_close(struct own_server *server);

#endif
