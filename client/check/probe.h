/*
 * One attempt to reach a port: connect, say a line, listen for its echo, and close with a reset, so that a server that
 * is stuck keeps nothing of it. UDP: one datagram on a connected socket.
 */
#ifndef LOPING_CLIENT_CHECK_PROBE_H
#define LOPING_CLIENT_CHECK_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "client/check/facts.h"
#include "common/net/address.h"

struct probe_plan {
  struct endpoint target; /* TCP or UDP */
  uint64_t timeout_ns;    /* for all of it */
  bool asks;              /* send the line and wait for an answer; UDP always does */
};

/* Called once the facts are complete. The socket is still open, `local` is its address: now its other end can be looked
 * up. It is closed when this returns. */
typedef void probe_settled(void *owner, const struct sockaddr_storage *local);

/* Starts an attempt on the loop. `facts` must outlive it, and is filled when `on_settled` is called, which is always,
 * once, and possibly before this returns. Returns 0; or UV_ENOMEM, UV_EMFILE and the like, when there is no attempt and
 * no call. */
int probe_start(uv_loop_t *loop, const struct probe_plan *plan, struct probe_facts *facts, probe_settled *on_settled,
                void *owner);

/* What a failure's code means for a probe. */
enum probe_outcome probe_outcome_of(int code);

#endif
