/* --explain: the server's start and end, told step by step with what the system's tables say. */
#ifndef LOPING_SERVER_SAY_STEPS_H
#define LOPING_SERVER_SAY_STEPS_H

#include "common/net/address.h"
#include "server/say/outbox.h"

/* An endpoint is bound and ready: how it came to that, and what a client will meet. Looks into the system's tables. */
void steps_tell_ready(struct outbox *outbox, const struct endpoint *endpoint);

/* A signal came, and the server begins to end. */
void steps_tell_ending(struct outbox *outbox, uint64_t open_connections);

/* All is closed: what the system still keeps of the endpoint. */
void steps_tell_closed(struct outbox *outbox, const struct endpoint *endpoint);

#endif
