/*
 * The commands that measure: from settings to plans, through the runs, to the reports. The edge where failures become
 * sentences and results become text.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/command.h"
#include "client/diagnosis.h"
#include "client/measure.h"
#include "client/notes.h"
#include "client/reports/json.h"
#include "client/reports/live.h"
#include "client/workloads/workloads.h"
#include "common/clock.h"

#define STDOUT_DESCRIPTOR 1
#define STDERR_DESCRIPTOR 2

/* What a command's parts need of each other while it runs. */
struct session {
  const struct command *command;
  const struct settings *settings;
  struct result result;
  bool prints_text;    /* stdout is for people */
  bool shows_progress; /* stderr is a terminal */
  size_t candidate_count;
  struct endpoint candidates[ADDRESS_RESOLVED_MAX];
};

static void complain(const char *sentence) {
  fprintf(stderr, "loping: %s\n", sentence);
}

/* --- the target ----------------------------------------------------------------------------------------------------
 */

static void explain_failure(struct session *session, struct client_failure *failure) {
  char text[EXPLAIN_TEXT_SIZE];
  session->result.has_failed = true;
  diagnosis_explain(failure, &session->result.failure, &session->result.sockets);
  explain_format("loping", &session->result.failure, text);
  fputs(text, stderr);
}

static bool resolve_name(struct session *session) {
  const struct target *target = &session->settings->target;
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  enum transport transport = session->settings->use_udp ? TRANSPORT_UDP : TRANSPORT_TCP;
  uv_loop_t loop;
  int code = uv_loop_init(&loop);
  if (code == 0) {
    code = address_resolve(&loop, target->host, target->port, addresses, &session->candidate_count);
    uv_loop_close(&loop);
  }
  if (code != 0) {
    struct client_failure failure = {.code = code, .step = CLIENT_STEP_RESOLVE};
    memcpy(failure.host, target->host, sizeof failure.host);
    failure.target.transport = transport;
    explain_failure(session, &failure);
    return false;
  }
  for (size_t i = 0; i < session->candidate_count; i++) {
    session->candidates[i].transport = transport;
    session->candidates[i].address = addresses[i];
  }
  return true;
}

/* Fills the candidates. Returns EXIT_FINE, or why it cannot go on. */
static int find_target(struct session *session) {
  const struct target *target = &session->settings->target;
  char address[ADDRESS_TEXT_SIZE];
  if (target->is_unix) {
    session->candidate_count = 1;
    session->candidates[0].transport = TRANSPORT_UNIX;
    memcpy(session->candidates[0].path, target->path, sizeof target->path);
    return EXIT_FINE;
  }
  if (!resolve_name(session)) return EXIT_NOT_DONE;
  for (size_t i = 0; i < session->candidate_count && !session->settings->allow_remote; i++) {
    if (address_is_loopback(&session->candidates[i].address)) continue;
    fprintf(stderr,
            "loping: %s is %s, which is not this machine's loopback (127.0.0.0/8 or ::1).\n"
            "  loping sends a lot of traffic, so it asks before it leaves the machine.\n"
            "  Add --allow-remote if that target is yours to load.\n",
            target->host, address_format_host(&session->candidates[i].address, address));
    return EXIT_WRONG_USAGE;
  }
  return EXIT_FINE;
}

/* --- the plan ------------------------------------------------------------------------------------------------------
 */

static uint64_t choose(uint64_t setting, uint64_t otherwise) {
  return setting == SETTING_UNSET ? otherwise : setting;
}

static void make_plan(const struct session *session, const struct command_run *row, struct run_plan *plan) {
  const struct settings *settings = session->settings;
  bool has_count = settings->count != SETTING_UNSET;
  memset(plan, 0, sizeof *plan);
  plan->workload = row->workload;
  plan->candidate_count = session->candidate_count;
  memcpy(plan->candidates, session->candidates, sizeof plan->candidates);
  plan->host = settings->target.is_unix ? settings->target.path : settings->target.host;
  plan->bytes = choose(settings->size_bytes, row->size_bytes);
  plan->connections = choose(settings->connections, 1);
  plan->depth = choose(settings->depth, 1);
  plan->count = choose(settings->count, 0);
  /* With a count alone, the count ends it. */
  plan->duration_ns = choose(settings->duration_ns, has_count ? 0 : row->duration_ns);
  plan->warmup_ns = choose(settings->warmup_ns, row->warmup_ns);
  plan->interval_ns = row->interval_ns == 0 ? 0 : choose(settings->interval_ns, row->interval_ns);
  plan->timeout_ns = choose(settings->timeout_ns, (settings->use_udp ? 1 : 5) * CLOCK_NS_PER_SECOND);
  plan->seed = settings->seed;
}

