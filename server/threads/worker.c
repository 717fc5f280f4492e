/* One event loop and what it has. Must not know who is served, and how. */
#include "server/threads/worker.h"

#include <stdlib.h>

#include "common/io/direct_io.h"
#include "common/text/clock.h"
#include "server/memory/tcp_memory.h"
#include "server/threads/relay.h"

/* A socket that was silent for so long is the poller's again. */
#define QUIET_NS (10 * CLOCK_NS_PER_MS)

static void close_handle(uv_handle_t *handle, void *nothing) {
  (void)nothing;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

/* The first asks the system, which its sandbox forbids later. */
static void init_memory_account(struct worker *worker, const struct worker *first) {
  worker->tcp_pressure_bytes = first == NULL ? tcp_memory_pressure_bytes() : first->tcp_pressure_bytes;
  worker->tcp_account = first == NULL ? tcp_memory_open_account() : tcp_memory_copy_account(first->tcp_account);
}

int worker_init(struct worker *worker, const struct settings *settings, struct outbox *outbox,
                const struct worker *first) {
  *worker = (struct worker){
      .settings = settings,
      .outbox = outbox,
      .announcer = settings->json ? &announce_json : &announce_plain,
      .buffer = malloc(WORKER_BUFFER_BYTES),
      .http = first == NULL ? NULL : first->http,
  };
  if (worker->buffer == NULL) return UV_ENOMEM;
  int code = uv_loop_init(&worker->loop);
  if (code != 0) {
    free(worker->buffer);
    return code;
  }
  code = uv_timer_init(&worker->loop, &worker->idle_timer);
  if (code == 0) code = spinner_init(&worker->spinner, &worker->loop, settings->busy_poll, QUIET_NS);
  if (code == 0) code = uv_timer_init(&worker->loop, &worker->memory_timer);
  if (code == 0) code = uv_timer_init(&worker->loop, &worker->events_timer);
  uv_unref((uv_handle_t *)&worker->events_timer);
  init_memory_account(worker, first);
  worker->idle_timer.data = worker->memory_timer.data = worker->events_timer.data = worker;
  if (code != 0) worker_end(worker);
  return code;
}

void worker_end(struct worker *worker) {
  /* Those that free themselves (connections, listeners) are closed by now; what is left belongs to some struct. */
  uv_walk(&worker->loop, close_handle, NULL);
  uv_run(&worker->loop, UV_RUN_DEFAULT);
  int code = uv_loop_close(&worker->loop);
  if (code != 0) announce_notice(worker->outbox, "the event loop did not end: %s", uv_strerror(code));
  tcp_memory_close_account(worker->tcp_account);
  relay_free(worker->spare_relay);
  pattern_free(worker->pattern);
  free(worker->buffer);
}

void worker_add_counts(struct worker *sum, const struct worker *more) {
  server_stats_add(&sum->stats, &more->stats);
  sum->cut_connections += more->cut_connections;
}

struct relay *worker_take_relay(struct worker *worker) {
  struct relay *relay = worker->spare_relay == NULL ? relay_create() : worker->spare_relay;
  worker->spare_relay = NULL;
  return relay;
}

void worker_give_relay(struct worker *worker, struct relay *relay) {
  if (worker->spare_relay != NULL || relay_held_bytes(relay) > 0)
    relay_free(relay);
  else
    worker->spare_relay = relay;
}

void worker_count_opened(struct worker *worker) {
  if (++worker->stats.open_connections > DIRECT_IO_SOCKETS_MAX) spinner_give_back(&worker->spinner);
}

/* With nobody left there is nothing to spin for. */
void worker_count_closed(struct worker *worker) {
  if (--worker->stats.open_connections == 0 && worker->datagram_sockets == 0) spinner_stop(&worker->spinner);
}

bool worker_ask_directly(struct worker *worker, struct direct_socket *socket, const uv_handle_t *handle) {
  if (!worker->spinner.is_on) return false;
  spinner_note(&worker->spinner);
  if (worker->stats.open_connections > DIRECT_IO_SOCKETS_MAX || socket->is_direct) return false;
  return spinner_add(&worker->spinner, socket, handle);
}
