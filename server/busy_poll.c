/*
 * The spinning of --busy-poll; see busy_poll.h. Must not know what is done with what was read.
 *
 * An active idle handle keeps the loop from sleeping. In each turn it asks every socket up to SPIN_ROUNDS times, all of
 * them once before any of them twice, so that none starves.
 */
#include "server/busy_poll.h"

#include "common/clock.h"
#include "server/echo_stream.h"
#include "server/listeners.h"

/* The poller costs more than a try, so it is asked once in so many rounds; beyond 64 the gain is lost in noise. */
#define SPIN_ROUNDS 64
/* One try costs a system call. With more connections than this, one call of the poller for all of them is cheaper. */
#define DIRECT_CONNECTIONS_MAX 64

static bool poll_once(struct server *server) {
  bool has_read = echo_stream_poll_all(server);
  return listeners_poll(server) || has_read;
}

static void on_spin(uv_idle_t *idle) {
  struct server *server = idle->data;
  bool has_read = server->has_read_since_spin;
  if (server->stats.open_connections <= DIRECT_CONNECTIONS_MAX)
    for (int round = 0; round < SPIN_ROUNDS && server->phase == SERVER_SERVING; round++)
      has_read = poll_once(server) || has_read;
  server->has_read_since_spin = false;
  uint64_t now_ns = clock_now_ns();
  if (has_read) server->busy_ns = now_ns;
  bool is_idle = now_ns - server->busy_ns > BUSY_POLL_IDLE_MS * CLOCK_NS_PER_MS;
  bool is_alone = server->stats.open_connections == 0 && server->udp_port == 0;
  if (is_idle || is_alone) uv_idle_stop(idle);
}

int busy_poll_init(struct server *server) {
  int code = uv_idle_init(&server->loop, &server->spin);
  server->spin.data = server;
  /* Spinning alone does not keep the server from ending. */
  if (code == 0) uv_unref((uv_handle_t *)&server->spin);
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
}
