/*
 * The spinning of --busy-poll; see busy_poll.h. Must not know what is done with what was read.
 *
 * An active idle handle keeps the loop from sleeping: in each turn it makes DIRECT_IO_TRIES tries at the sockets that
 * something came from lately, all of them once before any of them twice, and then the loop asks its poller for the
 * others and for new connections. So none starves, and a socket that is silent costs nothing.
 */
#include "server/busy_poll.h"

#include "common/io/direct_io.h"
#include "common/text/clock.h"
#include "server/echo/stream.h"
#include "server/listen/listeners.h"

/* A socket that was silent for so long is the poller's again. */
#define QUIET_NS (10 * CLOCK_NS_PER_MS)

static bool ask_sockets(struct server *server) {
  const struct busy_poll *state = &server->busy_poll;
  bool has_read = false;
  uint64_t tries = 0;
  while (tries < DIRECT_IO_TRIES && server->phase == SERVER_SERVING) {
    uint64_t sockets = state->direct_connections + state->direct_listeners;
    if (sockets == 0) break;
    has_read = echo_stream_poll_all(server) || has_read;
    has_read = listeners_poll(server) || has_read;
    tries += sockets;
  }
  return has_read;
}

static void give_back(struct server *server, uint64_t silent_since_ns) {
  echo_stream_watch_quiet(server, silent_since_ns);
  listeners_watch_quiet(server, silent_since_ns);
}

static void on_spin(uv_idle_t *idle) {
  struct server *server = idle->data;
  struct busy_poll *state = &server->busy_poll;
  bool has_read = ask_sockets(server) || state->has_read_since_turn;
  state->has_read_since_turn = false;
  state->turn_ns = clock_now_ns();
  if (has_read) state->busy_ns = state->turn_ns;
  bool is_idle = state->turn_ns - state->busy_ns > BUSY_POLL_IDLE_MS * CLOCK_NS_PER_MS;
  bool is_alone = server->stats.open_connections == 0 && server->udp_port == 0;
  if (is_idle || is_alone) {
    busy_poll_stop(server);
  } else if (state->turn_ns - state->looked_ns > QUIET_NS) {
    state->looked_ns = state->turn_ns;
    give_back(server, server->stats.open_connections > DIRECT_IO_SOCKETS_MAX ? UINT64_MAX : state->turn_ns - QUIET_NS);
  }
}

int busy_poll_init(struct server *server) {
  int code = uv_idle_init(&server->loop, &server->busy_poll.spin);
  server->busy_poll.spin.data = server;
  return code;
}

bool busy_poll_note(struct server *server) {
  struct busy_poll *state = &server->busy_poll;
  if (!server->settings->busy_poll || server->phase != SERVER_SERVING) return false;
  state->has_read_since_turn = true;
  if (!uv_is_active((uv_handle_t *)&state->spin)) {
    state->busy_ns = state->turn_ns = clock_now_ns();
    uv_idle_start(&state->spin, on_spin); /* fails only without a callback */
  }
  return direct_io_is_possible() && server->stats.open_connections <= DIRECT_IO_SOCKETS_MAX;
}

void busy_poll_stop(struct server *server) {
  uv_idle_stop(&server->busy_poll.spin);
  give_back(server, UINT64_MAX);
}
