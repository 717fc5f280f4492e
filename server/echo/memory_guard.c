/* The guard of TCP memory; see memory_guard.h. Each loop has its share of the bound. */
#include "server/echo/memory_guard.h"

#include <inttypes.h>

#include "common/text/units.h"
#include "server/echo/connection.h"
#include "server/memory/tcp_memory.h"

#define SHARE_OF_PRESSURE 4
/* How often it looks; looking at many costs more, and is done more seldom. */
#define LOOK_MS              250
#define CONNECTIONS_FOR_A_MS 10
/* Who moved nothing for so long is stuck: where this server's connections hold too much, and where the machine is short
 * by what others hold as well, which makes whoever reads wait. */
#define STUCK_MS                1000
#define STUCK_UNDER_PRESSURE_MS 3000
/* Large buffers of so many, in all threads, stay within the bound of an ordinary machine; more of them together keep
 * the link busy with small ones. */
#define LARGE_MAX 64
/* In one look: each has to be searched for. */
#define RESETS_MAX 256
/* In one look, where what would be set free is not known. */
#define RESETS_UNDER_PRESSURE 32

static enum memory_level level_of(uint64_t bytes, uint64_t bound_bytes) {
  if (bound_bytes == 0 || bytes <= bound_bytes / 2) return MEMORY_ENOUGH;
  return bytes <= bound_bytes ? MEMORY_SCARCE : MEMORY_SHORT;
}

enum memory_level memory_guard_judge(const struct memory_facts *facts) {
  enum memory_level own = level_of(facts->held_bytes, facts->bound_bytes);
  enum memory_level all = level_of(facts->all_bytes, facts->pressure_bytes);
  return own > all ? own : all;
}

static bool find_socket(const struct connection *connection, uv_os_fd_t *socket) {
  return connection->buffers != BUFFERS_UNTOUCHED && uv_fileno(&connection->as.handle, socket) == 0;
}

struct held {
  uint64_t bytes, connections, listed;
};

/* A request is over only when all of it has left: of many slow readers each may take longer than STUCK_MS for that. */
static void note_moved(struct connection *connection) {
  struct writer *writer = connection->writer;
  size_t left_bytes = uv_stream_get_write_queue_size(&connection->as.stream);
  if (left_bytes == writer->left_bytes) return;
  writer->left_bytes = left_bytes;
  writer->moved_ms = uv_now(&connection->worker->loop);
}

static struct held measure(struct worker *worker) {
  struct held held = {0};
  uv_os_fd_t socket;
  for (struct connection *one = worker->connections.first; one != NULL; one = one->after) {
    held.listed++;
    if (one->writer != NULL) note_moved(one);
    if (!find_socket(one, &socket)) continue;
    held.connections++;
    held.bytes += tcp_memory_held_bytes(socket);
  }
  return held;
}

static bool are_many(const struct worker *worker) {
  return worker->carrying_connections > LARGE_MAX / worker->settings->threads;
}

static void bound_all(struct worker *worker) {
  uv_os_fd_t socket;
  for (struct connection *one = worker->connections.first; one != NULL; one = one->after) {
    if (one->buffers != BUFFERS_LARGE || !find_socket(one, &socket)) continue;
    tcp_memory_bound(socket);
    one->buffers = BUFFERS_SMALL;
  }
}

static struct connection *find_stuck(const struct worker *worker, uint64_t stuck_ms) {
  struct connection *longest = NULL;
  for (struct connection *one = worker->connections.first; one != NULL; one = one->after) {
    if (one->buffers == BUFFERS_UNTOUCHED || one->writer == NULL) continue;
    if (one->writer->moved_ms + stuck_ms > uv_now(&worker->loop)) continue;
    if (longest == NULL || one->writer->moved_ms < longest->writer->moved_ms) longest = one;
  }
  return longest;
}

