/*
 * The attempts to open all listeners.
 *
 * All or none: a server that got TCP but not UDP would answer half of its clients. Why it failed is found out and said
 * by failure.c.
 */
#include "server/listen/open.h"

#include <inttypes.h>
#include <string.h>

#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "server/listen/failure.h"
#include "server/listen/listeners.h"
#include "server/listen/unix_path.h"
#include "server/threads/worker.h"

/* How often a number that the system picked for one transport may be taken in another before giving up. */
#define PICKED_PORT_ATTEMPTS 100

/* Another server needs a few milliseconds between looking at its path and listening there. One that is stopped in
 * between is not waited for any longer. */
#define LOCK_WAIT_MS 2000

static bool is_port_taken(const struct listeners *listeners, int code, size_t failed_row) {
  return code == UV_EADDRINUSE && listeners->plan->rows[failed_row].endpoint.transport != TRANSPORT_UNIX;
}

static int open_on_picked_port(struct listeners *listeners, size_t *failed_row) {
  int code = 0;
  for (int attempt = 0; attempt < PICKED_PORT_ATTEMPTS; attempt++) {
    plan_set_port(listeners->plan, 0);
    code = listeners_open(listeners, failed_row);
    if (!is_port_taken(listeners, code, *failed_row)) break;
  }
  return code;
}

static void say_moved(const struct listeners *listeners, size_t failed_row, uint16_t taken) {
  char holder[FAILURE_HOLDER_SIZE];
  const struct endpoint *endpoint = &listeners->plan->rows[failed_row].endpoint;
  failure_name_holder(&listeners->plan->rows[failed_row], listeners->worker->settings->port, holder);
  announce_notice(listeners->worker->outbox, "port %u (%s) is in use by %s; took %u", listeners->worker->settings->port,
                  transport_name(endpoint->transport), holder, taken);
}

/* Tries the wanted port and, with --try-ports, those after it. On failure `failed_row` is that of the wanted port. */
static int open_on_wanted_port(struct listeners *listeners, size_t *failed_row) {
  uint16_t wanted = listeners->worker->settings->port;
  size_t row = 0;
  int code = listeners_open(listeners, failed_row);
  if (!is_port_taken(listeners, code, *failed_row)) return code;
  for (uint64_t i = 1; i <= listeners->worker->settings->try_ports && wanted + i <= UINT16_MAX; i++) {
    plan_set_port(listeners->plan, (uint16_t)(wanted + i));
    int next_code = listeners_open(listeners, &row);
    if (next_code == 0) {
      say_moved(listeners, *failed_row, (uint16_t)(wanted + i));
      return 0;
    }
    if (is_port_taken(listeners, next_code, row)) continue;
    *failed_row = row;
    return next_code;
  }
  plan_set_port(listeners->plan, wanted);
  return code;
}

static int clear_unix_paths(struct listeners *listeners, size_t *failed_row, enum unix_path_state *state) {
  char shown[ADDRESS_PATH_SIZE * 4];
  bool was_removed;
  for (size_t row = 0; row < listeners->plan->count; row++) {
    const struct endpoint *endpoint = &listeners->plan->rows[row].endpoint;
    if (endpoint->transport != TRANSPORT_UNIX) continue;
    *failed_row = row;
    int code = unix_path_clear(endpoint->path, &was_removed, state);
    if (code != 0) return code;
    safe_text_copy(endpoint->path, strlen(endpoint->path), shown, sizeof shown);
    if (was_removed)
      announce_notice(listeners->worker->outbox,
                      "removed %s, a socket that an earlier server left and nobody listens on", shown);
  }
  return 0;
}

static void say_left_out(const struct listeners *listeners) {
  for (size_t row = 0; row < listeners->plan->count; row++) {
    if (!listeners->plan->rows[row].is_left_out) continue;
    announce_notice(listeners->worker->outbox,
                    "IPv6 is switched off on this machine, so localhost is served on 127.0.0.1 only, not on ::1");
    return;
  }
}

static int clear_and_open(struct listeners *listeners, size_t *failed_row, enum unix_path_state *state) {
  int code = clear_unix_paths(listeners, failed_row, state);
  if (code != 0) return code;
  return listeners->worker->settings->port == 0 ? open_on_picked_port(listeners, failed_row)
                                                : open_on_wanted_port(listeners, failed_row);
}

static size_t collect_paths(const struct plan *plan, const char *paths[OPTIONS_LIST_MAX]) {
  size_t count = 0;
  for (size_t row = 0; row < plan->count && count < OPTIONS_LIST_MAX; row++)
    if (plan->rows[row].endpoint.transport == TRANSPORT_UNIX) paths[count++] = plan->rows[row].endpoint.path;
  return count;
}

/* They are bound and listen: no port is picked, and a path is its maker's, who removes it. */
static int open_given(struct listeners *listeners) {
  size_t failed_row = 0;
  int code = listeners_open(listeners, &failed_row);
  if (code != 0) failure_announce(listeners, failed_row, code, UNIX_PATH_UNKNOWN);
  return code;
}

int open_all(struct listeners *listeners) {
  size_t failed_row = 0;
  enum unix_path_state state = UNIX_PATH_UNKNOWN;
  const char *paths[OPTIONS_LIST_MAX];
  if (listeners->plan->count > 0 && listeners->plan->rows[0].is_given) return open_given(listeners);
  /* A path that is bound looks dead until listen(): servers that start at the same moment wait for each other. Without
   * the lock only that moment is not guarded. */
  unix_path_lock(paths, collect_paths(listeners->plan, paths), LOCK_WAIT_MS, &listeners->locks);
  int code = clear_and_open(listeners, &failed_row, &state);
  if (code == 0)
    unix_path_lend_locks(&listeners->locks);
  else
    unix_path_unlock(&listeners->locks);
  if (code == 0)
    say_left_out(listeners);
  else
    failure_announce(listeners, failed_row, code, state);
  return code;
}
