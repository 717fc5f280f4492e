/*
 * One attempt to reach a port. A server is looked at before anything is said to it: has it accepted the connection,
 * does it speak first, and which question does it want? The end is orderly, as a client's of that protocol, so that a
 * server fares as after any client; only one that is stuck is left with a reset, which leaves nothing in its queue.
 * UDP: at most one datagram, on a connected socket.
 */
#ifndef LOPING_CLIENT_CHECK_PROBE_H
#define LOPING_CLIENT_CHECK_PROBE_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "client/check/facts.h"
#include "client/peer/question.h"
#include "common/net/address.h"

struct probe;

enum probe_manner {
  PROBE_CONNECTS, /* settles once the connection stands */
  PROBE_ASKS,     /* asks at once */
  PROBE_LOOKS,    /* waits until the server has it, lets it speak, and asks what `choose` says */
};

/* Which question the server at the other end of this connection wants. Called once it has the connection; of UDP before
 * anything is sent. */
typedef struct question_choice probe_choose(void *owner, const struct server_half_facts *half);

struct probe_plan {
  struct endpoint target;
  uint64_t timeout_ns; /* for each thing that the server is to do: take the connection, speak, answer */
  enum probe_manner manner;
  enum question question; /* of PROBE_ASKS */
  probe_choose *choose;   /* of PROBE_LOOKS */
  bool is_ours;           /* the server is this process's own: it is left with a reset */
  uint64_t quiet_ms;      /* so long a server that is not asked may take to speak; 0: as long as check gives it */
  struct probe **running; /* the attempt until it settles, for probe_give_up(); NULL then. May be NULL itself */
};

/* Called once the facts are complete, while the socket is still open. `half` is the server's end of the connection;
 * not found where there is none, as of UDP or after a refusal. */
typedef void probe_settled(void *owner, const struct server_half_facts *half);

/* Starts an attempt on the loop. `facts` must outlive it, and is filled when `on_settled` is called, which is always,
 * once, and possibly before this returns. Returns 0; or UV_ENOMEM, UV_EMFILE and the like, when there is no attempt and
 * no call. */
int probe_start(uv_loop_t *loop, const struct probe_plan *plan, struct probe_facts *facts, probe_settled *on_settled,
                void *owner);

/* Ends an attempt that has not settled, without a call: in good order, or with a reset where its server is stuck. */
void probe_give_up(struct probe *probe);

/* What a failure's code means for a probe. */
enum probe_outcome probe_outcome_of(int code);

/* The same of a unix socket, where some codes mean what they never mean of a port. */
enum probe_outcome probe_unix_outcome_of(int code);

#endif
