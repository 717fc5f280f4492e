/*
 * Which listeners somebody has connected to while loping watches. What is looked at: the kernel's table of connections
 * at each look, with the rests of closed ones, which it keeps for 60 s (TIME_WAIT); and its counter of connections to
 * all listeners, which tells how many came and went between two looks without a rest (closed by a reset). Pure.
 */
#ifndef LOPING_CLIENT_PORTS_PORT_USE_H
#define LOPING_CLIENT_PORTS_PORT_USE_H

#include "client/ports/port_changes.h"
#include "client/ports/port_peers.h"

/* Begins as zeros. */
struct port_use {
  uint64_t looks;
  bool is_counted;  /* the system tells its counter */
  uint64_t counted; /* connections to listeners since the first look, by the counter */
  uint64_t seen;    /* of those, at a look */
  size_t key_count;
  uint64_t *keys; /* owned: what the last look saw, sorted */
};

/* One look: the listeners of the whole machine, its connections, and the counter's growth since before the first look.
 */
struct use_look {
  const struct port_row *rows; /* of all, in order */
  size_t row_count;
  const struct connection_list *list;
  bool is_counted;
  uint64_t counted;
  uint64_t start_ns, now_ns; /* the first look's time and this one's */
};

/* Takes in a look, and notes in the history which of its sockets are used. Returns 0 or UV_ENOMEM. */
int port_use_update(struct port_use *use, const struct use_look *look, struct port_history *history);

/* So many connections no look has seen; 0 where the system does not count. */
uint64_t port_use_missed(const struct port_use *use);

/* Is it a TCP listener that is there now and that nobody was seen to connect to? Of UDP no table tells. */
bool port_use_is_unused(const struct port_seen *seen);

void port_use_free(struct port_use *use);

#endif
