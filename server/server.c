/*
 * The server as a whole: makes the loops, opens what the plan says, runs, and says at the end what happened.
 *
 * The root: it knows all of the rooms, and hands each what it needs of the others. Nobody below knows struct server.
 */
/* clang-format off */
/*
 *   starting --all bound--> serving --a signal--> ending in good order --> end
 *                                                       \__a second signal: all is cut--> end
 *
 * How a loop ends is drawn in shutdown.h.
 */
/* clang-format on */
#include "server/server.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/options/exit_status.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "server/browser.h"
#include "server/echo/accept.h"
#include "server/echo/services.h"
#include "server/fault/faults.h"
#include "server/listen/failure.h"
#include "server/listen/listeners.h"
#include "server/listen/open.h"
#include "server/live.h"
#include "server/manager/readiness.h"
#include "server/sandbox/sandbox.h"
#include "server/say/hints.h"
#include "server/say/steps.h"
#include "server/shutdown.h"
#include "server/threads/pool.h"
#include "server/threads/socket_copy.h"
#include "server/threads/worker.h"

#define STANDARD_OUTPUT 1
#define STANDARD_ERROR  2
/* How often a reader that stalls is asked again. */
#define OUTBOX_ASK_MS 50

/* What every thread has. */
struct serving {
  struct worker worker; /* first, as a worker is all that the pool tells of it */
  struct shutdown shutdown;
};

/* With what the first thread alone has. */
struct server {
  struct serving first;
  const struct settings *settings;
  const struct given_sockets *given;
  struct readiness readiness;
  uint64_t started_ns;
  struct plan plan;
  struct listeners listeners;
  struct own_addresses own_addresses;
  struct hints hints;
  struct live *live; /* NULL: no view */
  struct browser *browser;
  uv_signal_t on_interrupt;
  uv_signal_t on_terminate;
  uv_async_t on_outbox; /* something waits for its reader, or a ready line was lost */
  uv_timer_t outbox_timer;
  bool is_hurried; /* by a second signal */
};

static const struct listener_service services[] = {
    [TRANSPORT_TCP] = {.accept = echo_tcp_accept},
    [TRANSPORT_UDP] = {.begin = echo_udp_begin, .resume = echo_udp_resume, .end = echo_udp_end},
    [TRANSPORT_UNIX] = {.accept = echo_unix_accept},
};

static int serving_init(struct serving *serving, const struct settings *settings, struct outbox *outbox,
                        struct listeners *listeners, const struct worker *first) {
  int code = worker_init(&serving->worker, settings, outbox, first);
  if (code != 0) return code;
  code = shutdown_init(&serving->shutdown, &serving->worker, listeners);
  if (code != 0) worker_end(&serving->worker);
  return code;
}

static int start_thread(const struct worker *first, struct worker **worker) {
  struct serving *serving = malloc(sizeof *serving);
  int code = serving == NULL ? UV_ENOMEM : serving_init(serving, first->settings, first->outbox, NULL, first);
  if (code != 0) {
    free(serving);
    return code;
  }
  *worker = &serving->worker;
  return 0;
}

static void end_thread(struct worker *worker) {
  shutdown_begin(&((struct serving *)worker)->shutdown);
}

static void cut_thread(struct worker *worker) {
  shutdown_cut(&((struct serving *)worker)->shutdown);
}

static void finish_thread(struct worker *worker) {
  worker_end(worker);
  free((struct serving *)worker);
}

static const struct pool_work thread_work = {
    .start = start_thread,
    .take = accept_handed_over,
    .end = end_thread,
    .cut = cut_thread,
    .finish = finish_thread,
};

static void tell_steps(const struct server *server,
                       void (*tell)(struct outbox *outbox, const struct endpoint *endpoint)) {
  if (!server->settings->explain) return;
  for (size_t row = 0; row < server->plan.count; row++)
    if (!server->plan.rows[row].is_left_out) tell(server->first.worker.outbox, &server->plan.rows[row].endpoint);
}

static void begin_end(struct server *server) {
  struct pool *pool = server->first.worker.pool;
  if (server->first.shutdown.phase != SHUTDOWN_SERVING) return;
  if (server->settings->explain)
    steps_tell_ending(server->first.worker.outbox, server->first.worker.stats.open_connections);
  /* A manager that cannot be told sees the process end. */
  (void)readiness_tell(&server->readiness, READINESS_STOPPING);
  shutdown_begin(&server->first.shutdown);
  if (pool != NULL) pool_end(pool);
}

static void on_outbox_timer(uv_timer_t *timer) {
  const struct server *server = timer->data;
  if (!outbox_pump(server->first.worker.outbox)) uv_timer_stop(timer);
}

