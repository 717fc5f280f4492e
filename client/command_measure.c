/*
 * The commands that measure: from settings to plans, through the runs, to the reports. The edge where failures become
 * sentences and results become text.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/command_measure.h"
#include "client/cpu_use.h"
#include "client/measure.h"
#include "client/notes.h"
#include "client/pinning.h"
#include "client/reports/anatomy.h"
#include "client/reports/live.h"
#include "client/reports/text.h"
#include "client/session.h"
#include "client/signal_watch.h"
#include "client/sweep.h"
#include "client/workloads/workloads.h"
#include "common/clock.h"
#include "common/version.h"

#define STDOUT_DESCRIPTOR 1
#define STDERR_DESCRIPTOR 2

static void complain(const char *sentence) {
  fprintf(stderr, "loping: %s\n", sentence);
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
      .bytes_moved = run->bytes_received > 0 ? run->bytes_received : run->bytes_sent,
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

static void on_round_trip(void *owner, uint64_t rtt_ns) {
  struct session *session = owner;
  outputs_record_reply(&session->outputs, rtt_ns);
}

static void on_interval(void *owner, const struct run *run, const struct result_interval *interval) {
  struct session *session = owner;
  outputs_record_interval(&session->outputs, session->result.run_count - 1, run->plan->workload->name, interval);
}

static struct run_observer make_observer(struct session *session) {
  struct run_observer observer = {.owner = session};
  if (session->settings->raw_path != NULL) observer.on_round_trip = on_round_trip;
  if (session->settings->json_stream_path != NULL) observer.on_interval = on_interval;
  bool has_lines = session->command->has_reply_lines && session->prints_text;
  if (has_lines) {
    observer.on_reply = on_reply;
    observer.on_timeout = on_timeout;
  } else if (session->shows_progress) {
    observer.on_tick = on_tick;
  }
  return observer;
}

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
static bool run_row(struct session *session, const struct measure_row *row) {
  struct run_plan plan;
  struct client_failure failure;
  struct result *result = &session->result;
  struct result_run *run = &result->runs[result->run_count++];
  struct run_observer observer = make_observer(session);
  session_make_plan(session, row, &plan);
  plan.server_pid = result->runs[0].peer.pid;
  memset(&failure, 0, sizeof failure);
  result_run_init(run);
  bool is_done = measure_run(&plan, &observer, run, &failure);
  if (observer.on_tick != NULL) live_clear_progress(stderr);
  result_run_add_percentiles(run, &session->percentiles);
  if (!is_done) {
    /* What was measured so far is reported before the reason why it ended. */
    session_explain_failure(session, &failure);
    return false;
  }
  bool is_known = result->run_count > 1 && result->runs[0].peer.kind != PEER_UNKNOWN;
  if (run->peer.kind == PEER_UNKNOWN && is_known)
    run->peer = result->runs[0].peer;
  else if (run->peer.kind == PEER_UNKNOWN && !run->is_interrupted)
    identify_peer(&plan, run);
  return !run->is_interrupted;
}

/* Of a command of several measurements, those that the transport cannot carry are left out. */
static bool is_left_out(const struct session *session, const struct measure_row *row) {
  return session->command->row_count > 1 && row->streams_only && session->candidates[0].transport == TRANSPORT_UDP;
}

static int check_plans(const struct session *session) {
  struct conditions_scope scope = {0};
  for (size_t i = 0; i < session->command->row_count; i++) {
    struct run_plan plan;
    if (is_left_out(session, &session->command->rows[i])) continue;
    session_make_plan(session, &session->command->rows[i], &plan);
    if (!session_is_possible(session, &session->command->rows[i], &plan)) return EXIT_WRONG_USAGE;
    conditions_scope_add(&scope, &plan);
  }
  return conditions_are_possible(&session->conditions, &scope) ? EXIT_FINE : EXIT_WRONG_USAGE;
}

/* Of two things to say by the exit status, the worse one. */
static int worse_of(int one, int other) {
  if (one == EXIT_NOT_DONE || other == EXIT_FINE) return one;
  return other;
}

