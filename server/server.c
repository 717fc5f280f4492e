/*
 * The server as a whole: makes the loop, opens what the plan says, runs, and says at the end what happened.
 *
 * Knows who does what, and leaves it to them: sockets to listeners.c and the echo files, further threads to pool.c, the
 * end to shutdown.c.
 */
#include "server/server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/machine/machine.h"
#include "common/text/clock.h"
#include "server/busy_poll.h"
#include "server/listen/failure.h"
#include "server/listen/listeners.h"
#include "server/listen/open.h"
#include "server/pool.h"
#include "server/say/hints.h"
#include "server/shutdown.h"

#define EXIT_WRONG_USAGE 2
#define EXIT_NOT_DONE    3

static int init_handles(struct server *server) {
  int code = uv_signal_init(&server->loop, &server->on_interrupt);
  if (code == 0) code = uv_signal_init(&server->loop, &server->on_terminate);
  if (code == 0) code = uv_timer_init(&server->loop, &server->idle_timer);
  if (code == 0) code = uv_timer_init(&server->loop, &server->reopen_timer);
  if (code == 0) code = uv_timer_init(&server->loop, &server->drain_timer);
  if (code == 0) code = uv_idle_init(&server->loop, &server->last_round);
  if (code == 0) code = busy_poll_init(server);
  server->on_interrupt.data = server->on_terminate.data = server;
  server->idle_timer.data = server->reopen_timer.data = server->drain_timer.data = server->last_round.data = server;
  return code;
}

static void close_handle(uv_handle_t *handle, void *nothing) {
  (void)nothing;
  if (!uv_is_closing(handle)) uv_close(handle, NULL);
}

int server_create(const struct settings *settings, struct server **created) {
  struct server *server = calloc(1, sizeof *server);
  int code = UV_ENOMEM;
  if (server == NULL) return code;
  server->settings = settings;
  server->announcer = settings->json ? &announce_json : &announce_plain;
  server->started_ns = clock_now_ns();
  server->buffer = malloc(SERVER_BUFFER_BYTES);
  if (server->buffer == NULL) goto no_buffer;
  code = uv_loop_init(&server->loop);
  if (code != 0) goto no_loop;
  code = init_handles(server);
  if (code != 0) {
    server_destroy(server);
    return code;
  }
  *created = server;
  return 0;
no_loop:
  free(server->buffer);
no_buffer:
  free(server);
  return code;
}

void server_destroy(struct server *server) {
  /* Those that free themselves (connections, listeners) are closed by now; what is left are the server's own. */
  uv_walk(&server->loop, close_handle, NULL);
  uv_run(&server->loop, UV_RUN_DEFAULT);
  int code = uv_loop_close(&server->loop);
  if (code != 0) announce_notice("the event loop did not end: %s", uv_strerror(code));
  pattern_free(server->pattern);
  free(server->buffer);
  free(server);
}

static void announce_ready(struct server *server) {
  for (size_t row = 0; row < server->plan.count; row++) {
    const struct plan_row *planned = &server->plan.rows[row];
    if (planned->is_left_out) continue;
    if (planned->endpoint.transport == TRANSPORT_UDP) server->udp_port = address_port(&planned->endpoint.address);
    server->announcer->listening(&planned->endpoint);
  }
  hints_say(server);
}

/* Says what was cut. Ending in time is the rule; a client that does not read is its own fault, unless somebody was in
 * too much of a hurry to let the others have theirs. */
static int say_end(const struct server *server) {
  if (server->cut_connections > 0)
    announce_notice("%" PRIu64 " connection%s cut off with echo unsent, as %s", server->cut_connections,
                    server->cut_connections == 1 ? " was" : "s were",
                    server->is_hurried ? "a second signal came" : "the client did not read within 2 s");
  if (!server->settings->quiet) server->announcer->summary(&server->stats, clock_now_ns() - server->started_ns);
  return server->is_hurried && server->cut_connections > 0 ? EXIT_NOT_DONE : 0;
}

static int refuse_usage(const char *problem) {
  announce_notice("%s.\nTry 'lopong --help'.", problem);
  return EXIT_WRONG_USAGE;
}

/* 0 where only this machine can connect, or others are wanted; otherwise says why not and returns the exit status. */
static int judge_reach(struct server *server) {
  char problem[PLAN_PROBLEM_SIZE];
  const struct plan_row *remote = plan_find_remote(&server->plan);
  if (remote == NULL || server->settings->allow_remote) return 0;
  own_addresses_gather(&server->own_addresses);
  if (address_is_any(&remote->endpoint.address) ||
      own_addresses_include(&server->own_addresses, &remote->endpoint.address)) {
    plan_explain_remote(remote, &server->own_addresses, problem);
    return refuse_usage(problem);
  }
  /* Not tried: where the system allows it all the same (ip_nonlocal_bind), it would be an address others reach. */
  bind_failure_announce(server, (size_t)(remote - server->plan.rows), UV_EADDRNOTAVAIL, UNIX_PATH_UNKNOWN);
  return EXIT_NOT_DONE;
}

static int serve(struct server *server) {
  char problem[PLAN_PROBLEM_SIZE];
  int code = shutdown_watch_signals(server);
  if (code != 0) {
    announce_notice("cannot start: %s", uv_strerror(code));
    return EXIT_NOT_DONE;
  }
  if (plan_make(server->settings, &server->plan, problem) != 0) return refuse_usage(problem);
  int status = judge_reach(server);
  if (status != 0) return status;
  if (bind_open_all(server) != 0) return EXIT_NOT_DONE;
  own_addresses_gather(&server->own_addresses);
  if (server->settings->threads > 1 && pool_start(server) != 0) {
    listeners_close(server);
    return EXIT_NOT_DONE;
  }
  server->phase = SERVER_SERVING;
  announce_ready(server);
  uv_run(&server->loop, UV_RUN_DEFAULT);
  if (server->pool != NULL) pool_finish(server);
  return say_end(server);
}

int server_run(const struct settings *settings) {
  struct server *server;
  int code = server_create(settings, &server);
  if (code != 0) {
    announce_notice("cannot start: %s", uv_strerror(code));
    return EXIT_NOT_DONE;
  }
  int status = serve(server);
  server_destroy(server);
  return status;
}
