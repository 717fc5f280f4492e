/*
 * The life of a connection: made, listed, read or not, closed. Must not know what is read or sent.
 *
 * All reads of the loop share one buffer, so that an idle connection costs no memory but its struct.
 */
#include "server/echo/connection.h"

#include <stdlib.h>

#include "common/text/clock.h"
#include "server/echo/bulk.h"
#include "server/fault/faults.h"
#include "server/http/desk.h"

static void list_append(struct connection_list *list, struct connection *connection) {
  connection->before = list->last;
  connection->after = NULL;
  if (list->last != NULL)
    list->last->after = connection;
  else
    list->first = connection;
  list->last = connection;
}

static void list_remove(struct connection_list *list, struct connection *connection) {
  if (connection->before != NULL)
    connection->before->after = connection->after;
  else
    list->first = connection->after;
  if (connection->after != NULL)
    connection->after->before = connection->before;
  else
    list->last = connection->before;
}

void connection_touch(struct connection *connection) {
  struct worker *worker = connection->worker;
  if (worker->settings->idle_timeout_ns == 0) return;
  connection->active_ms = uv_now(&worker->loop);
  if (worker->connections.last == connection) return;
  list_remove(&worker->connections, connection);
  list_append(&worker->connections, connection);
}

static void announce(const struct connection *connection, bool is_opened) {
  const struct announcer *announcer = connection->worker->announcer;
  if (connection->visit == NULL) return;
  struct connection_facts facts = {
      .number = connection->number,
      .transport = connection->kind->transport,
      .peer = connection->visit->peer,
      .bytes_in = connection->bytes_in,
      .bytes_out = connection->bytes_out,
      .messages = connection->messages,
      .open_ns = clock_now_ns() - connection->visit->opened_ns,
      .reason = connection->close_reason,
  };
  if (is_opened)
    announcer->connection_opened(connection->worker->outbox, &facts);
  else
    announcer->connection_closed(connection->worker->outbox, &facts);
}

/* Bytes that stay in the kernel would not be seen. */
static bool add_faults(struct connection *connection) {
  const struct fault_spec *spec = connection->worker->faults->spec;
  connection->faulty = calloc(1, sizeof *connection->faulty);
  if (connection->faulty == NULL) return false;
  connection->is_unfit_for_bulk = true;
  connection->faulty->is_stopped = spec->has[WIRE_FAULT_STOP_READING] && spec->stop_reading_bytes == 0;
  return true;
}

int connection_create(struct worker *worker, const struct stream_kind *kind, const struct direct_ops *reading,
                      struct connection **created) {
  struct connection *connection = calloc(1, sizeof *connection);
  if (connection == NULL) return UV_ENOMEM;
  connection->worker = worker;
  connection->kind = kind;
  connection->direct.ops = reading;
  int code = worker->faults != NULL && !add_faults(connection) ? UV_ENOMEM : kind->init(&worker->loop, &connection->as);
  if (code != 0) {
    free(connection->faulty);
    free(connection);
    return code;
  }
  connection->as.handle.data = connection;
  *created = connection;
  return 0;
}

void connection_enlist(struct connection *connection) {
  struct worker *worker = connection->worker;
  worker_count_opened(worker);
  connection->active_ms = uv_now(&worker->loop);
  list_append(&worker->connections, connection);
  connection->is_listed = true;
  if (!worker->settings->verbose) return;
  connection->visit = calloc(1, sizeof *connection->visit);
  if (connection->visit == NULL) return;
  connection->visit->opened_ns = clock_now_ns();
  if (connection->kind->write_peer(&connection->as, connection->visit->peer) != 0) connection->visit->peer[0] = '\0';
  announce(connection, true);
}

static void after_close(uv_handle_t *handle) {
  struct connection *connection = handle->data;
  /* A write in flight was cancelled before this callback, and its writer freed; one that never began has gone too. */
  session_end(&connection->session);
  free(connection->visit);
  free(connection->faulty);
  free(connection->native);
  free(connection);
}

static void leave_desk(struct connection *connection) {
  if (connection->native != NULL) http_desk_put_native(connection->worker->http, connection->native);
  if (connection->has_place) http_desk_leave_place(connection->worker->http);
}

void connection_close(struct connection *connection, const char *reason) {
  struct worker *worker = connection->worker;
  if (uv_is_closing(&connection->as.handle)) return;
  connection->close_reason = reason;
  bulk_leave(connection);
  leave_desk(connection);
  if (connection->buffers != BUFFERS_UNTOUCHED) worker->carrying_connections--;
  spinner_remove(&worker->spinner, &connection->direct);
  if (connection->is_listed) {
    list_remove(&worker->connections, connection);
    worker_count_closed(worker);
    announce(connection, false);
  }
  if (connection->faulty != NULL) fault_schedule_forget(&worker->faults->schedule, connection);
  if (!connection->is_reset || uv_tcp_close_reset(&connection->as.tcp, after_close) != 0)
    uv_close(&connection->as.handle, after_close);
  /* Only now is its descriptor closed, and another thread may let the next one in. */
  if (connection->is_listed && worker->on_closed != NULL) worker->on_closed(worker);
}

void connection_reset(struct connection *connection, const char *reason) {
  connection->is_reset = connection->kind->transport == TRANSPORT_TCP;
  connection_close(connection, reason);
}

void connection_fail(struct connection *connection, int code) {
  connection_close(connection, uv_strerror(code));
}

bool connection_resume(struct connection *connection) {
  bool is_stopped = connection->faulty != NULL && connection->faulty->is_stopped;
  if (connection->is_reading) return true;
  connection->direct.ops->watch(&connection->direct);
  connection->is_reading = !uv_is_closing(&connection->as.handle);
  if (!connection->is_reading) return false;
  /* The poller knows the socket since it was claimed (watch_claim.h), and libuv must know whose it is, or it ends the
   * process with the first event. */
  if (is_stopped) connection_pause(connection);
  return true;
}

void connection_pause(struct connection *connection) {
  if (!connection->is_reading) return;
  spinner_remove(&connection->worker->spinner, &connection->direct);
  uv_read_stop(&connection->as.stream); /* always 0, says its manual */
  connection->is_reading = false;
}