static void on_outbox(uv_async_t *async) {
  struct server *server = async->data;
  /* Whoever started it waits for the ready line in vain. */
  if (outbox_lost_code(server->first.worker.outbox) != 0) begin_end(server);
  /* Can fail only for want of a callback. */
  if (outbox_pump(server->first.worker.outbox))
    uv_timer_start(&server->outbox_timer, on_outbox_timer, OUTBOX_ASK_MS, OUTBOX_ASK_MS);
}

static void tell_outbox(void *async) {
  uv_async_send(async);
}

static void on_signal(uv_signal_t *signal, int number) {
  struct server *server = signal->data;
  struct shutdown *shutdown = &server->first.shutdown;
  struct pool *pool = server->first.worker.pool;
  (void)number;
  if (shutdown->phase == SHUTDOWN_SERVING) {
    begin_end(server);
    return;
  }
  server->is_hurried = true;
  shutdown_cut(shutdown);
  if (pool != NULL) pool_cut(pool);
}

static int watch_signal(struct server *server, uv_signal_t *signal, int number) {
  int code = uv_signal_init(&server->first.worker.loop, signal);
  if (code != 0) return code;
  signal->data = server;
  code = uv_signal_start(signal, on_signal, number);
  /* A signal to come does not keep the loop running. */
  uv_unref((uv_handle_t *)signal);
  return code;
}

static int watch_outbox(struct server *server) {
  uv_loop_t *loop = &server->first.worker.loop;
  int code = uv_async_init(loop, &server->on_outbox, on_outbox);
  if (code == 0) code = uv_timer_init(loop, &server->outbox_timer);
  if (code != 0) return code;
  server->on_outbox.data = server->outbox_timer.data = server;
  uv_unref((uv_handle_t *)&server->on_outbox);
  uv_unref((uv_handle_t *)&server->outbox_timer);
  outbox_watch(server->first.worker.outbox, tell_outbox, &server->on_outbox);
  return 0;
}

static void end(struct server *server) {
  faults_free(server->first.worker.faults);
  server->first.worker.faults = NULL;
  worker_end(&server->first.worker);
  live_free(server->live);
  browser_free(server->browser);
  free(server);
}

static int create(const struct settings *settings, const struct given_sockets *given, struct outbox *outbox,
                  struct server **created) {
  struct server *server = calloc(1, sizeof *server);
  if (server == NULL) return UV_ENOMEM;
  int code = serving_init(&server->first, settings, outbox, &server->listeners, NULL);
  if (code != 0) {
    free(server);
    return code;
  }
  server->settings = settings;
  server->given = given;
  server->readiness.descriptor = -1;
  server->started_ns = clock_now_ns();
  server->first.worker.own_addresses = &server->own_addresses;
  if (fault_spec_is_on(&settings->faults))
    code = faults_create(&server->first.worker.loop, &settings->faults, settings->fault_seed,
                         &server->first.worker.faults);
  if (code == 0) code = browser_begin(&server->first.worker, server->started_ns, &server->browser);
  if (code == 0) code = listeners_init(&server->listeners, &server->first.worker, &server->plan);
  if (code == 0) code = watch_signal(server, &server->on_interrupt, SIGINT);
  if (code == 0) code = watch_signal(server, &server->on_terminate, SIGTERM);
  if (code == 0) code = watch_outbox(server);
  if (code != 0) {
    end(server);
    return code;
  }
  *created = server;
  return 0;
}

static void say_not_told(const struct server *server, int code) {
  if (code == 0) return;
  announce_notice(
      server->first.worker.outbox,
      "the service manager, whose socket NOTIFY_SOCKET names, cannot be told that lopong is ready or ends: %s (%s). "
      "It may take lopong for one that does not start",
      uv_strerror(code), uv_err_name(code));
}

static const struct wire_fault_report *told(const struct server *server) {
  const struct faults *faults = server->first.worker.faults;
  return faults == NULL ? NULL : &faults->told;
}

static unsigned served(const struct plan *plan) {
  static const unsigned reaches[] = {
      [TRANSPORT_TCP] = FAULT_OF_TCP, [TRANSPORT_UDP] = FAULT_OF_UDP, [TRANSPORT_UNIX] = FAULT_OF_UNIX};
  unsigned served = 0;
  for (size_t row = 0; row < plan->count; row++)
    served |= reaches[plan->rows[row].endpoint.transport];
  return served;
}

/* Also of who wants no hints: nobody is to take it for the machine's. */
static void say_faults(const struct server *server) {
  char reach[FAULT_PROBLEM_SIZE];
  const struct wire_fault_report *faults = told(server);
  if (faults == NULL) return;
  fault_spec_tell_reach(&server->settings->faults, served(&server->plan), reach);
  announce_notice(server->first.worker.outbox,
                  "faults on: %s, seed %" PRIu64 ": this server fails on purpose, and every figure shows it%s%s",
                  faults->spec, faults->seed, reach[0] != '\0' ? "; " : "", reach);
}

