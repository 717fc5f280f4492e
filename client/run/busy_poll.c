/*
 * The spinning of --busy-poll; see busy_poll.h. Must not know workloads: flows' events are theirs.
 *
 * An active idle handle keeps the loop from sleeping. In each turn it makes DIRECT_IO_TRIES tries, all flows once
 * before any of them twice, so that none starves another.
 */
#include "client/run/busy_poll.h"

#include <stdlib.h>

#include "common/io/direct_io.h"
#include "common/text/clock.h"

struct busy_poll {
  uv_idle_t spin;
  uint64_t busy_ns; /* when something was last sent or received, while it spins */
  bool has_moved;   /* since the last turn */
};

static bool may_ask(const struct flow *flow) {
  return flow->phase == FLOW_READY && flow->connection != NULL;
}

static void ask_all(struct run *run) {
  for (size_t i = 0; i < run->flows_begun && run->phase != RUN_CLOSING; i++)
    if (may_ask(&run->flows[i])) connection_poll(run->flows[i].connection);
}

static void stop_spinning(struct run *run) {
  uv_idle_stop(&run->busy_poll->spin);
  for (size_t i = 0; i < run->flows_begun && run->phase != RUN_CLOSING; i++)
    if (may_ask(&run->flows[i])) connection_watch(run->flows[i].connection);
}

static void on_spin(uv_idle_t *idle) {
  struct run *run = idle->data;
  /* Beyond so many flows the loop's poller, which does not wait while this handle is active, is cheaper. */
  if (direct_io_is_possible() && run->flow_count <= DIRECT_IO_SOCKETS_MAX)
    for (size_t tries = 0; tries < DIRECT_IO_TRIES; tries += run->flow_count)
      ask_all(run);
  if (run->phase == RUN_CLOSING) return;
  uint64_t now_ns = clock_now_ns();
  struct busy_poll *poll = run->busy_poll;
  if (poll->has_moved) poll->busy_ns = now_ns;
  poll->has_moved = false;
  if (now_ns - poll->busy_ns > BUSY_POLL_IDLE_MS * CLOCK_NS_PER_MS) stop_spinning(run);
}

int busy_poll_init(struct run *run) {
  if (!run->plan->is_busy_poll) return 0;
  struct busy_poll *poll = calloc(1, sizeof *poll);
  if (poll == NULL) return UV_ENOMEM;
  run->busy_poll = poll;
  poll->spin.data = run;
  return uv_idle_init(&run->loop, &poll->spin);
}

void busy_poll_note(struct run *run) {
  struct busy_poll *poll = run->busy_poll;
  if (poll == NULL || run->phase == RUN_CLOSING) return;
  poll->has_moved = true;
  if (uv_is_active((uv_handle_t *)&poll->spin)) return;
  poll->busy_ns = clock_now_ns();
  uv_idle_start(&poll->spin, on_spin); /* fails only without a callback */
}

void busy_poll_close(struct run *run) {
  if (run->busy_poll != NULL) run_close_handle((uv_handle_t *)&run->busy_poll->spin);
}

void busy_poll_free(struct run *run) {
  free(run->busy_poll);
}
