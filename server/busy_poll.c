/*
 * The spinning of --busy-poll; see busy_poll.h. Must not know what is done with what was read.
 *
 * An active idle handle keeps the loop from sleeping. In each turn it asks every socket up to DIRECT_READ_ROUNDS times,
 * all of them once before any of them twice, so that none starves. As many as that, and the turns between them, is also
 * how late a new connection or a timer may be.
 */
#include "server/busy_poll.h"

#include "common/clock.h"
#include "common/direct_read.h"
#include "server/echo_stream.h"
#include "server/listeners.h"

static bool poll_once(struct server *server) {
  bool has_read = echo_stream_poll_all(server);
  return listeners_poll(server) || has_read;
}

/* Gives all sockets back to the loop's poller. */
static void stop_asking(struct server *server) {
  if (!server->asks_directly) return;
  server->asks_directly = false;
  echo_stream_watch_all(server);
  listeners_watch(server);
}

/* Reads by the poller, which an active idle handle keeps from waiting, are in has_read_since_spin. */
static bool spin_once(struct server *server) {
  bool has_read = server->has_read_since_spin;
  server->has_read_since_spin = false;
  if (!direct_read_is_possible() || server->stats.open_connections > DIRECT_READ_SOCKETS_MAX) {
    stop_asking(server);
    return has_read;
  }
  server->asks_directly = true;
  for (int round = 0; round < DIRECT_READ_ROUNDS && server->phase == SERVER_SERVING; round++)
    has_read = poll_once(server) || has_read;
  return has_read;
}

static void on_spin(uv_idle_t *idle) {
  struct server *server = idle->data;
  bool has_read = spin_once(server);
  uint64_t now_ns = clock_now_ns();
  if (has_read) server->busy_ns = now_ns;
  bool is_idle = now_ns - server->busy_ns > BUSY_POLL_IDLE_MS * CLOCK_NS_PER_MS;
  bool is_alone = server->stats.open_connections == 0 && server->udp_port == 0;
  if (is_idle || is_alone) busy_poll_stop(server);
}

int busy_poll_init(struct server *server) {
  int code = uv_idle_init(&server->loop, &server->spin);
  server->spin.data = server;
  return code;
}

void busy_poll_note(struct server *server) {
  if (!server->settings->busy_poll) return;
  server->has_read_since_spin = true;
  if (server->phase != SERVER_SERVING || uv_is_active((uv_handle_t *)&server->spin)) return;
  server->busy_ns = clock_now_ns();
  uv_idle_start(&server->spin, on_spin); /* fails only without a callback */
}

void busy_poll_stop(struct server *server) {
  uv_idle_stop(&server->spin);
  stop_asking(server);
}
