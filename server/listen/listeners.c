/*
 * Opening and closing the bound sockets.
 *
 * A bind that failed can be followed by a listen() that "succeeds" elsewhere (libuv binds to any free port then), so a
 * handle is given up at its first error. Knows no connection and prints one sentence only, for a suspended listener.
 */
#include "server/listen/listeners.h"

#include <stdlib.h>

#include "server/listen/transports.h"
#include "server/threads/worker.h"

#define REOPEN_AFTER_MS 100

/* As many as the system allows may wait (Linux cuts it to net.core.somaxconn): a thousand clients can start at once. */
#define BACKLOG 4096

struct listener {
  union listener_handle as; /* first, as a handle is all that libuv tells of it; as.handle.data is the service's */
  struct listeners *listeners;
  const struct transport_row *transport;
  const struct listener_service *service;
  struct unix_socket_file file; /* that it made at its path */
  size_t row;                   /* of the plan */
};

static void on_reopen_timer(uv_timer_t *timer);

int listeners_init(struct listeners *listeners, struct worker *worker, struct plan *plan) {
  *listeners = (struct listeners){.worker = worker, .plan = plan};
  int code = uv_timer_init(&worker->loop, &listeners->reopen_timer);
  listeners->reopen_timer.data = listeners;
  return code;
}

static void after_close(uv_handle_t *handle) {
  free((struct listener *)handle);
}

static void close_row(struct listeners *listeners, size_t row) {
  struct listener *listener = listeners->rows[row];
  if (listener == NULL) return;
  if (listener->service->end != NULL) listener->service->end(&listener->as.udp);
  /* Before the socket ends, so that nobody takes its path for a dead one's. */
  unix_socket_remove(listeners->plan->rows[row].endpoint.path, &listener->file);
  uv_close(&listener->as.handle, after_close);
  listeners->rows[row] = NULL;
}

void listeners_close(struct listeners *listeners) {
  for (size_t row = 0; row < listeners->plan->count; row++)
    close_row(listeners, row);
}

void listeners_end_streams(struct listeners *listeners) {
  listeners->is_ending = true;
  uv_timer_stop(&listeners->reopen_timer);
  for (size_t row = 0; row < listeners->plan->count; row++)
    if (listeners->plan->rows[row].endpoint.transport != TRANSPORT_UDP) close_row(listeners, row);
}

/* After an error of accept(): closes this one, and opens it again as soon as that works. libuv would call back with the
 * same error without end and never serve anyone else. */
static void suspend(struct listener *listener, int code) {
  struct listeners *listeners = listener->listeners;
  char text[ADDRESS_TEXT_SIZE * 4];
  if (listeners->is_ending) return;
  listeners->worker->stats.accept_errors++;
  announce_notice(listeners->worker->outbox,
                  "accepting a connection on %s failed: %s (%s); no new ones until that works again",
                  announce_endpoint_text(&listeners->plan->rows[listener->row].endpoint, text), uv_strerror(code),
                  uv_err_name(code));
  close_row(listeners, listener->row);
  int timer_code = uv_timer_start(&listeners->reopen_timer, on_reopen_timer, REOPEN_AFTER_MS, REOPEN_AFTER_MS);
  if (timer_code != 0)
    announce_notice(listeners->worker->outbox, "and it cannot be tried again: %s", uv_strerror(timer_code));
}

static void on_connection(uv_stream_t *listening, int status) {
  struct listener *listener = (struct listener *)listening;
  if (status == 0) status = listener->service->accept(listener->listeners->worker, listening);
  if (status != 0) suspend(listener, status);
}

static void on_failed(uv_udp_t *socket, int code) {
  suspend((struct listener *)socket, code);
}

static int bind_row(struct listeners *listeners, size_t row) {
  const struct plan_row *planned = &listeners->plan->rows[row];
  struct listener *listener = calloc(1, sizeof *listener);
  if (listener == NULL) return UV_ENOMEM;
  listener->listeners = listeners;
  listener->row = row;
  listener->service = planned->service;
  listener->transport = transports_find(planned->endpoint.transport);
  int code = listener->transport->init(&listeners->worker->loop, &listener->as);
  if (code != 0) {
    free(listener);
    return code;
  }
  listeners->rows[row] = listener;
  code = listener->transport->bind(&listener->as, planned, &listener->file);
  if (code != 0) close_row(listeners, row);
  return code;
}

static int start(struct listener *listener) {
  const struct listener_service *service = listener->service;
  if (service->begin != NULL) return service->begin(listener->listeners->worker, &listener->as.udp, on_failed);
  return uv_listen(&listener->as.stream, BACKLOG, on_connection);
}

/* The first socket with port 0 was given a number: from now on all rows want that one. */
static int adopt_port(struct listeners *listeners, size_t row) {
  struct endpoint *wanted = &listeners->plan->rows[row].endpoint;
  struct endpoint got = *wanted;
  if (wanted->transport == TRANSPORT_UNIX || address_port(&wanted->address) != 0) return 0;
  int code = listeners->rows[row]->transport->ask_address(&listeners->rows[row]->as, &got);
  if (code == 0) plan_set_port(listeners->plan, address_port(&got.address));
  return code;
}

static bool is_ipv6_missing(const struct plan_row *row, int code) {
  return row->may_lack_ipv6 && (code == UV_EADDRNOTAVAIL || code == UV_EAFNOSUPPORT);
}

static int bind_all(struct listeners *listeners, size_t *failed_row) {
  for (size_t row = 0; row < listeners->plan->count; row++) {
    struct plan_row *planned = &listeners->plan->rows[row];
    if (planned->is_left_out) continue;
    int code = bind_row(listeners, row);
    if (is_ipv6_missing(planned, code)) {
      planned->is_left_out = true;
      continue;
    }
    if (code == 0) code = adopt_port(listeners, row);
    if (code == 0) continue;
    *failed_row = row;
    return code;
  }
  return 0;
}

static int start_all(struct listeners *listeners, size_t *failed_row) {
  for (size_t row = 0; row < listeners->plan->count; row++) {
    struct listener *listener = listeners->rows[row];
    if (listener == NULL) continue;
    int code = start(listener);
    if (code == 0) continue;
    *failed_row = row;
    return code;
  }
  return 0;
}

int listeners_open(struct listeners *listeners, size_t *failed_row) {
  int code = bind_all(listeners, failed_row);
  if (code == 0) code = start_all(listeners, failed_row);
  if (code != 0) listeners_close(listeners);
  return code;
}

static int reopen_row(struct listeners *listeners, size_t row) {
  int code = bind_row(listeners, row);
  if (code != 0) return code;
  code = start(listeners->rows[row]);
  if (code != 0) close_row(listeners, row);
  return code;
}

static void on_reopen_timer(uv_timer_t *timer) {
  struct listeners *listeners = timer->data;
  bool is_whole = true;
  for (size_t row = 0; row < listeners->plan->count; row++) {
    if (listeners->plan->rows[row].is_left_out || listeners->rows[row] != NULL) continue;
    if (reopen_row(listeners, row) != 0) is_whole = false;
  }
  if (!is_whole) return;
  uv_timer_stop(timer);
  announce_notice(listeners->worker->outbox, "accepting connections again");
}
