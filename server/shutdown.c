/*
 * Ending one loop; see shutdown.h.
 *
 * The drain takes at most DRAIN_MS: a client that never reads must not keep the server. What is cut then is said by
 * server.c at the end. Each thread drains for itself. Must not know transports or sessions.
 */
#include "server/shutdown.h"

#include "server/echo/connections.h"
#include "server/listen/listeners.h"
#include "server/threads/worker.h"

#define DRAIN_MS 2000

/* libuv calls a round's idle handles before it looks for what arrived. So the first call is before the last round, and
 * the second after it. */
#define ROUNDS_UNTIL_DONE 2

int shutdown_init(struct shutdown *shutdown, struct worker *worker, struct listeners *listeners) {
  *shutdown = (struct shutdown){.worker = worker, .listeners = listeners};
  int code = uv_idle_init(&worker->loop, &shutdown->last_round);
  if (code == 0) code = uv_timer_init(&worker->loop, &shutdown->drain_timer);
  shutdown->last_round.data = shutdown->drain_timer.data = shutdown;
  return code;
}

static void close_listeners(struct shutdown *shutdown) {
  if (shutdown->listeners != NULL) listeners_close(shutdown->listeners);
}

void shutdown_cut(struct shutdown *shutdown) {
  connections_cut(shutdown->worker);
  uv_idle_stop(&shutdown->last_round);
  uv_timer_stop(&shutdown->drain_timer);
  close_listeners(shutdown);
}

static void on_drain_timer(uv_timer_t *timer) {
  shutdown_cut(timer->data);
}

static void on_last_round(uv_idle_t *idle) {
  struct shutdown *shutdown = idle->data;
  if (++shutdown->rounds < ROUNDS_UNTIL_DONE) return;
  uv_idle_stop(idle);
  shutdown->phase = SHUTDOWN_DRAINING;
  close_listeners(shutdown); /* only UDP's are still open */
  connections_drain(shutdown->worker);
}

void shutdown_begin(struct shutdown *shutdown) {
  shutdown->phase = SHUTDOWN_LAST_ROUND;
  if (shutdown->listeners != NULL) listeners_end_streams(shutdown->listeners);
  spinner_end(&shutdown->worker->spinner);
  uv_timer_stop(&shutdown->worker->idle_timer);
  /* Both can fail only for want of a callback; the loop ends when no connection is left, with or without the timer. */
  uv_timer_start(&shutdown->drain_timer, on_drain_timer, DRAIN_MS, 0);
  uv_unref((uv_handle_t *)&shutdown->drain_timer);
  uv_idle_start(&shutdown->last_round, on_last_round);
}