static void say_short(struct worker *worker, const struct memory_facts *facts) {
  char held[UNITS_TEXT_SIZE], bound[UNITS_TEXT_SIZE];
  if (worker->said_memory_short) return;
  worker->said_memory_short = true;
  bool is_own = facts->held_bytes > facts->bound_bytes;
  uint64_t bytes = is_own ? facts->held_bytes : facts->all_bytes;
  uint64_t most = is_own ? facts->bound_bytes : facts->pressure_bytes;
  announce_notice(worker->outbox,
                  "clients do not read their echo, and %s %s of TCP memory where %s are %s of net.ipv4.tcp_mem: those "
                  "that were stuck for longest are reset",
                  is_own ? "this server's connections hold" : "the machine's connections hold",
                  units_format_bytes((double)bytes, held), units_format_bytes((double)most, bound),
                  is_own ? "a quarter of the pressure mark" : "the pressure mark");
}

static bool is_within(const struct memory_facts *facts) {
  return memory_guard_judge(facts) != MEMORY_SHORT;
}

static void reset_stuck(struct worker *worker, struct memory_facts *facts) {
  bool is_own = facts->held_bytes > facts->bound_bytes;
  int most = is_own ? RESETS_MAX : RESETS_UNDER_PRESSURE;
  uint64_t stuck_ms = is_own ? STUCK_MS : STUCK_UNDER_PRESSURE_MS;
  struct connection *stuck;
  uv_os_fd_t socket;
  for (int i = 0; i < most && !is_within(facts) && (stuck = find_stuck(worker, stuck_ms)) != NULL; i++) {
    say_short(worker, facts);
    uint64_t own_bytes = find_socket(stuck, &socket) ? tcp_memory_held_bytes(socket) : 0;
    if (own_bytes > 0) tcp_memory_abandon(socket);
    facts->held_bytes -= own_bytes < facts->held_bytes ? own_bytes : facts->held_bytes;
    worker->stats.stuck_reset++;
    connection_close(stuck, "reset: its client did not read, and TCP memory was short");
  }
}

static void on_look(uv_timer_t *timer);

static void look_later(struct worker *worker, uint64_t connections) {
  uint64_t wait_ms = LOOK_MS + connections / CONNECTIONS_FOR_A_MS;
  int code = uv_timer_start(&worker->memory_timer, on_look, wait_ms, 0);
  if (code != 0)
    announce_notice(worker->outbox, "the timer that watches TCP memory could not be set: %s", uv_strerror(code));
}

static void on_look(uv_timer_t *timer) {
  struct worker *worker = timer->data;
  struct held held = measure(worker);
  struct memory_facts facts = {
      .held_bytes = held.bytes,
      .bound_bytes = worker->tcp_pressure_bytes / SHARE_OF_PRESSURE / worker->settings->threads,
      .all_bytes = tcp_memory_all_bytes(worker->tcp_account),
      .pressure_bytes = worker->tcp_pressure_bytes,
  };
  enum memory_level level = memory_guard_judge(&facts);
  worker->is_memory_scarce = level != MEMORY_ENOUGH;
  if (level == MEMORY_ENOUGH) worker->said_memory_short = false;
  if (level != MEMORY_ENOUGH || are_many(worker)) bound_all(worker);
  if (level == MEMORY_SHORT) reset_stuck(worker, &facts);
  if (held.connections > 0) look_later(worker, held.listed);
}

void memory_guard_note(struct connection *connection, uint64_t moved_bytes) {
  struct worker *worker = connection->worker;
  uv_os_fd_t socket;
  if (connection->kind->transport != TRANSPORT_TCP || worker->tcp_pressure_bytes == 0) return;
  if (connection->buffers == BUFFERS_LARGE || uv_fileno(&connection->as.handle, &socket) != 0) return;
  if (connection->buffers == BUFFERS_UNTOUCHED) {
    tcp_memory_bound(socket);
    connection->buffers = BUFFERS_SMALL;
    connection->bounded_at_bytes = moved_bytes;
    worker->carrying_connections++;
    if (!uv_is_active((uv_handle_t *)&worker->memory_timer)) look_later(worker, 0);
  } else if (!worker->is_memory_scarce && !are_many(worker) &&
             moved_bytes - connection->bounded_at_bytes >= MEMORY_GUARD_MOVED_BYTES) {
    tcp_memory_release(socket);
    connection->buffers = BUFFERS_LARGE;
  }
}
