/*
 * The commands that measure: from settings to plans, through the runs, to the reports. The edge where failures become
 * sentences and results become text.
 */
#include "client/measure/command_measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/frame/default_port.h"
#include "client/frame/page.h"
#include "client/measure/measurement.h"
#include "client/measure/onlooker.h"
#include "client/measure/pinning.h"
#include "client/measure/server_pid.h"
#include "client/measure/signal_watch.h"
#include "client/measure/telling_walk.h"
#include "client/reports/anatomy.h"
#include "client/reports/text.h"
#include "client/result/cpu_use.h"
#include "client/result/notes.h"
#include "client/run/measure.h"
#include "client/workloads/workloads.h"
#include "common/machine/machine.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/wire/wire.h"

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
  if (measure_run(&plan, &nobody, &answer, &failure))
    run->peer = answer.peer;
  else
    (void)lack_note(failure.code);
  result_run_clear(&answer);
}

/* One row of the command. Returns false when the command cannot go on. */
static bool run_row(struct measurement *measurement, const struct measure_row *row) {
  struct run_plan plan;
  struct client_failure failure;
  struct result *result = &measurement->result;
  struct result_run *run = &result->runs[result->run_count++];
  struct run_observer observer = onlooker_of(measurement, row->workload);
  measurement_make_plan(measurement, row, &plan);
  plan.server_pid = result->runs[0].peer.pid != 0 ? result->runs[0].peer.pid : server_pid_of(&plan.candidates[0]);
  memset(&failure, 0, sizeof failure);
  result_run_init(run);
  bool is_done = measure_run(&plan, &observer, run, &failure);
  onlooker_end_run(measurement);
  result_run_add_percentiles(run, &measurement->percentiles);
  if (!is_done) {
    onlooker_end(measurement);
    /* What was measured so far is reported before the reason why it ended. */
    measurement_explain_failure(measurement, &failure);
    return false;
  }
  bool is_known = result->run_count > 1 && result->runs[0].peer.kind != PEER_UNKNOWN;
  if (run->peer.kind == PEER_UNKNOWN && is_known)
    run->peer = result->runs[0].peer;
  else if (run->peer.kind == PEER_UNKNOWN && !run->is_interrupted)
    identify_peer(&plan, run);
  return !run->is_interrupted && !measurement->is_unread;
}

/* Of a command of several measurements, those that the transport cannot carry are left out. */
static bool is_left_out(const struct measurement *measurement, const struct measure_row *row) {
  return measurement->row_count > 1 && row->workload->needs_stream &&
         measurement->candidates[0].transport == TRANSPORT_UDP;
}

static int check_plans(const struct measurement *measurement) {
  struct conditions_scope scope = {0};
  for (size_t i = 0; i < measurement->row_count; i++) {
    struct run_plan plan;
    if (is_left_out(measurement, &measurement->rows[i])) continue;
    measurement_make_plan(measurement, &measurement->rows[i], &plan);
    if (!measurement_is_possible(measurement, &plan)) return EXIT_WRONG_USAGE;
    conditions_scope_add(&scope, &plan);
  }
  return conditions_are_possible(&measurement->conditions, &scope) ? EXIT_FINE : EXIT_WRONG_USAGE;
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
    is_measured =
        is_measured || result_has(&result->runs[i], FIGURE_RTT) || result->runs[i].throughput.bits_per_second > 0;
  }
  return is_measured ? EXIT_FINE : EXIT_NOT_DONE;
}

static void print_report(const struct measurement *measurement) {
  const struct settings *settings = measurement->settings;
  struct style style =
      style_make(command_may_colour(&settings->common), command_draws(&settings->common), layout_columns(stdout));
  struct page page;
  measurement->kind->report(&measurement->result, !settings->is_quiet, &style, page_begin(&page));
  page_end(&page);
}

static void report(struct measurement *measurement) {
  struct result *result = &measurement->result;
  cpu_use_sum_steal(result->runs, result->run_count, &result->environment);
  for (size_t i = 0; i < result->run_count; i++)
    notes_add(&result->runs[i], &result->environment);
  measurement_note_two_servers(measurement);
  if (measurement->prints_text) print_report(measurement);
}

