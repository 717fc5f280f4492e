/*
 * The spinning of --busy-poll; see busy_poll.h. Must not know workloads: flows' events are theirs.
 *
 * An active idle handle keeps the loop from sleeping. In each turn it makes DIRECT_IO_TRIES tries, all flows once
 * before any of them twice, so that none starves another.
 */
#include "client/run/busy_poll.h"

#include "common/io/direct_io.h"
#include "common/text/clock.h"

static bool may_ask(const struct flow *flow) {
  return flow->state == FLOW_READY && flow->connection != NULL;
}

static void ask_all(struct run *run) {
  for (size_t i = 0; i < run->flows_begun && run->phase != RUN_CLOSING; i++)
    if (may_ask(&run->flows[i])) connection_poll(run->flows[i].connection);
}

static void stop_spinning(struct run *run) {
  uv_idle_stop(&run->spin);
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
  if (run->has_moved_since_spin) run->busy_ns = now_ns;
  run->has_moved_since_spin = false;
  if (now_ns - run->busy_ns > BUSY_POLL_IDLE_MS * CLOCK_NS_PER_MS) stop_spinning(run);
}

int busy_poll_init(struct run *run) {
  int code = uv_idle_init(&run->loop, &run->spin);
  run->spin.data = run;
  return code;
}

void busy_poll_note(struct run *run) {
  if (!run->plan->is_busy_poll || run->phase == RUN_CLOSING) return;
  run->has_moved_since_spin = true;
  if (uv_is_active((uv_handle_t *)&run->spin)) return;
  run->busy_ns = clock_now_ns();
  uv_idle_start(&run->spin, on_spin); /* fails only without a callback */
}

void busy_poll_close(struct run *run) {
  if (!uv_is_closing((uv_handle_t *)&run->spin)) uv_close((uv_handle_t *)&run->spin, NULL);
}
