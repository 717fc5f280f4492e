/*
 * Opening and closing the bound sockets.
 *
 * A bind that failed can be followed by a listen() that "succeeds" elsewhere (libuv binds to any free port then), so a
 * handle is given up at its first error. Knows no connection and prints one sentence only, for a suspended listener.
 */
#include "server/listen/listeners.h"

#include <stdlib.h>
#include <string.h>

#include "server/server.h"

#define REOPEN_AFTER_MS 100

static const struct listener_kind *const kinds[] = {
    [TRANSPORT_TCP] = &echo_tcp_listener,
    [TRANSPORT_UDP] = &echo_udp_listener,
    [TRANSPORT_UNIX] = &echo_unix_listener,
};

static void after_close(uv_handle_t *handle) {
  free(handle->data);
}

void listeners_close_row(struct server *server, size_t row) {
  if (server->listeners[row] == NULL) return;
  if (server->listeners[row]->is_direct) server->busy_poll.direct_listeners--;
  uv_close(&server->listeners[row]->as.handle, after_close);
  server->listeners[row] = NULL;
}

void listeners_close(struct server *server) {
  for (size_t row = 0; row < server->plan.count; row++)
    listeners_close_row(server, row);
}

static int bind_row(struct server *server, size_t row) {
  const struct plan_row *planned = &server->plan.rows[row];
  struct listener *listener = calloc(1, sizeof *listener);
  if (listener == NULL) return UV_ENOMEM;
  listener->server = server;
  listener->row = row;
  listener->kind = kinds[planned->endpoint.transport];
  int code = listener->kind->init(&server->loop, &listener->as);
  if (code != 0) {
    free(listener);
    return code;
  }
  listener->as.handle.data = listener;
  server->listeners[row] = listener;
  code = listener->kind->bind(&listener->as, planned);
  if (code != 0) listeners_close_row(server, row);
  return code;
}

/* The first socket with port 0 was given a number: from now on all rows want that one. */
static int adopt_port(struct server *server, size_t row) {
  struct endpoint *wanted = &server->plan.rows[row].endpoint;
  struct endpoint got = *wanted;
  if (wanted->transport == TRANSPORT_UNIX || address_port(&wanted->address) != 0) return 0;
  int code = server->listeners[row]->kind->ask_address(&server->listeners[row]->as, &got);
  if (code == 0) plan_set_port(&server->plan, address_port(&got.address));
  return code;
}

static bool is_ipv6_missing(const struct plan_row *row, int code) {
  return row->may_lack_ipv6 && (code == UV_EADDRNOTAVAIL || code == UV_EAFNOSUPPORT);
}

static int bind_all(struct server *server, size_t *failed_row) {
  for (size_t row = 0; row < server->plan.count; row++) {
    struct plan_row *planned = &server->plan.rows[row];
    if (planned->is_left_out) continue;
    int code = bind_row(server, row);
    if (is_ipv6_missing(planned, code)) {
      planned->is_left_out = true;
      continue;
    }
    if (code == 0) code = adopt_port(server, row);
    if (code == 0) continue;
    *failed_row = row;
    return code;
  }
  return 0;
}

static int start_all(struct server *server, size_t *failed_row) {
  for (size_t row = 0; row < server->plan.count; row++) {
    struct listener *listener = server->listeners[row];
    if (listener == NULL) continue;
    int code = listener->kind->start(&listener->as);
    if (code == 0) continue;
    *failed_row = row;
    return code;
  }
  return 0;
}

int listeners_open(struct server *server, size_t *failed_row) {
  int code = bind_all(server, failed_row);
  if (code == 0) code = start_all(server, failed_row);
  if (code != 0) listeners_close(server);
  return code;
}

bool listeners_poll(struct server *server) {
  bool has_read = false;
  for (size_t row = 0; row < server->plan.count && server->busy_poll.direct_listeners > 0; row++) {
    struct listener *listener = server->listeners[row];
    if (listener != NULL && listener->is_direct) has_read = listener->kind->poll(&listener->as) || has_read;
  }
  return has_read;
}

void listeners_watch_quiet(struct server *server, uint64_t since_ns) {
  for (size_t row = 0; row < server->plan.count && server->busy_poll.direct_listeners > 0; row++) {
    struct listener *listener = server->listeners[row];
    if (listener == NULL || !listener->is_direct || listener->heard_ns > since_ns) continue;
    int code = listener->kind->watch(&listener->as);
    if (code != 0) listeners_suspend(listener, code);
  }
}

static int reopen_row(struct server *server, size_t row) {
  int code = bind_row(server, row);
  if (code != 0) return code;
  code = server->listeners[row]->kind->start(&server->listeners[row]->as);
  if (code != 0) listeners_close_row(server, row);
  return code;
}

static void on_reopen_timer(uv_timer_t *timer) {
  struct server *server = timer->data;
  bool is_whole = true;
  for (size_t row = 0; row < server->plan.count; row++) {
    if (server->plan.rows[row].is_left_out || server->listeners[row] != NULL) continue;
    if (reopen_row(server, row) != 0) is_whole = false;
  }
  if (!is_whole) return;
  uv_timer_stop(timer);
  announce_notice("accepting connections again");
}

void listeners_suspend(struct listener *listener, int code) {
  struct server *server = listener->server;
  char text[ADDRESS_TEXT_SIZE * 4];
  if (server->phase != SERVER_SERVING) return;
  server->stats.accept_errors++;
  announce_notice("accepting a connection on %s failed: %s (%s); no new ones until that works again",
                  announce_endpoint_text(&server->plan.rows[listener->row].endpoint, text), uv_strerror(code),
                  uv_err_name(code));
  listeners_close_row(server, listener->row);
  int timer_code = uv_timer_start(&server->reopen_timer, on_reopen_timer, REOPEN_AFTER_MS, REOPEN_AFTER_MS);
  if (timer_code != 0) announce_notice("and it cannot be tried again: %s", uv_strerror(timer_code));
}
