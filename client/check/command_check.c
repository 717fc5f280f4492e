/* `loping check`: from the command line to the targets, through the examination, to the report and the exit status. */
#include "client/check/command_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/advice.h"
#include "client/check/examine.h"
#include "client/check/local_host.h"
#include "client/check/port_set.h"
#include "client/check/report.h"
#include "client/check/scan.h"
#include "client/check/trace_rule.h"
#include "client/frame/default_port.h"
#include "client/frame/named_files.h"
#include "client/frame/page.h"
#include "client/frame/result_file.h"
#include "common/memory/memory.h"
#include "common/options/options.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define DEFAULT_TIMEOUT_NS (1500 * CLOCK_NS_PER_MS)
/* So many ports are examined at once; each silent one costs a descriptor until its time is up. */
#define SURVEY_MAX 4096
/* Two sockets for the comparison, the tables' own, the standard streams, the loop's. */
#define SPARE_DESCRIPTORS 64

struct check_settings {
  struct common_settings common;
  bool use_tcp;
  bool use_udp;
  uint64_t timeout_ns;
  const char *ask; /* NULL: what each server wants */
  bool asks_nothing;
  const char *json_path;
};

#define FIELD(name) offsetof(struct check_settings, name)

static const struct option_row rows[] = {
    {"tcp", 0, OPTION_FLAG, FIELD(use_tcp), NULL, 0, 0, NULL,
     OPTION_BRIEF("check TCP (the default; with --udp, both)")},
    {"udp", 'u', OPTION_FLAG, FIELD(use_udp), NULL, 0, 0, NULL, OPTION_BRIEF("check UDP")},
    {"timeout", 't', OPTION_DURATION, FIELD(timeout_ns), "TIME", 10 * CLOCK_NS_PER_MS, 60 * CLOCK_NS_PER_SECOND, NULL,
     OPTION_BRIEF("longest wait for an answer") " (default 1.5s; below 1.2s less is told apart)"},
    {"ask", 'a', OPTION_CHOICE, FIELD(ask), "WHAT", 0, 0, "echo|http|tls|postgres|redis|memcached|dns|none",
     OPTION_BRIEF(
         "ask every server this") ": echo, http, tls, postgres, redis, memcached, dns, or none (default: what it is known to "
                                  "want)"},
    {"no-ask", 0, OPTION_FLAG, FIELD(asks_nothing), NULL, 0, 0, NULL,
     OPTION_BRIEF("send no byte to any server") ", as --ask none"},
    {"json", 'j', OPTION_PATH, FIELD(json_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write the result file") "; '-' is stdout, and then nothing else goes there"},
    COMMAND_COLOR_ROW(check_settings),
    COMMAND_ASCII_ROW(check_settings),
    COMMAND_HELP_ROW(check_settings),
    COMMAND_HELP_ALL_ROW(check_settings),
    COMMAND_VERSION_ROW(check_settings),
};

#define ROWS (sizeof rows / sizeof rows[0])

/* All that one call works on. */
struct check {
  struct check_settings settings;
  enum question question; /* of --ask */
  size_t target_count;
  struct endpoint *targets;
  bool *is_closed; /* of each target: a quick look was enough */
  size_t closed_count;
  bool prints_text;
  struct style style;
  json_t *ports; /* NULL: no result file */
  int exit_status;
};

static bool add_target(struct check *check, enum transport transport, const struct sockaddr_storage *address,
                       uint16_t port) {
  /* Grown by doubling: whenever the count is a power of two, the array is full. */
  if ((check->target_count & (check->target_count - 1)) == 0) {
    size_t capacity = check->target_count == 0 ? 1 : check->target_count * 2;
    struct endpoint *grown = memory_grow(check->targets, capacity * sizeof *grown);
    if (grown == NULL) return false;
    check->targets = grown;
  }
  struct endpoint *target = &check->targets[check->target_count++];
  memset(target, 0, sizeof *target);
  target->transport = transport;
  target->address = *address;
  if (transport != TRANSPORT_UNIX) address_set_port(&target->address, port);
  return true;
}

static bool add_unix(struct check *check, const struct target *target) {
  struct sockaddr_storage none = {.ss_family = AF_UNSPEC};
  if (!add_target(check, TRANSPORT_UNIX, &none, 0)) return false;
  struct endpoint *added = &check->targets[check->target_count - 1];
  memcpy(added->path, target->path, sizeof added->path);
  return true;
}

static bool add_ports(struct check *check, const struct port_set *set, const bool wanted[2],
                      const struct sockaddr_storage *address) {
  for (enum transport transport = TRANSPORT_TCP; transport <= TRANSPORT_UDP; transport++)
    for (unsigned port = 1; wanted[transport] && port <= UINT16_MAX; port++)
      if (set->has[port] && !add_target(check, transport, address, (uint16_t)port)) return false;
  return true;
}

static int end_without_memory(void) {
  command_complain("out of memory before anything was checked");
  return EXIT_NOT_DONE;
}

/* One argument. Returns an exit status. */
static int read_argument(struct check *check, const char *text, struct port_set *set, const struct command *command) {
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  const struct check_settings *settings = &check->settings;
  char problem[OPTIONS_PROBLEM_SIZE];
  size_t address_count = 0;
  bool wanted[2];
  if (!port_set_parse(text, set, problem)) return command_refuse(command, problem);
  if (set->target.is_unix) return add_unix(check, &set->target) ? EXIT_FINE : end_without_memory();
  if (!port_set_choose_transports(set, text, settings->use_tcp, settings->use_udp, wanted, problem))
    return command_refuse(command, problem);
  int status = local_host_find(set->target.host, "check", addresses, &address_count, problem);
  if (status != EXIT_FINE) return command_end_with(command, status, problem);
  for (size_t i = 0; i < address_count; i++)
    if (!add_ports(check, set, wanted, &addresses[i])) return end_without_memory();
  return EXIT_FINE;
}

/* Returns an exit status: EXIT_FINE when the targets are there. */
static int read_targets(struct check *check, const struct options_parsed *parsed, const struct command *command) {
  char standard[8], problem[OPTIONS_PROBLEM_SIZE];
  uint16_t port = ADDRESS_DEFAULT_PORT;
  if (parsed->positional_count == 0 && !default_port_find(&port, problem)) return command_refuse(command, problem);
  struct port_set *set = memory_take(sizeof *set);
  if (set == NULL) return end_without_memory();
  int status = EXIT_FINE;
  snprintf(standard, sizeof standard, "%u", port);
  if (parsed->positional_count == 0) status = read_argument(check, standard, set, command);
  for (int i = 0; i < parsed->positional_count && status == EXIT_FINE; i++)
    status = read_argument(check, parsed->positionals[i], set, command);
  free(set);
  return status;
}

static void report_one(struct check *check, const struct survey *survey, const struct examination *examination,
                       bool is_first) {
  struct advice advice = {.sentence = ""};
  struct advice_context context;
  advice_context_make(survey, examination, &context);
  int status = verdict_exit_status(examination->verdict, &examination->facts);
  if (status > check->exit_status) check->exit_status = status;
  bool is_close = check->target_count <= EXAMINE_CLOSELY_MAX;
  if (!is_close && examination->verdict == VERDICT_CLOSED) {
    check->closed_count++;
    return;
  }
  advice_write(&context, &advice);
  if (check->ports != NULL) json_array_append_new(check->ports, report_check_object(&context, &advice));
  if (!check->prints_text) return;
  struct page page;
  FILE *file = page_begin(&page);
  if (is_close && !is_first) fputc('\n', file);
  if (is_close)
    report_check_write(&context, &advice, &check->style, file);
  else
    report_check_write_line(&context, &advice, &check->style, file);
  page_end(&page);
}

/* Examines the next targets that a quick look did not settle; moves *next on. */
static int examine_some(struct check *check, size_t *next, size_t most, struct examination *examinations) {
  struct survey survey = {.timeout_ns = check->settings.timeout_ns, .examinations = examinations};
  survey.is_question_given = check->settings.ask != NULL;
  survey.question = check->question;
  size_t first = *next;
  for (; *next < check->target_count && survey.count < most; (*next)++)
    if (!check->is_closed[*next]) examinations[survey.count++].target = check->targets[*next];
  if (survey.count == 0) return 0;
  int code = survey_run(&survey);
  if (code == 0) trace_rule_run(&survey);
  for (size_t i = 0; code == 0 && i < survey.count; i++)
    report_one(check, &survey, &examinations[i], first == 0 && i == 0);
  survey_clear(&survey);
  return code;
}

static size_t survey_size(void) {
  uint64_t limit = machine_descriptor_limit();
  if (limit == 0 || limit > SURVEY_MAX + SPARE_DESCRIPTORS) return SURVEY_MAX;
  return limit > 2 * SPARE_DESCRIPTORS ? (size_t)limit - SPARE_DESCRIPTORS : SPARE_DESCRIPTORS;
}

static int examine_all(struct check *check) {
  size_t most = survey_size();
  int code = 0;
  check->is_closed = memory_take_zeroed(check->target_count, sizeof *check->is_closed);
  struct examination *examinations =
      memory_take_zeroed(check->target_count < most ? check->target_count : most, sizeof *examinations);
  if (check->is_closed == NULL || examinations == NULL) code = UV_ENOMEM;
  if (code == 0 && check->target_count > EXAMINE_CLOSELY_MAX)
    code = scan_run(check->targets, check->target_count, check->is_closed);
  for (size_t i = 0; code == 0 && i < check->target_count; i++)
    check->closed_count += check->is_closed[i];
  if (check->closed_count > 0) check->exit_status = EXIT_ANSWER_IS_NO;
  for (size_t next = 0; code == 0 && next < check->target_count;)
    code = examine_some(check, &next, most, examinations);
  free(examinations);
  return code;
}

static struct result_file file_of(const struct check *check) {
  return (struct result_file){"--json", check->settings.json_path};
}

static bool write_result(struct check *check) {
  struct result_file file = file_of(check);
  if (file.path == NULL) return true;
  return result_file_write(&file, json_pack("{s:i, s:O, s:I}", "schema_version", 1, "ports", check->ports,
                                            "closed_left_out", (json_int_t)check->closed_count));
}

static void write_closed_count(const struct check *check) {
  char count[UNITS_TEXT_SIZE], all[UNITS_TEXT_SIZE];
  if (!check->prints_text || check->target_count <= EXAMINE_CLOSELY_MAX) return;
  printf("%s of %s ports checked %s closed: nobody has them.\n", units_format_count(check->closed_count, count),
         units_format_count(check->target_count, all), check->closed_count == 1 ? "is" : "are");
}

static int run_check(struct check *check) {
  struct result_file file = file_of(check);
  check->style = style_make(command_may_colour(&check->settings.common), command_draws(&check->settings.common),
                            layout_columns(stdout));
  check->prints_text = !result_file_takes_stdout(&file);
  if (!result_file_try(&file)) return EXIT_NOT_DONE;
  if (file.path != NULL) check->ports = json_array();
  int code = examine_all(check);
  if (code != 0) {
    command_complain("the check could not be finished: %s", uv_strerror(code));
    check->exit_status = EXIT_NOT_DONE;
  }
  write_closed_count(check);
  if (!write_result(check)) check->exit_status = EXIT_NOT_DONE;
  json_decref(check->ports);
  return check->exit_status;
}

void command_check_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[options] [PORT...]";
  help->takes = COMPLETION_PORTS;
  help->before =
      "PORT is a port, a range or a list of both (1-1024,8080), with or without one of this machine's hosts in "
      "front ([::1]:8080, localhost:80-90) and a transport behind (53/udp), or a URL; the default is " DEFAULT_PORT_WORDS
      ". Or it is a unix socket: unix:PATH, and unix:@NAME of an abstract one.\n";
  help->before_brief =
      "PORT: 8080, 1-1024,8080, [::1]:8080, 53/udp, a URL or unix:PATH.\n"
      "The default is " DEFAULT_PORT_WORDS ".\n";
  help->after =
      "exit status: 0 something answers, 1 nothing does, 2 wrong usage, 3 unknown or not finished, 4 a firewall is "
      "in the way (of a unix socket: the permissions on it); of several ports the highest.\n";
  help->rows = rows;
  help->row_count = ROWS;
}

static void read_question(struct check *check) {
  struct check_settings *settings = &check->settings;
  if (settings->asks_nothing) settings->ask = "none";
  if (settings->ask != NULL) (void)question_find(settings->ask, &check->question);
}

int command_check(const struct invocation *invocation) {
  struct check check = {.settings = {.timeout_ns = DEFAULT_TIMEOUT_NS}, .exit_status = EXIT_FINE};
  struct options_parsed parsed;
  if (!options_parse(rows, ROWS, invocation->argc, invocation->argv, &check.settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &check.settings.common)) return EXIT_FINE;
  read_question(&check);
  const struct named_file file = {.option = "--json", .path = check.settings.json_path};
  if (!named_files_are_apart(&file, 1, parsed.problem)) return command_refuse(invocation->command, parsed.problem);
  int status = read_targets(&check, &parsed, invocation->command);
  if (status == EXIT_FINE) status = run_check(&check);
  free(check.targets);
  free(check.is_closed);
  return status;
}