static void announce_ready(const struct server *server) {
  for (size_t row = 0; row < server->plan.count; row++)
    if (!server->plan.rows[row].is_left_out)
      server->first.worker.announcer->listening(server->first.worker.outbox, &server->plan.rows[row].endpoint,
                                                told(server));
  say_faults(server);
  tell_steps(server, steps_tell_ready);
  const struct plan_row *first = plan_find_first(&server->plan), *remote = plan_find_remote(&server->plan);
  hints_say(server->first.worker.outbox, server->settings, &server->hints, first == NULL ? NULL : &first->endpoint,
            remote == NULL ? NULL : &remote->endpoint);
  say_not_told(server, readiness_tell(&server->readiness, READINESS_READY));
}

/* Says what was cut. Ending in time is the rule; a client that does not read is its own fault, unless somebody was in
 * too much of a hurry to let the others have theirs. */
static int say_end(const struct server *server) {
  const struct worker *worker = &server->first.worker;
  if (worker->cut_connections > 0)
    announce_notice(worker->outbox, "%" PRIu64 " connection%s cut off with echo unsent, as %s", worker->cut_connections,
                    worker->cut_connections == 1 ? " was" : "s were",
                    server->is_hurried ? "a second signal came" : "the client did not read within 2 s");
  tell_steps(server, steps_tell_closed);
  if (!server->settings->quiet)
    worker->announcer->summary(worker->outbox, &worker->stats, clock_now_ns() - server->started_ns, told(server));
  return server->is_hurried && worker->cut_connections > 0 ? EXIT_NOT_DONE : 0;
}

_Static_assert(PLAN_PROBLEM_SIZE < ANNOUNCE_NOTICE_SIZE, "a refusal of the plan is said whole");

static int refuse_usage(struct outbox *outbox, const char *problem) {
  announce_notice(outbox, "%s.\nTry 'lopong --help'.", problem);
  return EXIT_WRONG_USAGE;
}

/* Each further thread is given its connections by the first. */
static int judge_threads(struct outbox *outbox, const struct settings *settings) {
  if (settings->threads == 1 || socket_copy_is_possible()) return 0;
  return refuse_usage(
      outbox,
      "--threads: this build of lopong cannot give a connection from one thread to another on this system, so one "
      "thread serves all; leave out --threads");
}

/* 0 where only this machine can connect, or others are wanted; otherwise says why not and returns the exit status. */
static int judge_reach(struct server *server) {
  char problem[PLAN_PROBLEM_SIZE];
  const struct plan_row *remote = plan_find_remote(&server->plan);
  if (remote == NULL || server->settings->allow_remote) return 0;
  own_addresses_gather(&server->own_addresses);
  if (remote->is_given || address_is_any(&remote->endpoint.address) ||
      own_addresses_include(&server->own_addresses, &remote->endpoint.address)) {
    plan_explain_remote(remote, &server->own_addresses, problem);
    return refuse_usage(server->first.worker.outbox, problem);
  }
  /* Not tried: where the system allows it all the same (ip_nonlocal_bind), it would be an address others reach. */
  failure_announce(&server->listeners, (size_t)(remote - server->plan.rows), UV_EADDRNOTAVAIL, UNIX_PATH_UNKNOWN);
  return EXIT_NOT_DONE;
}

static int make_plan(struct server *server) {
  char problem[PLAN_PROBLEM_SIZE];
  struct plan *plan = &server->plan;
  int status = server->given->count > 0 ? plan_make_given(server->given, server->settings, plan, problem)
                                        : plan_make(server->settings, plan, problem);
  if (status == EXIT_WRONG_USAGE) return refuse_usage(server->first.worker.outbox, problem);
  if (server->given->count > 0 && server->settings->faults.has[WIRE_FAULT_REFUSE])
    return refuse_usage(
        server->first.worker.outbox,
        "--fault: 'refuse' cannot be had, as the service manager's sockets (LISTEN_FDS) listen already; leave it out");
  if (status != EXIT_FINE) {
    announce_notice(server->first.worker.outbox, "%s", problem);
    return status;
  }
  for (size_t row = 0; row < plan->count; row++)
    plan->rows[row].service = &services[plan->rows[row].endpoint.transport];
  return judge_reach(server);
}

/* The sockets win: a unit's command line can name a port for the time without its socket unit. */
static void say_port_unused(const struct server *server) {
  if (server->given->count == 0 || !server->settings->names_port) return;
  announce_notice(server->first.worker.outbox,
                  "--port is not used, as the service manager gave the sockets (LISTEN_FDS)");
}

