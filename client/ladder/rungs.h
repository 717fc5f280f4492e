/* A ladder of packets as lines of text: time, state of the client, the packet as an arrow, state of the server. Pure.
 */
#ifndef LOPING_CLIENT_LADDER_RUNGS_H
#define LOPING_CLIENT_LADDER_RUNGS_H

#include "client/ladder/ends.h"
#include "common/text/layout.h"
#include "common/text/style.h"

struct rungs {
  const struct style *style;
  size_t columns; /* of the terminal */
  struct ends ends;
  bool has_first;
  uint64_t first_ns; /* of the first packet: the others' times are from then on */
  layout_put *put;
  void *owner;
};

/* Begins a ladder: the names of both ends above it, and their states before the first packet. */
void rungs_begin(struct rungs *rungs, const char *client, const char *server, bool is_listening);

/* A packet; a state stands beside it where it brought that about. `has_arrived`: ends.h. */
void rungs_add(struct rungs *rungs, const struct packet *packet, bool is_from_client, bool has_arrived);

#endif