static int exit_status(const struct result *result) {
  if (result->has_failed) return EXIT_NOT_DONE;
  bool is_measured = false;
  for (size_t i = 0; i < result->run_count; i++) {
    if (result_has_bad_data(&result->runs[i])) return EXIT_ANSWER_IS_NO;
    is_measured = is_measured || result->runs[i].has_rtt || result->runs[i].throughput.bits_per_second > 0;
  }
  return is_measured ? EXIT_FINE : EXIT_NOT_DONE;
}

static void report(struct session *session) {
  struct result *result = &session->result;
  /* An empty NO_COLOR counts as none (https://no-color.org). */
  const char *no_color = getenv("NO_COLOR");
  bool is_refused = session->settings->no_color || (no_color != NULL && no_color[0] != '\0');
  bool is_coloured = !is_refused && uv_guess_handle(STDOUT_DESCRIPTOR) == UV_TTY;
  cpu_use_sum_steal(result->runs, result->run_count, &result->environment);
  for (size_t i = 0; i < result->run_count; i++)
    notes_add(&result->runs[i], &result->environment);
  if (session->prints_text) session->command->report(result, !session->settings->is_quiet, style_pick(is_coloured));
}

/* Before the run: whoever measures in vain should know at once. What others use is only known afterwards (notes.c). */
static void warn_one_cpu(const struct session *session) {
  if (session->settings->is_busy_poll && session->result.environment.cpu_count == 1)
    complain(
        "warning: this machine has one CPU, and busy-polling takes a whole one on each side: client and server will "
        "wait for each other's time slices. Leave out --busy-poll here");
}

static const char *why_nothing_is_measured(const struct result *result, bool has_signal) {
  for (size_t i = 0; i < result->run_count; i++)
    has_signal = has_signal || result->runs[i].is_interrupted;
  return has_signal ? "interrupted before anything was measured"
                    : "the time was over before anything was measured; give a longer --duration";
}

/* Everything between a valid command line and the exit status. */
static int run_session(struct session *session) {
  struct signal_watch watch;
  int status = session_find_target(session);
  if (status == EXIT_FINE) status = check_plans(session);
  if (status == EXIT_WRONG_USAGE) return status;
  if (session->settings->cpu != SETTING_UNSET && !pinning_apply(session->settings->cpu)) return EXIT_WRONG_USAGE;
  if (!outputs_open(&session->outputs)) return EXIT_NOT_DONE;
  environment_gather(&session->result.environment);
  warn_one_cpu(session);
  signal_watch_begin(&watch);
  for (size_t i = 0; status == EXIT_FINE && i < session->command->row_count; i++) {
    if (is_left_out(session, &session->command->rows[i])) continue;
    if (!run_row(session, &session->command->rows[i]) || signal_watch_has_come(&watch)) break;
  }
  /* Before the report: whoever reads it may be slow, and Ctrl-C must then end the program. */
  bool has_signal = signal_watch_has_come(&watch);
  signal_watch_end(&watch);
  report(session);
  status = exit_status(&session->result);
  if (status == EXIT_NOT_DONE && !session->result.has_failed)
    complain(why_nothing_is_measured(&session->result, has_signal));
  if (status != EXIT_NOT_DONE) status = worse_of(status, conditions_judge(&session->conditions, &session->result));
  return outputs_finish(&session->outputs, &session->result) ? status : EXIT_NOT_DONE;
}

/* What of the settings has a form of its own. False with a sentence in `problem` (FAIL_IF_PROBLEM_SIZE bytes). */
static bool read_wishes(struct session *session, char *problem) {
  const struct settings *settings = session->settings;
  if (!conditions_read(&settings->fail_if, &session->conditions, problem)) return false;
  if (!outputs_choose(&session->outputs, settings, problem)) return false;
  session->prints_text = !outputs_take_stdout(&session->outputs);
  return settings->percentiles == NULL || percentiles_parse_list(settings->percentiles, &session->percentiles, problem);
}