/* Before the run: whoever measures in vain should know at once. What others use is only known afterwards (notes.c). */
static void warn_one_cpu(const struct measurement *measurement) {
  if (measurement->settings->is_busy_poll && measurement->result.environment.cpu_count == 1)
    command_complain(
        "warning: this machine has one CPU, and busy-polling takes a whole one on each side: client and server will "
        "wait for each other's time slices. Leave out --busy-poll here");
}

/* Such a URL says what its server speaks; loping measures the connection under it. */
static void warn_plain_bytes(const struct settings *settings) {
  if (settings->target.is_encrypted && !settings->is_quiet)
    command_complain("note: %s:// is measured as plain bytes, without TLS: a server that wants TLS does not echo them",
                     settings->target.scheme);
}

/* Nothing failed, and yet there is no figure. */
static void explain_nothing(struct measurement *measurement, bool has_signal) {
  const struct result *result = &measurement->result;
  for (size_t i = 0; i < result->run_count; i++)
    has_signal = has_signal || result->runs[i].is_interrupted;
  if (has_signal)
    measurement_explain(measurement, 0, "INTERRUPTED", "interrupted before anything was measured.", NULL);
  else
    measurement_explain(measurement, 0, "NOTHING_MEASURED", "the time was over before anything was measured.",
                        "give a longer --duration");
}

/* Everything between a valid command line and the exit status. */
static int run_measurement(struct measurement *measurement) {
  struct signal_watch watch;
  int status = measurement_find_target(measurement);
  if (status == EXIT_FINE) status = check_plans(measurement);
  if (status == EXIT_WRONG_USAGE) return status;
  if (status == EXIT_FINE && measurement->settings->explains)
    telling_walk(measurement, measurement->prints_text ? stdout : stderr);
  onlooker_begin(measurement);
  if (measurement->settings->cpu != SETTING_UNSET && !pinning_apply(measurement->settings->cpu))
    return EXIT_WRONG_USAGE;
  if (!outputs_open(&measurement->outputs)) return EXIT_NOT_DONE;
  environment_gather(&measurement->result.environment);
  warn_one_cpu(measurement);
  warn_plain_bytes(measurement->settings);
  signal_watch_begin(&watch);
  for (size_t i = 0; status == EXIT_FINE && i < measurement->row_count; i++) {
    if (is_left_out(measurement, &measurement->rows[i])) continue;
    if (!run_row(measurement, &measurement->rows[i]) || signal_watch_has_come(&watch)) break;
  }
  /* Before the report: whoever reads it may be slow, and Ctrl-C must then end the program. */
  bool has_signal = signal_watch_has_come(&watch);
  onlooker_end(measurement);
  signal_watch_end(&watch);
  report(measurement);
  status = exit_status(&measurement->result);
  if (measurement->is_unread)
    measurement_explain(measurement, UV_EPIPE, NULL, "nobody reads the output any more: the run was ended.", NULL);
  else if (status == EXIT_NOT_DONE && !measurement->result.has_failed)
    explain_nothing(measurement, has_signal);
  if (measurement->is_unread) status = EXIT_NOT_DONE;
  if (status != EXIT_NOT_DONE)
    status = worse_of(status, conditions_judge(&measurement->conditions, &measurement->result));
  return outputs_finish(&measurement->outputs, &measurement->result) ? status : EXIT_NOT_DONE;
}

/* What of the settings has a form of its own. False with a sentence in `problem` (FAIL_IF_PROBLEM_SIZE bytes). */
static bool read_wishes(struct measurement *measurement, char *problem) {
  const struct settings *settings = measurement->settings;
  if (!conditions_read(&settings->fail_if, &measurement->conditions, problem)) return false;
  if (!outputs_choose(&measurement->outputs, settings, &measurement->conditions, problem)) return false;
  measurement->prints_text = !outputs_take_stdout(&measurement->outputs);
  return settings->percentiles == NULL ||
         percentiles_parse_list(settings->percentiles, &measurement->percentiles, problem);
}

static int measure(struct measurement *measurement, const struct invocation *invocation) {
  struct result *result = &measurement->result;
  char problem[FAIL_IF_PROBLEM_SIZE];
  result->argument_count = invocation->full_argc;
  result->arguments = invocation->full_argv;
  result->started_at = clock_calendar_seconds();
  if (!measurement_make_rows(measurement, problem)) return command_refuse(invocation->command, problem);
  if (read_wishes(measurement, problem)) return run_measurement(measurement);
  command_complain("%s", problem);
  return EXIT_WRONG_USAGE;
}

