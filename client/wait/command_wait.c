/* `loping wait`: the ports, the waiting, and what check finds of those that did not come. The edge where failures
 * become sentences. */
#include "client/wait/command_wait.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/advice.h"
#include "client/check/examine.h"
#include "client/check/report.h"
#include "client/check/trace_rule.h"
#include "client/frame/named_files.h"
#include "client/frame/page.h"
#include "client/frame/result_file.h"
#include "client/wait/wait_report.h"
#include "client/wait/wait_settings.h"
#include "client/wait/wait_targets.h"
#include "client/wait/waiting.h"
#include "common/io/unix_socket.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"

#define WAIT_SCHEMA_VERSION 1
/* As check's own. */
#define CHECK_TIMEOUT_NS (1500 * CLOCK_NS_PER_MS)

/* All that one call works on. */
struct wait {
  struct wait_settings settings;
  struct waiting waiting;
  struct wait_way ways[WAIT_WAYS_MAX];
  struct wait_port ports[WAIT_PORTS_MAX];
  struct examination examinations[WAIT_PORTS_MAX];
  const struct wait_port *missed[WAIT_PORTS_MAX]; /* of each examination */
  struct style style;
  bool prints_text;
  json_t *objects; /* NULL: no result file */
  int exit_status;
};

static void on_reached(void *owner, const struct wait_port *port) {
  struct wait *wait = owner;
  char sentence[WAIT_SENTENCE_SIZE];
  if (wait->prints_text && !wait->settings.is_quiet) {
    struct page page;
    fprintf(page_begin(&page), "%s\n", wait_report_reached(&wait->waiting, port, sentence));
    page_end(&page);
    fflush(stdout);
  }
}

static void note(struct wait *wait, const struct wait_port *port, json_t *check) {
  if (wait->objects != NULL) json_array_append_new(wait->objects, wait_report_object(&wait->waiting, port, check));
}

/* curl has a word of its own for abstract names, and takes them without the mark. */
static void say_unix_curl(const char *path, struct advice *advice) {
  char shown[4 * ADDRESS_PATH_SIZE];
  bool is_abstract = unix_socket_is_abstract(path);
  safe_text_copy(path + is_abstract, strlen(path + is_abstract), shown, sizeof shown);
  advice_step(advice, "see its answer yourself: curl -I --%sunix-socket '%s' http://localhost/",
              is_abstract ? "abstract-" : "", shown);
}

/* What check has no step for: to it, a port with a server on it is fine. */
static void add_steps(const struct wait *wait, const struct advice_context *context, struct advice *advice) {
  const struct endpoint *target = &context->examination->target;
  char address[ADVICE_TARGET_SIZE];
  bool is_unix = target->transport == TRANSPORT_UNIX;
  if (is_unix)
    advice_word(context, address);
  else
    advice_target(context, address);
  if (wait->settings.goal == WAIT_HTTP && advice->step_count == 0 && !is_unix)
    advice_step(advice, "see its answer yourself: curl -I http://%s/", address_format(&target->address, address));
  else if (wait->settings.goal == WAIT_HTTP && advice->step_count == 0)
    say_unix_curl(target->path, advice);
  if (wait->settings.goal != WAIT_FREE || context->examination->holder_count == 0) return;
  advice_step(advice, "wait longer: loping wait --free%s --timeout 5m %s", advice_is_udp(context) ? " --udp" : "",
              address);
  advice_suggest_stop(context, advice);
}

static void report_missed(struct wait *wait, const struct survey *survey, size_t index) {
  const struct examination *examination = &wait->examinations[index];
  const struct wait_port *port = wait->missed[index];
  struct advice advice = {.sentence = ""};
  struct advice_context context;
  char sentence[WAIT_SENTENCE_SIZE];
  int verdict_status = verdict_exit_status(examination->verdict, &examination->facts);
  int status = wait_exit_status(wait->settings.goal, verdict_status);
  if (status > wait->exit_status) wait->exit_status = status;
  advice_context_make(survey, examination, &context);
  advice_write(&context, &advice);
  add_steps(wait, &context, &advice);
  note(wait, port, wait->objects != NULL ? report_check_object(&context, &advice) : NULL);
  if (!wait->prints_text) return;
  command_complain("%s. What check finds of it:", wait_report_missed(&wait->waiting, port, sentence));
  struct page page;
  report_check_write(&context, &advice, &wait->style, page_begin(&page));
  page_end(&page);
  fflush(stdout);
}

