/*
 * A connection's first moment: taken over, judged, and served by this thread or another, or refused.
 *
 * The only file of this room that knows that there are other threads. Must not know TCP from unix sockets.
 */
#include "server/echo/accept.h"

#include <inttypes.h>
#include <stdio.h>

#include "common/machine/machine.h"
#include "server/echo/connections.h"
#include "server/echo/output.h"
#include "server/echo/stream.h"
#include "server/fault/faults.h"
#include "server/threads/admission.h"
#include "server/threads/pool.h"
#include "server/threads/socket_copy.h"
#include "server/threads/watch_claim.h"

#define LOOK_EVERY_MS 10

/* In all threads. */
static uint64_t count_open(const struct worker *worker) {
  return worker->pool == NULL ? worker->stats.open_connections : pool_open_connections(worker->pool);
}

static enum admission judge_by(const struct connection *connection, uint64_t descriptor_limit) {
  const struct worker *worker = connection->worker;
  uv_os_fd_t descriptor;
  struct admission_facts facts = {
      .open_connections = count_open(worker),
      .max_connections = worker->settings->max_connections,
      .descriptor = -1,
      .descriptor_limit = descriptor_limit,
  };
  if (uv_fileno(&connection->as.handle, &descriptor) == 0) facts.descriptor = (int64_t)(intptr_t)descriptor;
  return admission_judge(&facts);
}

/* The limit of a running process can be changed (prlimit(1)): nobody is refused by an old one. */
static enum admission judge(const struct connection *connection) {
  struct worker *worker = connection->worker;
  enum admission admission = judge_by(connection, worker->descriptor_limit);
  if (admission != ADMISSION_NO_DESCRIPTORS) return admission;
  worker->descriptor_limit = machine_descriptor_limit();
  return judge_by(connection, worker->descriptor_limit);
}

static void refuse(struct connection *connection, enum admission admission) {
  struct worker *worker = connection->worker;
  worker->stats.refusals++;
  if (admission == ADMISSION_TOO_MANY) {
    worker->stats.refused_too_many++;
    if (admission_say_once(&worker->said_too_many))
      announce_notice(worker->outbox,
                      "%" PRIu64
                      " connections are open, as many as --max-connections allows; further ones are closed at once "
                      "until one of them ends",
                      count_open(worker));
  } else {
    worker->stats.refused_no_descriptors++;
    if (admission_say_once(&worker->said_no_descriptors))
      announce_notice(worker->outbox,
                      "out of file descriptors: %" PRIu64
                      " connections are open and the limit of this process is %" PRIu64
                      "; new ones are closed at once until some end. Raise the limit with ulimit -n before the start",
                      count_open(worker), machine_descriptor_limit());
  }
  connection_close(connection, "refused");
}

/* Counts one that is let in, for all threads. */
static void admit(struct connection *connection) {
  struct worker *worker = connection->worker;
  worker->said_too_many = worker->said_no_descriptors = worker->said_unmade = false;
  connection->number = ++worker->stats.connections;
  uint64_t open = worker->pool == NULL ? worker->stats.open_connections + 1 : pool_note_opened(worker->pool);
  if (open > worker->stats.peak_connections) worker->stats.peak_connections = open;
}

/* A server that speaks first, whatever the client wants. False: that failed, and it is closed. */
static bool greet(struct connection *connection) {
  struct faults *faults = connection->worker->faults;
  char line[FAULT_GREETING_SIZE + 2];
  if (faults == NULL || !faults->spec->has[WIRE_FAULT_GREET]) return true;
  int length = snprintf(line, sizeof line, "%s\r\n", faults->spec->greeting);
  faults_count(faults, WIRE_FAULT_GREET);
  return output_send(connection, (const uint8_t *)line, (size_t)length);
}

static void begin(struct connection *connection) {
  if (greet(connection)) stream_begin(connection);
  connections_close_idle(connection->worker);
}

static bool is_closed_on_purpose(struct connection *connection) {
  struct faults *faults = connection->worker->faults;
  if (faults == NULL || !faults->spec->has[WIRE_FAULT_CLOSE]) return false;
  faults_count(faults, WIRE_FAULT_CLOSE);
  return true;
}

static void place(struct connection *connection) {
  struct pool *pool = connection->worker->pool;
  if (is_closed_on_purpose(connection)) {
    connection_close(connection, "closed at once, on purpose (--fault close)");
    return;
  }
  if (pool != NULL && pool_hand_over(pool, connection->kind, &connection->as.handle, connection->number))
    connection_close(connection, "served by another thread");
  else
    begin(connection);
}

/* What the system allows is asked anew now and then, and not for each connection of many: that costs system calls.
 * Where there is no room, each is asked for. */
static int look_at_limits(struct worker *worker, uv_os_sock_t socket) {
  uint64_t now_ms = uv_now(&worker->loop);
  if (now_ms - worker->looked_ms < LOOK_EVERY_MS && !worker->said_unwatched) return 0;
  worker->looked_ms = now_ms;
  worker->descriptor_limit = machine_descriptor_limit();
  int code = watch_claim_take(&worker->loop, socket);
  if (code == 0) {
    worker->said_unwatched = false;
  } else {
    worker->stats.refused_no_watches++;
    if (admission_say_once(&worker->said_unwatched))
      announce_notice(worker->outbox,
                      "new connections are closed at once, as the kernel has no room to watch their sockets: %s (%s). "
                      "On Linux the limit is fs.epoll.max_user_watches, for all programs of this user together",
                      uv_strerror(code), uv_err_name(code));
  }
  return code;
}

static int refuse_unmade(struct worker *worker, int code) {
  worker->stats.refusals++;
  if (worker->said_unwatched) return code;
  worker->stats.accept_errors++;
  if (admission_say_once(&worker->said_unmade))
    announce_notice(worker->outbox,
                    "a new connection is closed at once, as it could not be served: %s (%s); others may be too",
                    uv_strerror(code), uv_err_name(code));
  return code;
}

int accept_taken(struct worker *worker, uv_os_sock_t socket, const struct stream_kind *kind) {
  struct connection *connection;
  int code = look_at_limits(worker, socket);
  if (code == 0) code = stream_create(worker, kind, &connection);
  if (code != 0) return refuse_unmade(worker, code);
  code = kind->open(&connection->as, socket);
  if (code != 0) {
    connection_close(connection, "not served");
    return refuse_unmade(worker, code);
  }
  enum admission admission = judge(connection);
  if (admission == ADMISSION_ACCEPT) {
    admit(connection);
    place(connection);
  } else {
    refuse(connection, admission);
  }
  return 0;
}

void accept_handed_over(struct worker *worker, const struct stream_kind *kind, uv_os_sock_t socket, uint64_t number) {
  struct connection *connection = NULL;
  int code = look_at_limits(worker, socket);
  if (code == 0) code = stream_create(worker, kind, &connection);
  if (code == 0) code = kind->open(&connection->as, socket);
  if (code == 0) {
    connection->number = number;
    begin(connection);
    return;
  }
  if (!worker->said_unwatched)
    announce_notice(worker->outbox, "connection %" PRIu64 " is closed, as it could not be served: %s", number,
                    uv_strerror(code));
  if (connection != NULL) connection_close(connection, "not served");
  socket_copy_close(socket);
  pool_note_closed(worker);
}