static int measure(const struct measure_command *command, const struct settings *settings,
                   const struct invocation *invocation) {
  struct session *session = calloc(1, sizeof *session);
  if (session == NULL) {
    complain("out of memory before anything was measured");
    return EXIT_NOT_DONE;
  }
  session->command = command;
  session->settings = settings;
  session->result.argument_count = invocation->full_argc;
  session->result.arguments = invocation->full_argv;
  session->result.started_at = clock_calendar_seconds();
  session->shows_progress = !settings->is_quiet && uv_guess_handle(STDERR_DESCRIPTOR) == UV_TTY;
  char problem[FAIL_IF_PROBLEM_SIZE];
  int status = EXIT_WRONG_USAGE;
  if (read_wishes(session, problem))
    status = run_session(session);
  else
    complain(problem);
  result_clear(&session->result);
  free(session);
  return status;
}

static void write_line(void *owner, const char *line) {
  fputs(line, owner);
}

static void print_help(const struct command *command, unsigned options) {
  command_print_usage(command, "[options] [TARGET]");
  printf("TARGET is PORT, HOST:PORT, [::1]:PORT or unix:PATH; the default is %s:%d.\n\noptions:\n",
         ADDRESS_DEFAULT_HOST, ADDRESS_DEFAULT_PORT);
  settings_write_help(options, write_line, stdout);
  printf(
      "\nexit status: 0 fine, 1 data was lost or corrupted or --fail-if is true,\n             2 wrong usage, 3 could "
      "not connect or finish.\n");
}

static int run_command(const struct measure_command *command, const struct invocation *invocation) {
  struct settings settings;
  char problem[OPTIONS_PROBLEM_SIZE];
  if (!settings_parse(command->options, invocation->argc, invocation->argv, &settings, problem))
    return command_refuse(invocation->command, problem);
  const struct command *late = invocation->command->name[0] == '\0' ? command_find(settings.target_text) : NULL;
  if (late != NULL) {
    /* "loping --quiet latency": the word would be taken for the name of a host. */
    snprintf(problem, sizeof problem, "'%s' is a command, and a command stands first: loping %s ...", late->name,
             late->name);
    return command_refuse(late, problem);
  }
  if (settings.wants_help) {
    print_help(invocation->command, command->options);
    return EXIT_FINE;
  }
  if (settings.wants_version) {
    printf("loping %s (libuv %s)\n", LOPING_VERSION, uv_version_string());
    return EXIT_FINE;
  }
  if (command->make_rows == NULL) return measure(command, &settings, invocation);
  struct measure_command made = *command;
  if (!command->make_rows(&settings, &made, problem)) return command_refuse(invocation->command, problem);
  return measure(&made, &settings, invocation);
}

/* Of one write of a stream. Measured on 2 CPUs, 5 interleaved rounds, Gbit/s with 128 KiB, 256 KiB, 512 KiB and 1 MiB:
 * up 25, 28, 45, 41; echo 18, 26, 27, 20. Small writes let the receiver run dry and fall asleep, large ones leave the
 * CPU's cache (2 MiB of level 2 there). The sockets' buffers stay as the system tunes them: 128 KiB to 1 MiB of send
 * buffer made no difference beyond noise. */
#define STREAM_WRITE_BYTES (512 * 1024)

#define SECONDS(n)      ((n)*CLOCK_NS_PER_SECOND)
#define WARMUP_NS       (200 * CLOCK_NS_PER_MS)
#define SWEEP_RUN_NS    (300 * CLOCK_NS_PER_MS)
#define SWEEP_WARMUP_NS (100 * CLOCK_NS_PER_MS)
#define ALWAYS          (SETTINGS_ALWAYS | SETTINGS_MEASURING)

static void report_runs(const struct result *result, bool with_notes, const struct style *style) {
  for (size_t i = 0; i < result->run_count; i++)
    report_text_write(&result->runs[i], with_notes, style, stdout);
}