/* The reason, and not only "timed out". */
static int examine_missed(struct wait *wait) {
  struct survey survey = {.timeout_ns = CHECK_TIMEOUT_NS, .examinations = wait->examinations};
  for (size_t i = 0; i < wait->waiting.port_count; i++) {
    const struct wait_port *port = &wait->ports[i];
    if (port->is_reached) continue;
    wait->missed[survey.count] = port;
    wait->examinations[survey.count++].target = wait->ways[port->way].target;
  }
  if (survey.count == 0) return 0;
  int code = survey_run(&survey);
  if (code == 0) trace_rule_run(&survey);
  for (size_t i = 0; code == 0 && i < survey.count; i++)
    report_missed(wait, &survey, i);
  survey_clear(&survey);
  return code;
}

static size_t count_missed(const struct wait *wait) {
  size_t count = 0;
  for (size_t i = 0; i < wait->waiting.port_count; i++)
    count += !wait->ports[i].is_reached;
  return count;
}

static void report_signal(struct wait *wait) {
  size_t missed = count_missed(wait);
  command_complain("ended by %s before %zu of %zu port%s came; nothing is left behind",
                   wait->waiting.signal == SIGINT   ? "Ctrl-C (SIGINT)"
                   : wait->waiting.signal == SIGHUP ? "SIGHUP"
                                                    : "SIGTERM",
                   missed, wait->waiting.port_count, wait->waiting.port_count == 1 ? "" : "s");
  for (size_t i = 0; i < wait->waiting.port_count; i++)
    if (!wait->ports[i].is_reached) note(wait, &wait->ports[i], NULL);
  wait->exit_status = EXIT_NOT_DONE;
}

static bool write_result(struct wait *wait) {
  struct result_file file = {"--json", wait->settings.json_path};
  if (file.path == NULL) return true;
  return result_file_write(
      &file, json_pack("{s:i, s:O, s:I, s:I, s:b}", "schema_version", WAIT_SCHEMA_VERSION, "ports", wait->objects,
                       "waited_ns", (json_int_t)wait->waiting.waited_ns, "looks", (json_int_t)wait->waiting.looks,
                       "is_interrupted", wait->waiting.signal != 0));
}

static int run_wait(struct wait *wait) {
  struct result_file file = {"--json", wait->settings.json_path};
  wait->style = style_make(command_may_colour(&wait->settings.common), command_draws(&wait->settings.common),
                           layout_columns(stdout));
  wait->prints_text = !result_file_takes_stdout(&file);
  if (!result_file_try(&file)) return EXIT_NOT_DONE;
  if (file.path != NULL) wait->objects = json_array();
  int code = waiting_run(&wait->waiting);
  for (size_t i = 0; i < wait->waiting.port_count; i++)
    if (wait->ports[i].is_reached) note(wait, &wait->ports[i], NULL);
  if (code == 0 && wait->waiting.signal != 0 && count_missed(wait) > 0)
    report_signal(wait);
  else if (code == 0)
    code = examine_missed(wait);
  /* A look that lacked a descriptor was made again. */
  if (code == 0 && count_missed(wait) == 0 && !lack_is_of_memory()) lack_forget();
  if (code != 0) {
    command_complain("the wait could not be finished: %s", uv_strerror(code));
    wait->exit_status = EXIT_NOT_DONE;
  }
  if (!write_result(wait)) wait->exit_status = EXIT_NOT_DONE;
  json_decref(wait->objects);
  return wait->exit_status;
}

static int read_and_run(struct wait *wait, const struct invocation *invocation) {
  struct options_parsed parsed;
  char problem[OPTIONS_PROBLEM_SIZE];
  if (!wait_settings_parse(invocation->argc, invocation->argv, &wait->settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &wait->settings.common)) return EXIT_FINE;
  wait->waiting = (struct waiting){.goal = wait->settings.goal,
                                   .http_status = (unsigned)wait->settings.http_status,
                                   .timeout_ns = wait->settings.timeout_ns,
                                   .ways = wait->ways,
                                   .ports = wait->ports,
                                   .on_reached = on_reached,
                                   .owner = wait};
  const struct named_file file = {.option = "--json", .path = wait->settings.json_path};
  if (!named_files_are_apart(&file, 1, problem)) return command_refuse(invocation->command, problem);
  int status = wait_targets_read(&wait->settings, &parsed, &wait->waiting, problem);
  return status == EXIT_FINE ? run_wait(wait) : command_end_with(invocation->command, status, problem);
}

int command_wait(const struct invocation *invocation) {
  struct wait *wait = memory_take_zeroed(1, sizeof *wait);
  if (wait == NULL) {
    command_complain("out of memory before anything was waited for");
    return EXIT_NOT_DONE;
  }
  int status = read_and_run(wait, invocation);
  free(wait);
  return status;
}
