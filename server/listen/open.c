/*
 * The attempts to open all listeners, and the facts that explain a failure.
 *
 * All or none: a server that got TCP but not UDP would answer half of its clients. Sentences on failures are made in
 * common/explain; only the facts are gathered here.
 */
#include "server/listen/open.h"

#include <inttypes.h>
#include <string.h>

#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "server/echo/policy.h"
#include "server/listen/failure.h"
#include "server/listen/listeners.h"
#include "server/listen/unix_path.h"
#include "server/server.h"

/* How often a number that the system picked for one transport may be taken in another before giving up. */
#define PICKED_PORT_ATTEMPTS 100

/* Another server needs a few milliseconds between looking at its path and listening there. One that is stopped in
 * between is not waited for any longer. */
#define LOCK_WAIT_MS 2000

static bool is_port_taken(const struct server *server, int code, size_t failed_row) {
  return code == UV_EADDRINUSE && server->plan.rows[failed_row].endpoint.transport != TRANSPORT_UNIX;
}

static int open_on_picked_port(struct server *server, size_t *failed_row) {
  int code = 0;
  for (int attempt = 0; attempt < PICKED_PORT_ATTEMPTS; attempt++) {
    plan_set_port(&server->plan, 0);
    code = listeners_open(server, failed_row);
    if (!is_port_taken(server, code, *failed_row)) break;
  }
  return code;
}

static void say_moved(const struct server *server, size_t failed_row, uint16_t taken) {
  char holder[BIND_FAILURE_HOLDER_SIZE];
  const struct endpoint *endpoint = &server->plan.rows[failed_row].endpoint;
  bind_failure_name_holder(&server->plan.rows[failed_row], server->settings->port, holder);
  announce_notice("port %u (%s) is in use by %s; took %u", server->settings->port, transport_name(endpoint->transport),
                  holder, taken);
}

/* Tries the wanted port and, with --try-ports, those after it. On failure `failed_row` is that of the wanted port. */
static int open_on_wanted_port(struct server *server, size_t *failed_row) {
  uint16_t wanted = server->settings->port;
  size_t row = 0;
  int code = listeners_open(server, failed_row);
  if (!is_port_taken(server, code, *failed_row)) return code;
  for (uint64_t i = 1; i <= server->settings->try_ports && wanted + i <= UINT16_MAX; i++) {
    plan_set_port(&server->plan, (uint16_t)(wanted + i));
    int next_code = listeners_open(server, &row);
    if (next_code == 0) {
      say_moved(server, *failed_row, (uint16_t)(wanted + i));
      return 0;
    }
    if (is_port_taken(server, next_code, row)) continue;
    *failed_row = row;
    return next_code;
  }
  plan_set_port(&server->plan, wanted);
  return code;
}

static int clear_unix_path(struct server *server, size_t *failed_row, enum unix_path_state *state) {
  char shown[ADDRESS_PATH_SIZE * 4];
  bool was_removed;
  for (size_t row = 0; row < server->plan.count; row++) {
    const struct endpoint *endpoint = &server->plan.rows[row].endpoint;
    if (endpoint->transport != TRANSPORT_UNIX) continue;
    *failed_row = row;
    int code = unix_path_clear(endpoint->path, &was_removed, state);
    if (code != 0) return code;
    safe_text_copy(endpoint->path, strlen(endpoint->path), shown, sizeof shown);
    if (was_removed) announce_notice("removed %s, a socket that an earlier server left and nobody listens on", shown);
  }
  return 0;
}

static void say_left_out(const struct server *server) {
  for (size_t row = 0; row < server->plan.count; row++) {
    if (!server->plan.rows[row].is_left_out) continue;
    announce_notice("IPv6 is switched off on this machine, so localhost is served on 127.0.0.1 only, not on ::1");
    return;
  }
}

static int clear_and_open(struct server *server, size_t *failed_row, enum unix_path_state *state) {
  int code = clear_unix_path(server, failed_row, state);
  if (code != 0) return code;
  return server->settings->port == 0 ? open_on_picked_port(server, failed_row)
                                     : open_on_wanted_port(server, failed_row);
}

static const char *unix_path_of(const struct server *server) {
  for (size_t row = 0; row < server->plan.count; row++)
    if (server->plan.rows[row].endpoint.transport == TRANSPORT_UNIX) return server->plan.rows[row].endpoint.path;
  return NULL;
}

int bind_open_all(struct server *server) {
  size_t failed_row = 0;
  enum unix_path_state state = UNIX_PATH_UNKNOWN;
  const char *path = unix_path_of(server);
  uv_file lock;
  /* A path that is bound looks dead until listen(): servers that start at the same moment wait for each other. Without
   * the lock only that moment is not guarded. */
  bool is_locked = path != NULL && unix_path_lock(path, LOCK_WAIT_MS, &lock) == 0;
  int code = clear_and_open(server, &failed_row, &state);
  if (is_locked) folder_lock_release(lock);
  if (code == 0)
    say_left_out(server);
  else
    bind_failure_announce(server, failed_row, code, state);
  return code;
}
