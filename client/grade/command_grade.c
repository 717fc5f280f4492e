/* `loping grade`: the options, the examination, the reports and the exit status. The edge where failures become
 * sentences. */
#include "client/grade/command_grade.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/advice.h"
#include "client/check/examine.h"
#include "client/check/report.h"
#include "client/frame/default_port.h"
#include "client/frame/named_files.h"
#include "client/frame/page.h"
#include "client/frame/result_file.h"
#include "client/grade/grade_report.h"
#include "client/grade/grade_target.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"

#define DEFAULT_TIMEOUT_NS CLOCK_NS_PER_SECOND
#define SHOWN_PATH_SIZE    256

struct grade_settings {
  struct common_settings common;
  bool use_tcp;
  bool use_udp;
  bool lists;
  uint64_t timeout_ns;
  const char *points_path;
  const char *json_path;
  const char *junit_path;
};

#define FIELD(name) offsetof(struct grade_settings, name)

static const struct option_row rows[] = {
    {"tcp", 0, OPTION_FLAG, FIELD(use_tcp), NULL, 0, 0, NULL, OPTION_BRIEF("examine over TCP (the default)")},
    {"udp", 'u', OPTION_FLAG, FIELD(use_udp), NULL, 0, 0, NULL, OPTION_BRIEF("examine over UDP")},
    {"points", 'p', OPTION_PATH, FIELD(points_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("the points of each exam, and how many are enough") ", as JSON: what --list --json FILE writes"},
    {"list", 'l', OPTION_FLAG, FIELD(lists), NULL, 0, 0, NULL,
     OPTION_BRIEF("print the exams and their points") ", and examine nothing; with --json FILE as a file for --points"},
    {"timeout", 't', OPTION_DURATION, FIELD(timeout_ns), "TIME", 100 * CLOCK_NS_PER_MS, 60 * CLOCK_NS_PER_SECOND, NULL,
     OPTION_BRIEF("longest wait in which nothing moves") " (default 1s); the whole takes at most 9.5 times as long"},
    {"json", 'j', OPTION_PATH, FIELD(json_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write the result file") "; '-' is stdout, and then nothing else goes there"},
    {"junit", 0, OPTION_PATH, FIELD(junit_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write a test case for each exam, for CI") ", in JUnit's XML; '-' is stdout"},
    COMMAND_COLOR_ROW(grade_settings),
    COMMAND_ASCII_ROW(grade_settings),
    COMMAND_HELP_ROW(grade_settings),
    COMMAND_HELP_ALL_ROW(grade_settings),
    COMMAND_VERSION_ROW(grade_settings),
};

#define ROWS (sizeof rows / sizeof rows[0])

/* All that one call works on. */
struct grade {
  struct grade_settings settings;
  struct marks marks;
  struct grade_target target;
  struct style style;
  bool prints_text;
  struct graded graded;
};

static struct result_file json_file(const struct grade *grade) {
  return (struct result_file){"--json", grade->settings.json_path};
}

static struct result_file junit_file(const struct grade *grade) {
  return (struct result_file){"--junit", grade->settings.junit_path};
}

void command_grade_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[options] [TARGET]";
  help->takes = COMPLETION_PORTS;
  help->before =
      "Examines an echo server as a teacher would, in ten seconds. It is used wrongly on purpose: connections are reset, "
      "left half closed and not read, 200 are made one after the other, and a server with a mistake may end. Do not "
      "point it at a server that others need.\n"
      "TARGET is a port of this machine, with or without one of its hosts in front ([::1]:8080) and a transport behind "
      "(8080/udp), or a unix socket: unix:PATH, and unix:@NAME of an abstract one; the default is " DEFAULT_PORT_WORDS
      ".\n";
  help->before_brief =
      "It misuses the server on purpose: one with a mistake may end.\n"
      "TARGET: 8080, [::1]:8080, 8080/udp or unix:PATH. The default is " DEFAULT_PORT_WORDS ".\n";
  help->after =
      "exit status: 0 passed, 1 an exam failed (or, with a pass mark, too few points), 2 wrong usage, 3 it could not be "
      "examined.\n";
  help->rows = rows;
  help->row_count = ROWS;
}

/* Returns an exit status. */
static int load_marks(struct grade *grade, const struct command *command) {
  char problem[OPTIONS_PROBLEM_SIZE], path[SHOWN_PATH_SIZE];
  int code;
  marks_begin(&grade->marks);
  if (grade->settings.points_path == NULL) return EXIT_FINE;
  safe_text_copy(grade->settings.points_path, strlen(grade->settings.points_path), path, sizeof path);
  enum marks_status status = marks_load(grade->settings.points_path, &grade->marks, problem, &code);
  if (status == MARKS_OK) return EXIT_FINE;
  if (status == MARKS_NOT_READ) {
    command_complain(
        "--points: cannot read '%s': %s; begin with the file that this writes: loping grade --list --json FILE", path,
        uv_strerror(code));
    return EXIT_NOT_DONE;
  }
  (void)command;
  command_complain("--points: %s: %s", path, problem);
  return EXIT_WRONG_USAGE;
}

static int list_exams(struct grade *grade) {
  const struct result_file file = json_file(grade);
  struct page page;
  if (grade->prints_text) {
    grade_report_list(&grade->marks, &grade->style, page_begin(&page));
    page_end(&page);
  }
  if (file.path == NULL) return EXIT_FINE;
  json_t *object = marks_to_json(&grade->marks);
  char *text = json_dumps(object, JSON_INDENT(2));
  json_decref(object);
  bool is_written = result_file_write_text(&file, text);
  free(text);
  return is_written ? EXIT_FINE : EXIT_NOT_DONE;
}

/* What is at the target, where it is no echo server: check knows. Returns its object, or NULL. */
static json_t *ask_check(struct grade *grade) {
  struct examination examination = {.target = grade->graded.target};
  struct survey survey = {.timeout_ns = grade->settings.timeout_ns, .count = 1, .examinations = &examination};
  struct advice advice = {.sentence = ""};
  struct advice_context context;
  json_t *object = NULL;
  if (survey_run(&survey) == 0) {
    advice_context_make(&survey, &examination, &context);
    advice_write(&context, &advice);
    if (grade->settings.json_path != NULL) object = report_check_object(&context, &advice);
    if (grade->prints_text) {
      struct page page;
      FILE *file = page_begin(&page);
      fprintf(file, "What check finds of it:\n");
      report_check_write(&context, &advice, &grade->style, file);
      page_end(&page);
    }
  }
  survey_clear(&survey);
  return object;
}

static bool write_files(struct grade *grade, json_t *check) {
  const struct result_file json = json_file(grade), junit = junit_file(grade);
  bool is_written = true;
  if (json.path != NULL) is_written = result_file_write(&json, grade_report_json(&grade->graded, &grade->marks, check));
  if (junit.path == NULL) return is_written;
  char *document = grade_report_junit(&grade->graded);
  is_written = result_file_write_text(&junit, document) && is_written;
  free(document);
  return is_written;
}

static int examine(struct grade *grade) {
  struct graded *graded = &grade->graded;
  json_t *check = NULL;
  int code = 0;
  for (size_t i = 0; i < grade->target.count; i++) {
    code = graded_run(&grade->target.endpoints[i], &grade->marks, grade->settings.timeout_ns, graded);
    if (code != 0 || !graded->is_not_there) break;
  }
  if (code != 0) {
    command_complain("the examination could not be finished: %s (%s)", uv_strerror(code), uv_err_name(code));
    return EXIT_NOT_DONE;
  }
  if (grade->prints_text && !graded->is_not_there) {
    struct page page;
    grade_report_text(graded, &grade->marks, &grade->style, page_begin(&page));
    page_end(&page);
  }
  if (graded->is_not_there) command_complain("there is no server to examine");
  if (graded->is_no_echo) check = ask_check(grade);
  if (!write_files(grade, check) || graded->is_not_there) return EXIT_NOT_DONE;
  return graded->has_passed ? EXIT_FINE : EXIT_ANSWER_IS_NO;
}

static bool are_files_apart(const struct grade_settings *settings, char *problem) {
  const struct named_file files[] = {
      {.option = "--points", .path = settings->points_path, .is_read = true},
      {.option = "--json", .path = settings->json_path},
      {.option = "--junit", .path = settings->junit_path},
  };
  return named_files_are_apart(files, sizeof files / sizeof files[0], problem);
}

/* Returns an exit status: EXIT_FINE when the target is known. */
static int read_target(struct grade *grade, const struct options_parsed *parsed, const struct command *command) {
  const struct grade_settings *settings = &grade->settings;
  char standard[8], problem[OPTIONS_PROBLEM_SIZE];
  uint16_t port = ADDRESS_DEFAULT_PORT;
  if (parsed->positional_count > 1) return command_refuse(command, "one server is examined at a time; name one TARGET");
  if (parsed->positional_count == 0 && !default_port_find(&port, problem)) return command_refuse(command, problem);
  snprintf(standard, sizeof standard, "%u", port);
  const char *text = parsed->positional_count > 0 ? parsed->positionals[0] : standard;
  int status = grade_target_read(text, settings->use_tcp, settings->use_udp, &grade->target, problem);
  return status == EXIT_FINE ? status : command_end_with(command, status, problem);
}

static int run(struct grade *grade, const struct options_parsed *parsed, const struct command *command) {
  const struct result_file json = json_file(grade), junit = junit_file(grade);
  int status = grade->settings.lists ? EXIT_FINE : read_target(grade, parsed, command);
  if (status == EXIT_FINE) status = load_marks(grade, command);
  if (status != EXIT_FINE) return status;
  if (!result_file_try(&json) || !result_file_try(&junit)) return EXIT_NOT_DONE;
  grade->prints_text = !result_file_takes_stdout(&json) && !result_file_takes_stdout(&junit);
  grade->style = style_make(command_may_colour(&grade->settings.common), command_draws(&grade->settings.common),
                            layout_columns(stdout));
  return grade->settings.lists ? list_exams(grade) : examine(grade);
}

int command_grade(const struct invocation *invocation) {
  struct grade grade = {.settings = {.timeout_ns = DEFAULT_TIMEOUT_NS}};
  struct options_parsed parsed;
  if (!options_parse(rows, ROWS, invocation->argc, invocation->argv, &grade.settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &grade.settings.common)) return EXIT_FINE;
  if (!are_files_apart(&grade.settings, parsed.problem)) return command_refuse(invocation->command, parsed.problem);
  return run(&grade, &parsed, invocation->command);
}