/* The largest payload of a UDP datagram over IPv4: 65,535 less 20 bytes of IP header and 8 of UDP (RFC 768, RFC 791).
 */
#define DATAGRAM_BYTES_MAX 65507
/* All messages in flight are kept, to be compared with their echoes. */
#define IN_FLIGHT_BYTES_MAX (UINT64_C(1) << 30)

/* What a plan must not ask for; the sentence is printed. */
static bool is_possible(const struct session *session, const struct command_run *row, const struct run_plan *plan) {
  bool is_udp = session->candidates[0].transport == TRANSPORT_UDP;
  if (is_udp && row->streams_only) {
    complain(
        "throughput needs a stream, and UDP is none: a lost datagram would never come back.\n"
        "  Measure many datagrams in flight instead: loping latency --udp --depth 64 --size 1400");
    return false;
  }
  if (is_udp && plan->bytes > DATAGRAM_BYTES_MAX) {
    fprintf(stderr, "loping: --size: %llu bytes do not fit into a UDP datagram; give at most %d\n",
            (unsigned long long)plan->bytes, DATAGRAM_BYTES_MAX);
    return false;
  }
  if (plan->workload->has_depth && plan->connections * plan->depth * plan->bytes > IN_FLIGHT_BYTES_MAX) {
    fprintf(stderr,
            "loping: %llu connections x %llu messages x %llu bytes are more than 1 GiB in flight; lower "
            "--connections, --depth or --size\n",
            (unsigned long long)plan->connections, (unsigned long long)plan->depth, (unsigned long long)plan->bytes);
    return false;
  }
  return true;
}

/* --- what is seen while it runs ------------------------------------------------------------------------------------
 */

static void on_tick(void *owner, const struct run *run) {
  (void)owner;
  struct live_progress progress = {
      .name = run->plan->workload->name,
      .is_warming = run->phase < RUN_MEASURING,
      .elapsed_ns = run->phase < RUN_MEASURING ? 0 : clock_now_ns() - run->measure_start_ns,
      .total_ns = run->plan->duration_ns,
      .round_trips = run->round_trips,
      .bytes_received = run->bytes_received,
  };
  live_show_progress(&progress, stderr);
}

static void on_reply(void *owner, const struct run *run, const struct exchange_reply *reply, uint64_t receive_ns) {
  (void)owner;
  struct live_reply line = {.sequence = reply->sequence,
                            .bytes = run->plan->bytes,
                            .rtt_ns = receive_ns - reply->send_ns,
                            .has_legs = reply->is_stamped};
  if (reply->is_stamped) {
    line.there_ns = reply->server_receive_ns - reply->send_ns;
    line.server_ns = reply->server_send_ns - reply->server_receive_ns;
    line.back_ns = receive_ns - reply->server_send_ns;
  }
  live_write_reply(&line, stdout);
}

static void on_timeout(void *owner, const struct run *run, uint64_t sequence) {
  (void)owner;
  live_write_timeout(sequence, run->plan->timeout_ns, stdout);
}

static struct run_observer make_observer(struct session *session) {
  struct run_observer observer = {.owner = session};
  bool has_lines = session->command->has_reply_lines && session->prints_text;
  if (has_lines) {
    observer.on_reply = on_reply;
    observer.on_timeout = on_timeout;
  } else if (session->shows_progress) {
    observer.on_tick = on_tick;
  }
  return observer;
}

/* --- running and reporting -----------------------------------------------------------------------------------------
 */

/* Throughput's probe does not tell who echoes; a single round trip over a connection of its own does. */
static void identify_peer(const struct run_plan *measured, struct result_run *run) {
  static const struct run_observer nobody = {0};
  struct run_plan plan = *measured;
  struct result_run answer;
  struct client_failure failure = {0};
  plan.workload = &workload_latency;
  plan.bytes = WIRE_FRAME_BYTES_MIN;
  plan.connections = plan.depth = plan.count = 1;
  plan.duration_ns = plan.warmup_ns = 0;
  plan.timeout_ns = CLOCK_NS_PER_SECOND;
  result_run_init(&answer);
  if (measure_run(&plan, &nobody, &answer, &failure)) run->peer = answer.peer;
  result_run_clear(&answer);
}