/* The options that all workloads of the command understand: more would have no effect on some. */
static unsigned groups_of(const struct command *command) {
  const struct measure_kind *kind = command->subject;
  unsigned traits = kind->workloads[0]->traits;
  if (kind->is_sweep) return SETTINGS_MEASURING | SETTINGS_SWEEPING | WORKLOAD_TIMED;
  /* The card's latency is the only one that has a distribution. */
  if (kind->workload_count > 1) return SETTINGS_PROGRAM | SETTINGS_MEASURING | WORKLOAD_TIMED | WORKLOAD_DISTRIBUTED;
  return SETTINGS_MEASURING | traits;
}

void command_measure_describe(const struct command *command, struct command_help *help) {
  help->arguments = "[options] [TARGET]";
  help->takes = COMPLETION_PORTS;
  help->before = "TARGET is " TARGET_FORMS
                 " (unix:@NAME of an abstract one), PORT/udp measures as --udp; the default is " ADDRESS_DEFAULT_HOST
                 ":" DEFAULT_PORT_WORDS ".\n";
  help->before_brief = "TARGET: " TARGET_FORMS ".\nThe default is " ADDRESS_DEFAULT_HOST ":" DEFAULT_PORT_WORDS ".\n";
  help->after =
      "exit status: 0 fine, 1 data was lost or corrupted or --fail-if is true, 2 wrong usage, 3 could not connect "
      "or finish.\n";
  help->rows = help->own_rows;
  help->row_count = settings_rows(groups_of(command), help->own_rows);
}

int command_measure(const struct invocation *invocation) {
  const struct measure_kind *kind = invocation->command->subject;
  unsigned groups = groups_of(invocation->command);
  struct settings settings;
  char problem[OPTIONS_PROBLEM_SIZE];
  if (!settings_parse(groups, invocation->argc, invocation->argv, &settings, problem))
    return command_refuse(invocation->command, problem);
  bool is_first = invocation->command == &invocation->commands.rows[0];
  const struct command *late = is_first ? command_find(&invocation->commands, settings.target_text) : NULL;
  if (late != NULL) {
    /* "loping --quiet latency": the word would be taken for the name of a host. */
    snprintf(problem, sizeof problem, "'%s' is a command, and a command stands first: loping %s ...", late->name,
             late->name);
    return command_refuse(late, problem);
  }
  if (command_answers(invocation, &settings.common)) return EXIT_FINE;
  if (settings.completion != NULL) return invocation->commands.complete(&invocation->commands, settings.completion);
  bool names_port = settings.target.is_unix || settings.target.has_port;
  if (!names_port && !default_port_find(&settings.target.port, problem))
    return command_refuse(invocation->command, problem);
  struct measurement *measurement = memory_take_zeroed(1, sizeof *measurement);
  if (measurement == NULL) {
    command_complain("out of memory before anything was measured");
    return EXIT_NOT_DONE;
  }
  measurement->kind = kind;
  measurement->settings = &settings;
  int status = measure(measurement, invocation);
  result_clear(&measurement->result);
  free(measurement);
  return status;
}

void report_runs(const struct result *result, bool with_notes, const struct style *style, FILE *file) {
  for (size_t i = 0; i < result->run_count; i++)
    report_text_write(&result->runs[i], with_notes, style, file);
}

void report_ping(const struct result *result, bool with_notes, const struct style *style, FILE *file) {
  for (size_t i = 0; i < result->run_count; i++)
    report_text_write_ping_summary(&result->runs[i], with_notes, style, file);
}

void report_anatomy(const struct result *result, bool with_notes, const struct style *style, FILE *file) {
  for (size_t i = 0; i < result->run_count; i++)
    report_anatomy_write(&result->runs[i], with_notes, style, file);
}

void report_card(const struct result *result, bool with_notes, const struct style *style, FILE *file) {
  report_text_write_card(result, with_notes, style, file);
}

void report_sweep(const struct result *result, bool with_notes, const struct style *style, FILE *file) {
  report_text_write_sweep(result, with_notes, style, file);
}