static const char *explain_user(int code) {
  switch (code) {
    case UV_ENOENT:
      return "there is no such user on this machine";
    case UV_EPERM:
      return "only root may become another user; leave it out, or start lopong as root";
    case UV_ENOTSUP:
      return "this build of lopong cannot become another user on this system";
    default:
      return uv_strerror(code);
  }
}

static int become_user(struct server *server) {
  const char *name = server->settings->user;
  char shown[160];
  if (name == NULL || sandbox_is_user(name)) return 0;
  int code = sandbox_become(name);
  if (code == 0) return 0;
  safe_text_copy(name, strlen(name), shown, sizeof shown);
  announce_notice(server->first.worker.outbox, "--user '%s': %s", shown, explain_user(code));
  listeners_close(&server->listeners);
  return code == UV_ENOENT ? EXIT_WRONG_USAGE : EXIT_NOT_DONE;
}

/* Nothing that was bound needs it any longer. */
static void enter_sandbox(const struct server *server) {
  char said[SANDBOX_TEXT_SIZE];
  const struct option_list *paths = &server->settings->unix_paths;
  const struct sandbox_plan plan = {.paths = paths->values, .path_count = paths->count};
  if (server->settings->no_sandbox) return;
  sandbox_enter(&plan, said);
  if (server->settings->verbose) announce_notice(server->first.worker.outbox, "%s", said);
}

/* What the system refuses it is gone without. */
static void begin_live(struct server *server) {
  if (!server->settings->live) return;
  int code = live_begin(&server->first.worker, &server->plan, server->started_ns, &server->live);
  if (code != 0) announce_notice(server->first.worker.outbox, "--live: there is no view: %s", uv_strerror(code));
}

static int serve(struct server *server) {
  struct worker *first = &server->first.worker;
  int status = make_plan(server);
  if (status != 0) return status;
  say_port_unused(server);
  if (open_all(&server->listeners) != 0) return EXIT_NOT_DONE;
  say_not_told(server, readiness_connect(&server->readiness));
  listeners_keep_reserve(&server->listeners);
  own_addresses_gather(&server->own_addresses);
  hints_gather(&server->hints);
  status = become_user(server);
  if (status != 0) return status;
  enter_sandbox(server);
  if (server->settings->threads > 1 && pool_start(first, &thread_work) != 0) {
    listeners_close(&server->listeners);
    return EXIT_NOT_DONE;
  }
  announce_ready(server);
  begin_live(server);
  uv_run(&first->loop, UV_RUN_DEFAULT);
  live_end(server->live);
  if (first->pool != NULL) pool_finish(first);
  return say_end(server);
}

static int judge_live(struct outbox *outbox, const struct settings *settings) {
  char problem[LIVE_PROBLEM_SIZE];
  return !settings->live || live_is_possible(settings, problem) ? 0 : refuse_usage(outbox, problem);
}

static int run(const struct settings *settings, const struct given_sockets *given, struct outbox *outbox) {
  struct server *server;
  int status = judge_threads(outbox, settings);
  if (status == 0) status = judge_live(outbox, settings);
  if (status != 0) return status;
  int code = create(settings, given, outbox, &server);
  if (code != 0) {
    announce_notice(outbox, "cannot start: %s", uv_strerror(code));
    return EXIT_NOT_DONE;
  }
  status = serve(server);
  readiness_end(&server->readiness);
  outbox_watch(outbox, NULL, NULL);
  end(server);
  return status;
}

/* Where there is no outbox, and nobody is served. */
static void say_straight(const char *what, const char *more, int code) {
  char text[ANNOUNCE_NOTICE_SIZE];
  snprintf(text, sizeof text, "lopong: %s: %s (%s)%s.\n", what, uv_strerror(code), uv_err_name(code), more);
  layout_write(stderr, text);
}

int server_run(const struct settings *settings, const struct given_sockets *given) {
  struct outbox *outbox;
  outbox_tell_left_out *tell = settings->json ? announce_json.tell_left_out : announce_plain.tell_left_out;
  int code = outbox_create((const int[]){STANDARD_OUTPUT, STANDARD_ERROR}, tell, &outbox);
  if (code != 0) {
    say_straight("cannot start", "", code);
    return EXIT_NOT_DONE;
  }
  int status = run(settings, given, outbox);
  struct outbox_losses losses = outbox_end(outbox);
  if (losses.vital == 0 && losses.summary == 0) return status;
  if (losses.vital == 0) {
    say_straight("the summary could not be written to stdout", "", losses.summary);
    return EXIT_NOT_DONE;
  }
  say_straight("the ready line could not be written to stdout",
               ". Who waits for it would wait for ever, so lopong has ended. /dev/null is a stdout that takes it",
               losses.vital);
  return EXIT_NOT_DONE;
}
