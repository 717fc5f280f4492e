/* All connections of a loop at once: those that are idle, and at the end what is left. */
#include "server/echo/connections.h"

#include "common/text/clock.h"
#include "server/echo/output.h"

void connections_drain(struct worker *worker) {
  struct connection *after;
  for (struct connection *connection = worker->connections.first; connection != NULL; connection = after) {
    after = connection->after;
    output_finish(connection, "the server ends");
  }
}

void connections_cut(struct worker *worker) {
  while (worker->connections.first != NULL) {
    if (worker->connections.first->writer != NULL) worker->cut_connections++;
    connection_close(worker->connections.first, "cut off, as the server ends");
  }
}

static void on_idle_timer(uv_timer_t *timer) {
  connections_close_idle(timer->data);
}

void connections_close_idle(struct worker *worker) {
  uint64_t timeout_ms = worker->settings->idle_timeout_ns / CLOCK_NS_PER_MS;
  uint64_t now_ms = uv_now(&worker->loop);
  if (worker->settings->idle_timeout_ns == 0) return;
  while (worker->connections.first != NULL && worker->connections.first->active_ms + timeout_ms <= now_ms) {
    worker->stats.idle_closed++;
    connection_close(worker->connections.first, "idle for the time of --idle-timeout");
  }
  if (worker->connections.first == NULL || uv_is_active((uv_handle_t *)&worker->idle_timer)) return;
  uint64_t wait_ms = worker->connections.first->active_ms + timeout_ms - now_ms;
  int code = uv_timer_start(&worker->idle_timer, on_idle_timer, wait_ms, 0);
  if (code != 0) announce_notice(worker->outbox, "the timer of --idle-timeout could not be set: %s", uv_strerror(code));
}