/* One row of the command. Returns false when the command cannot go on. */
static bool run_row(struct session *session, const struct command_run *row) {
  struct run_plan plan;
  struct client_failure failure;
  struct result *result = &session->result;
  struct result_run *run = &result->runs[result->run_count++];
  struct run_observer observer = make_observer(session);
  make_plan(session, row, &plan);
  memset(&failure, 0, sizeof failure);
  result_run_init(run);
  bool is_done = measure_run(&plan, &observer, run, &failure);
  if (observer.on_tick != NULL) live_clear_progress(stderr);
  if (!is_done) {
    /* What was measured so far is reported before the reason why it ended. */
    explain_failure(session, &failure);
    return false;
  }
  bool is_known = result->run_count > 1 && result->runs[0].peer.kind != PEER_UNKNOWN;
  if (run->peer.kind == PEER_UNKNOWN && is_known)
    run->peer = result->runs[0].peer;
  else if (run->peer.kind == PEER_UNKNOWN && !run->is_interrupted)
    identify_peer(&plan, run);
  return !run->is_interrupted;
}

static int check_plans(const struct session *session) {
  for (size_t i = 0; i < session->command->run_count; i++) {
    struct run_plan plan;
    make_plan(session, &session->command->runs[i], &plan);
    if (!is_possible(session, &session->command->runs[i], &plan)) return EXIT_WRONG_USAGE;
  }
  return EXIT_FINE;
}

/* Opens the result file before anything is measured, without losing what it holds. */
static bool can_write_result(const char *path) {
  if (path == NULL || strcmp(path, "-") == 0) return true;
  FILE *file = fopen(path, "a");
  if (file == NULL) {
    fprintf(stderr, "loping: --json: cannot write '%s': %s; name a file in a folder that you may write\n", path,
            uv_strerror(uv_translate_sys_error(errno)));
    return false;
  }
  fclose(file);
  return true;
}

static bool write_result(const struct session *session) {
  const char *path = session->settings->json_path;
  if (path == NULL) return true;
  bool is_stdout = strcmp(path, "-") == 0;
  FILE *file = is_stdout ? stdout : fopen(path, "w");
  int code = file == NULL ? UV_EIO : report_json_write(&session->result, file);
  if (file != NULL && !is_stdout && fclose(file) != 0) code = UV_EIO;
  if (code != 0) fprintf(stderr, "loping: --json: the result could not be written to '%s'\n", path);
  return code == 0;
}

static int exit_status(const struct result *result) {
  if (result->has_failed) return EXIT_NOT_DONE;
  bool is_measured = false;
  for (size_t i = 0; i < result->run_count; i++) {
    if (result_has_bad_data(&result->runs[i])) return EXIT_ANSWER_IS_NO;
    is_measured = is_measured || result->runs[i].has_rtt || result->runs[i].throughput.bytes_received > 0;
  }
  return is_measured ? EXIT_FINE : EXIT_NOT_DONE;
}

static void report(struct session *session) {
  struct result *result = &session->result;
  bool is_coloured =
      !session->settings->no_color && getenv("NO_COLOR") == NULL && uv_guess_handle(STDOUT_DESCRIPTOR) == UV_TTY;
  for (size_t i = 0; i < result->run_count; i++)
    notes_add(&result->runs[i], &result->environment);
  if (session->prints_text) session->command->report(result, !session->settings->is_quiet, style_pick(is_coloured));
}

/* Everything between a valid command line and the exit status. */
static int run_session(struct session *session) {
  if (!can_write_result(session->settings->json_path)) return EXIT_NOT_DONE;
  int status = find_target(session);
  if (status == EXIT_WRONG_USAGE) return status;
  if (status == EXIT_FINE) status = check_plans(session);
  if (status == EXIT_WRONG_USAGE) return status;
  environment_gather(&session->result.environment);
  for (size_t i = 0; status == EXIT_FINE && i < session->command->run_count; i++)
    if (!run_row(session, &session->command->runs[i])) break;
  report(session);
  status = exit_status(&session->result);
  if (status == EXIT_NOT_DONE && !session->result.has_failed) complain("interrupted before anything was measured");
  return write_result(session) ? status : EXIT_NOT_DONE;
}

int command_measure(const struct command *command, const struct settings *settings, int argc, char **argv) {
  struct session *session = calloc(1, sizeof *session);
  if (session == NULL) {
    complain("out of memory before anything was measured");
    return EXIT_NOT_DONE;
  }
  session->command = command;
  session->settings = settings;
  session->result.argument_count = argc;
  session->result.arguments = argv;
  session->result.started_at = clock_calendar_seconds();
  session->prints_text = settings->json_path == NULL || strcmp(settings->json_path, "-") != 0;
  session->shows_progress = !settings->is_quiet && uv_guess_handle(STDERR_DESCRIPTOR) == UV_TTY;
  int status = run_session(session);
  result_clear(&session->result);
  free(session);
  return status;
}
