/*
 * The compare command: options, files, one comparison for each file after the first (or one of two sides), and the exit
 * status. Says in text or JSON what pair.c found and conclude.c made of it; measures nothing.
 */
#include "client/compare/command_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/compare/arguments.h"
#include "client/compare/comparison.h"
#include "client/compare/names.h"
#include "client/compare/report.h"
#include "client/frame/give_up.h"
#include "client/frame/named_files.h"
#include "client/frame/page.h"
#include "client/frame/result_file.h"
#include "client/frame/text_stream.h"
#include "client/publish/junit.h"
#include "client/stats/percentiles.h"
#include "common/memory/memory.h"
#include "common/options/options.h"
#include "common/text/layout.h"

#define FILES_MAX 64

_Static_assert(OPTIONS_LIST_MAX <= COMPARE_SIDE_MAX, "a side has room for every file of its option");

struct compare_settings {
  struct common_settings common;
  const char *threshold_text;
  const char *smallest_text;
  struct compare_limits limits;
  struct option_list base, against;
  const char *json_path; /* NULL: text; "-": stdout */
  const char *junit_path;
  bool is_quiet;
};

#define FIELD(name) offsetof(struct compare_settings, name)

static const struct option_row options[] = {
    {"base", 0, OPTION_PATHS, FIELD(base), "FILE...", 0, 0, NULL,
     OPTION_BRIEF("the baseline as several runs") ", which show how much runs differ; with --new"},
    {"new", 0, OPTION_PATHS, FIELD(against), "FILE...", 0, 0, NULL,
     OPTION_BRIEF("the runs that are compared with --base")},
    {"threshold", 0, OPTION_TEXT, FIELD(threshold_text), "PERCENT", 0, 0, NULL,
     OPTION_BRIEF("how much worse is a regression (default 5%)")},
    {"smallest", 0, OPTION_TEXT, FIELD(smallest_text), "PERCENT", 0, 0, NULL,
     OPTION_BRIEF("the smallest change worth naming (default 2%)") "; less is called noise"},
    {"json", 'j', OPTION_PATH, FIELD(json_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write every figure") " ('-' is stdout, then without other output)"},
    {"junit", 0, OPTION_PATH, FIELD(junit_path), "FILE", 0, 0, NULL,
     "write what it comes to as a test case for CI, in JUnit's XML"},
    {"quiet", 0, OPTION_FLAG, FIELD(is_quiet), NULL, 0, 0, NULL,
     OPTION_BRIEF("only the figures that are better or worse")},
    COMMAND_HELP_ROW(compare_settings),
    COMMAND_HELP_ALL_ROW(compare_settings),
    COMMAND_VERSION_ROW(compare_settings),
};

#define OPTIONS (sizeof options / sizeof options[0])

/* One call of the command. */
struct call {
  struct compare_settings settings;
  bool prints_text;
  struct compare_file files[FILES_MAX];
  struct comparison comparison;
};

static bool read_percent(const char *option, const char *text, double *share, char *problem) {
  char shown[COMPARE_SHOWN_SIZE];
  double percent = 0;
  if (text == NULL) return true;
  size_t length = strlen(text);
  if (length > 0 && text[length - 1] == '%') length--;
  bool is_zero = length == 1 && text[0] == '0';
  if (is_zero || percentile_parse(text, length, &percent)) {
    *share = percent / 100;
    return true;
  }
  snprintf(problem, OPTIONS_PROBLEM_SIZE, "--%s: '%s' is no percentage from 0 to 100; give one such as 5%%", option,
           compare_show_text(text, shown));
  return false;
}

static bool read_limits(struct compare_settings *settings, char *problem) {
  settings->limits = (struct compare_limits){COMPARISON_THRESHOLD, COMPARISON_SMALLEST};
  return read_percent("threshold", settings->threshold_text, &settings->limits.threshold, problem) &&
         read_percent("smallest", settings->smallest_text, &settings->limits.smallest, problem);
}

void command_compare_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[options] BASELINE FILE [FILE ...]\n       loping compare [options] --base FILE... --new FILE...";
  help->takes = COMPLETION_FILES;
  help->before = help->before_brief =
      "Each FILE, a result of --json, is compared with BASELINE, run by run. With --base and --new, several files "
      "of each side are taken together: between them is seen how much runs of one side differ.\n";
  help->after =
      "exit status: 0 nothing got worse, 1 a regression was found, 2 wrong usage, 3 a file could not be read, or "
      "there was nothing to judge.\n";
  help->rows = options;
  help->row_count = OPTIONS;
}

static int complain(const char *problem) {
  command_complain("%s", problem);
  return EXIT_NOT_DONE;
}

static struct result_file json_file_of(const struct call *call) {
  return (struct result_file){"--json", call->settings.json_path};
}

/* What it all means, where stdout belongs to the JSON. */
static void complain_of_outcome(const struct compare_account *account) {
  struct text_stream memory;
  if (text_stream_open(&memory) != 0) return;
  compare_report_outcome(account, memory.file);
  if (text_stream_close(&memory) != 0) return;
  layout_write(stderr, memory.text);
  free(memory.text);
}

/* The last words. */
static void say_outcome(const struct call *call) {
  const struct comparison *comparison = &call->comparison;
  if (comparison->out == NULL) {
    complain_of_outcome(&comparison->account);
    return;
  }
  if (!comparison->is_quiet) compare_report_method(&comparison->limits, &comparison->account, comparison->out);
  compare_report_outcome(&comparison->account, comparison->out);
}

static int load_files(struct call *call, const char *const *paths, size_t count) {
  char problem[COMPARE_PROBLEM_SIZE];
  while (call->comparison.file_count < count) {
    size_t i = call->comparison.file_count++;
    if (!compare_file_load(paths[i], &call->files[i], problem)) return complain(problem);
  }
  return EXIT_FINE;
}

/* One case for each pair of runs: what got worse in it. */
static bool write_junit(const struct call *call) {
  const struct result_file file = {"--junit", call->settings.junit_path};
  struct junit_case one = {"loping compare", NULL};
  struct text_stream reasons;
  const struct compare_account *account = &call->comparison.account;
  enum compare_outcome outcome = compare_conclude(account);
  if (file.path == NULL) return true;
  bool is_open = text_stream_open(&reasons) == 0;
  for (size_t i = 0; is_open && i < account->reason_count; i++)
    fprintf(reasons.file, "%s\n", account->reasons[i]);
  if (is_open && outcome != COMPARE_OUTCOME_FINE) fputs(compare_outcome_text(outcome), reasons.file);
  bool is_told = is_open && text_stream_close(&reasons) == 0;
  if (is_told && compare_outcome_status(outcome) != EXIT_FINE) one.failure = reasons.text;
  char *text = is_told ? junit_make("loping compare", &one, 1) : NULL;
  bool is_written = result_file_write_text(&file, text);
  if (is_told) free(reasons.text);
  free(text);
  return is_written;
}

static bool write_files(const struct call *call) {
  struct result_file file = json_file_of(call);
  bool is_fine = file.path == NULL || result_file_write(&file, comparison_to_json(&call->comparison));
  return write_junit(call) && is_fine;
}

static int compare_all(struct call *call) {
  struct page page;
  struct comparison *comparison = &call->comparison;
  const struct compare_account *account = &comparison->account;
  comparison->limits = call->settings.limits;
  comparison->files = call->files;
  comparison->at_once = call->settings.base.count > 0 ? call->settings.against.count : 1;
  comparison->is_quiet = call->settings.is_quiet;
  comparison->columns = layout_columns(stdout);
  if (call->prints_text) comparison->out = page_begin(&page);
  bool is_made = comparison_make(comparison);
  if (is_made) say_outcome(call);
  if (call->prints_text) page_end(&page);
  fflush(stdout);
  if (!is_made) return complain("out of memory while comparing");
  enum compare_outcome outcome = compare_conclude(account);
  if (outcome == COMPARE_OUTCOME_NOTHING)
    command_complain(
        "%s: %s", compare_outcome_text(outcome),
        account->reason_count > 0 ? account->reasons[account->reason_count - 1] : "no figure got a verdict");
  return write_files(call) ? compare_outcome_status(outcome) : EXIT_NOT_DONE;
}

/* Fills `paths` (FILES_MAX), the baseline's first. Returns their number, or 0 with a sentence in `problem`. */
static size_t choose_files(struct call *call, struct options_parsed *parsed, const char **paths) {
  const struct option_list *base = &call->settings.base, *against = &call->settings.against;
  char shown[COMPARE_SHOWN_SIZE];
  size_t count = (size_t)parsed->positional_count;
  const char *problem = NULL;
  call->comparison.baseline_count = base->count > 0 ? base->count : 1;
  if (base->count > 0 || against->count > 0) {
    memcpy(paths, base->values, base->count * sizeof *paths);
    memcpy(paths + base->count, against->values, against->count * sizeof *paths);
    if (base->count == 0 || against->count == 0)
      problem = "--base and --new belong together: give the files of both sides";
    else if (count == 0)
      return base->count + against->count;
    else
      snprintf(parsed->problem, sizeof parsed->problem,
               "'%s' is on neither side; write the files of both behind --base and --new: --base A1 A2 --new B1 B2",
               compare_show_text(parsed->positionals[0], shown));
  } else if (count < 2) {
    problem = "compare needs two result files or more: the baseline first";
  } else if (count > FILES_MAX) {
    problem = "compare takes at most 64 files; leave some out";
  } else {
    memcpy(paths, parsed->positionals, count * sizeof *paths);
    return count;
  }
  if (problem != NULL) snprintf(parsed->problem, sizeof parsed->problem, "%s", problem);
  return 0;
}

/* Each file that is read against the result's. */
static bool are_files_apart(const struct call *call, const char *const *paths, size_t count, char *problem) {
  bool has_sides = call->settings.base.count > 0;
  struct named_file files[FILES_MAX + 2] = {{.option = "--json", .path = call->settings.json_path},
                                            {.option = "--junit", .path = call->settings.junit_path}};
  for (size_t i = 0; i < count; i++) {
    bool is_baseline = i < call->comparison.baseline_count;
    files[i + 2] = (struct named_file){.path = paths[i], .is_read = true};
    files[i + 2].option = has_sides ? is_baseline ? "--base" : "--new" : is_baseline ? "BASELINE" : "FILE";
  }
  return named_files_are_apart(files, count + 2, problem);
}

/* What the command line asks for, be it only help. */
static int run(struct call *call, const struct invocation *invocation, int argc, char **argv) {
  struct options_parsed parsed;
  const char *paths[FILES_MAX];
  struct compare_settings *settings = &call->settings;
  bool is_fine = options_parse(options, OPTIONS, argc, argv, settings, &parsed);
  if (is_fine && command_answers(invocation, &settings->common)) return EXIT_FINE;
  if (!is_fine || !read_limits(settings, parsed.problem)) return command_refuse(invocation->command, parsed.problem);
  size_t count = choose_files(call, &parsed, paths);
  if (count == 0 || !are_files_apart(call, paths, count, parsed.problem))
    return command_refuse(invocation->command, parsed.problem);
  const struct result_file files[] = {json_file_of(call), {"--junit", settings->junit_path}};
  const char *const written[] = {settings->json_path, settings->junit_path};
  call->prints_text = !result_file_takes_stdout(&files[0]) && !result_file_takes_stdout(&files[1]);
  if (!result_file_try(&files[0]) || !result_file_try(&files[1])) return EXIT_NOT_DONE;
  give_up_files(written, 2);
  int status = load_files(call, paths, count);
  return status == EXIT_FINE ? compare_all(call) : status;
}

int command_compare(const struct invocation *invocation) {
  struct call *call = memory_take_zeroed(1, sizeof *call);
  char **argv = memory_take_zeroed((size_t)invocation->argc * 2 + 1, sizeof *argv);
  int status = EXIT_NOT_DONE;
  if (call == NULL || argv == NULL) {
    complain("out of memory before anything was compared");
  } else {
    int argc = compare_spread_lists(options, OPTIONS, invocation->argc, invocation->argv, argv);
    status = run(call, invocation, argc, argv);
    for (size_t i = 0; i < call->comparison.file_count; i++)
      compare_file_free(&call->files[i]);
    comparison_clear(&call->comparison);
  }
  free(argv);
  free(call);
  return status;
}