static void report_ping(const struct result *result, bool with_notes, const struct style *style) {
  for (size_t i = 0; i < result->run_count; i++)
    report_text_write_ping_summary(&result->runs[i], with_notes, style, stdout);
}

static void report_card(const struct result *result, bool with_notes, const struct style *style) {
  report_text_write_card(result, with_notes, style, stdout);
}

int command_card(const struct invocation *invocation) {
  static const struct measure_command command = {
      .options = ALWAYS | SETTINGS_CARD,
      .row_count = 2,
      .rows = {{&workload_latency, 64, SECONDS(3), WARMUP_NS, 0, false},
               {&workload_throughput_echo, STREAM_WRITE_BYTES, SECONDS(3), WARMUP_NS, 0, true}},
      .report = report_card,
  };
  return run_command(&command, invocation);
}

int command_ping(const struct invocation *invocation) {
  static const struct measure_command command = {
      .options = ALWAYS | SETTINGS_PING,
      .row_count = 1,
      .rows = {{&workload_ping, 64, 0, 0, SECONDS(1), false}},
      .has_reply_lines = true,
      .report = report_ping,
  };
  return run_command(&command, invocation);
}

int command_latency(const struct invocation *invocation) {
  static const struct measure_command command = {
      .options = ALWAYS | SETTINGS_LATENCY,
      .row_count = 1,
      .rows = {{&workload_latency, 64, SECONDS(3), WARMUP_NS, 0, false}},
      .report = report_runs,
  };
  return run_command(&command, invocation);
}

static void report_anatomy(const struct result *result, bool with_notes, const struct style *style) {
  for (size_t i = 0; i < result->run_count; i++)
    report_anatomy_write(&result->runs[i], with_notes, style, stdout);
}

int command_anatomy(const struct invocation *invocation) {
  static const struct measure_command command = {
      .options = ALWAYS | SETTINGS_ANATOMY,
      .row_count = 1,
      .rows = {{&workload_anatomy, WIRE_TIMED_FRAME_BYTES_MIN, SECONDS(3), WARMUP_NS, 0, false}},
      .report = report_anatomy,
  };
  return run_command(&command, invocation);
}

int command_throughput(const struct invocation *invocation) {
  static const struct measure_command command = {
      .options = ALWAYS | SETTINGS_THROUGHPUT,
      .row_count = 1,
      .rows = {{&workload_throughput_echo, STREAM_WRITE_BYTES, SECONDS(3), WARMUP_NS, 0, true}},
      .report = report_runs,
  };
  return run_command(&command, invocation);
}

int command_connect(const struct invocation *invocation) {
  static const struct measure_command command = {
      .options = ALWAYS | SETTINGS_CONNECT,
      .row_count = 1,
      .rows = {{&workload_connect, 64, SECONDS(3), WARMUP_NS, 0, true}},
      .report = report_runs,
  };
  return run_command(&command, invocation);
}

static void report_sweep(const struct result *result, bool with_notes, const struct style *style) {
  report_text_write_sweep(result, with_notes, style, stdout);
}

/* Two short runs for each size: latency in messages of it, and echo throughput in writes of it. */
static bool make_sweep_rows(const struct settings *settings, struct measure_command *command, char *problem) {
  uint64_t sizes[SWEEP_SIZES_MAX];
  size_t count;
  if (!sweep_parse_sizes(settings->sizes, sizes, &count, problem)) return false;
  for (size_t i = 0; i < count; i++) {
    command->rows[command->row_count++] =
        (struct measure_row){&workload_latency, sizes[i], SWEEP_RUN_NS, SWEEP_WARMUP_NS, 0, false};
    command->rows[command->row_count++] =
        (struct measure_row){&workload_throughput_echo, sizes[i], SWEEP_RUN_NS, SWEEP_WARMUP_NS, 0, true};
  }
  return true;
}

int command_sweep(const struct invocation *invocation) {
  static const struct measure_command command = {
      .options = ALWAYS | SETTINGS_SWEEP,
      .make_rows = make_sweep_rows,
      .report = report_sweep,
  };
  return run_command(&command, invocation);
}
