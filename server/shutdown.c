/*
 * Ending: no new connections, one more round for what has arrived already, then what is unsent is sent.
 *
 * The drain takes at most DRAIN_MS: a client that never reads must not keep the server. What is cut then is said by
 * server.c at the end. Each thread drains for itself. Must not know transports or sessions.
 */
#include "server/shutdown.h"

#include <signal.h>

#include "server/busy_poll.h"
#include "server/echo/stream.h"
#include "server/listen/listeners.h"
#include "server/pool.h"
#include "server/server.h"

#define DRAIN_MS 2000

/* libuv calls a round's idle handles before it looks for what arrived. So the first call is before the last round, and
 * the second after it. */
#define ROUNDS_UNTIL_DONE 2

void shutdown_cut(struct server *server) {
  server->cut_connections += echo_stream_cut_all(server);
  uv_idle_stop(&server->last_round);
  uv_timer_stop(&server->drain_timer);
  listeners_close(server);
}

static void on_drain_timer(uv_timer_t *timer) {
  shutdown_cut(timer->data);
}

static void on_last_round(uv_idle_t *idle) {
  struct server *server = idle->data;
  if (++server->rounds < ROUNDS_UNTIL_DONE) return;
  uv_idle_stop(idle);
  server->phase = SERVER_DRAINING;
  listeners_close(server); /* only UDP's are still open */
  echo_stream_drain_all(server);
}

static void close_stream_listeners(struct server *server) {
  for (size_t row = 0; row < server->plan.count; row++)
    if (server->plan.rows[row].endpoint.transport != TRANSPORT_UDP) listeners_close_row(server, row);
}

void shutdown_begin(struct server *server) {
  server->phase = SERVER_LAST_ROUND;
  busy_poll_stop(server);
  close_stream_listeners(server);
  uv_timer_stop(&server->reopen_timer);
  uv_timer_stop(&server->idle_timer);
  /* Both can fail only for want of a callback; the loop ends when no connection is left, with or without the timer. */
  uv_timer_start(&server->drain_timer, on_drain_timer, DRAIN_MS, 0);
  uv_unref((uv_handle_t *)&server->drain_timer);
  uv_idle_start(&server->last_round, on_last_round);
}

static void on_signal(uv_signal_t *signal, int number) {
  struct server *server = signal->data;
  (void)number;
  if (server->phase == SERVER_SERVING) {
    shutdown_begin(server);
    if (server->pool != NULL) pool_end(server->pool);
    return;
  }
  server->is_hurried = true;
  shutdown_cut(server);
  if (server->pool != NULL) pool_cut(server->pool);
}

static int watch(uv_signal_t *signal, int number) {
  int code = uv_signal_start(signal, on_signal, number);
  /* A signal to come does not keep the loop running. */
  uv_unref((uv_handle_t *)signal);
  return code;
}

int shutdown_watch_signals(struct server *server) {
  int code = watch(&server->on_interrupt, SIGINT);
  return code != 0 ? code : watch(&server->on_terminate, SIGTERM);
}
