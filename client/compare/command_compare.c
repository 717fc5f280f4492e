/*
 * The compare command: options, files, one comparison for each file after the first, and the exit status. Says in text
 * or JSON what pair.c found; measures nothing.
 */
#include "client/compare/command_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/compare/report.h"
#include "client/frame/result_file.h"
#include "client/stats/percentiles.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"
#include "common/text/version.h"

#define THRESHOLD  0.05
#define FILES_MAX  64
#define SHOWN_SIZE 256

struct compare_settings {
  struct common_settings common;
  const char *threshold_text;
  double threshold;      /* a share: 0.05 is 5 % */
  const char *json_path; /* NULL: text; "-": stdout */
  bool is_quiet;
};

#define FIELD(name) offsetof(struct compare_settings, name)

static const struct option_row options[] = {
    {"threshold", 0, OPTION_TEXT, FIELD(threshold_text), "PERCENT", 0, 0, NULL,
     "how much worse is a regression (default 5%)"},
    {"json", 'j', OPTION_TEXT, FIELD(json_path), "FILE", 0, 0, NULL,
     "write every figure ('-' is stdout, then without other output)"},
    {"quiet", 0, OPTION_FLAG, FIELD(is_quiet), NULL, 0, 0, NULL, "only the figures that are better or worse"},
    COMMAND_HELP_ROW(compare_settings),
    COMMAND_VERSION_ROW(compare_settings),
};

#define OPTIONS (sizeof options / sizeof options[0])

/* One call of compare. */
struct comparison {
  struct compare_settings settings;
  bool prints_text;
  int file_count;
  struct compare_file files[FILES_MAX]; /* the first is the baseline */
  size_t regressions;
  size_t unmatched; /* runs that the baseline has nothing for */
  json_t *comparisons;
};

static bool read_threshold(struct compare_settings *settings, char *problem) {
  const char *text = settings->threshold_text;
  char shown[SHOWN_SIZE];
  double percent = 0;
  settings->threshold = THRESHOLD;
  if (text == NULL) return true;
  size_t length = strlen(text);
  if (length > 0 && text[length - 1] == '%') length--;
  bool is_zero = length == 1 && text[0] == '0';
  if (is_zero || percentile_parse(text, length, &percent)) {
    settings->threshold = percent / 100;
    return true;
  }
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  snprintf(problem, OPTIONS_PROBLEM_SIZE, "--threshold: '%s' is no percentage from 0 to 100; give one such as 5%%",
           shown);
  return false;
}

static const struct command_help help = {
    .arguments = "[options] BASELINE FILE [FILE ...]",
    .before = "Each FILE, a result of --json, is compared with BASELINE, run by run.\n",
    .after = "exit status: 0 fine, 1 a regression was found, 2 wrong usage, 3 a file could not be read.\n",
    .rows = options,
    .row_count = OPTIONS,
};

static int complain(const char *problem) {
  command_complain("%s", problem);
  return EXIT_NOT_DONE;
}

static void say_regressions(const struct compare_pair *pair, const struct comparison *comparison) {
  char name[COMPARE_NAME_SIZE];
  for (size_t i = 0; i < pair->row_count; i++) {
    const struct compare_row *row = &pair->rows[i];
    if (!compare_is_regression(&row->answer, comparison->settings.threshold)) continue;
    bool is_distribution = result_section_is_distribution(row->section);
    fprintf(comparison->prints_text ? stdout : stderr, "regression: %s%s%s of %s: %+.1f %%\n",
            is_distribution ? row->section->label : "", is_distribution ? " " : "", row->field->label,
            compare_name_run(pair->run, name), row->answer.change * 100);
  }
}

/* One run of a file. Returns EXIT_FINE or EXIT_NOT_DONE. */
static int compare_run(struct comparison *comparison, const struct compare_run *run, json_t *pairs, json_t *unmatched) {
  char name[COMPARE_NAME_SIZE];
  const struct compare_settings *settings = &comparison->settings;
  const struct compare_run *baseline = compare_find_run(&comparison->files[0], run);
  if (baseline == NULL) {
    comparison->unmatched++;
    json_array_append_new(unmatched, json_deep_copy(run->workload));
    if (comparison->prints_text) printf("\n%s: not in the baseline\n", compare_name_run(run, name));
    return EXIT_FINE;
  }
  struct compare_pair *pair = malloc(sizeof *pair);
  if (pair == NULL || !compare_pair_make(baseline, run, pair)) {
    free(pair);
    return complain("out of memory while comparing");
  }
  for (size_t i = 0; i < pair->row_count; i++)
    if (compare_is_regression(&pair->rows[i].answer, settings->threshold)) comparison->regressions++;
  json_array_append_new(pairs, compare_json_pair(pair, settings->threshold));
  if (comparison->prints_text) compare_report_pair(pair, settings->threshold, settings->is_quiet, stdout);
  say_regressions(pair, comparison);
  free(pair);
  return EXIT_FINE;
}

static int compare_with_baseline(struct comparison *comparison, const struct compare_file *file) {
  char path[SHOWN_SIZE];
  struct compare_differences environment;
  json_t *object = json_object();
  json_t *pairs = json_array();
  json_t *unmatched = json_array();
  int status = EXIT_FINE;
  compare_environments(&comparison->files[0], file, &environment);
  if (comparison->prints_text) compare_report_files(&comparison->files[0], file, &environment, stdout);
  for (size_t i = 0; status == EXIT_FINE && i < file->run_count; i++)
    status = compare_run(comparison, &file->runs[i], pairs, unmatched);
  safe_text_copy(file->path, strlen(file->path), path, sizeof path);
  json_object_set_new(object, "file", json_string(path));
  json_object_set_new(object, "environment_differences", compare_json_differences(&environment));
  json_object_set_new(object, "runs", pairs);
  json_object_set_new(object, "runs_without_baseline", unmatched);
  json_array_append_new(comparison->comparisons, object);
  return status;
}

static struct result_file file_of(const struct comparison *comparison) {
  return (struct result_file){"--json", comparison->settings.json_path};
}

static json_t *comparison_object(const struct comparison *comparison) {
  char path[SHOWN_SIZE];
  json_t *object = json_object();
  safe_text_copy(comparison->files[0].path, strlen(comparison->files[0].path), path, sizeof path);
  json_object_set_new(object, "schema_version", json_integer(RESULT_SCHEMA_VERSION));
  json_object_set_new(object, "tool", json_string("loping compare"));
  json_object_set_new(object, "version", json_string(LOPING_VERSION));
  json_object_set_new(object, "baseline", json_string(path));
  json_object_set_new(object, "threshold_percent", json_real(comparison->settings.threshold * 100));
  json_object_set_new(object, "alpha", json_real(COMPARE_ALPHA));
  json_object_set_new(object, "regressions", json_integer((json_int_t)comparison->regressions));
  json_object_set(object, "comparisons", comparison->comparisons);
  return object;
}

/* What the numbers mean in the end. Nothing in common is no success: a wrong file may have been given. */
static int judge(const struct comparison *comparison) {
  size_t runs = 0;
  for (int i = 1; i < comparison->file_count; i++)
    runs += comparison->files[i].run_count;
  if (comparison->unmatched == runs)
    return complain("no run of these files measured the same kind of thing, so nothing was compared");
  if (comparison->prints_text) {
    if (!comparison->settings.is_quiet) compare_report_method(comparison->settings.threshold, stdout);
    if (comparison->regressions == 0) printf("no regression\n");
  }
  return comparison->regressions > 0 ? EXIT_ANSWER_IS_NO : EXIT_FINE;
}

static int compare_files(struct comparison *comparison, char *const *paths, int count) {
  char problem[COMPARE_PROBLEM_SIZE];
  int status = EXIT_FINE;
  comparison->comparisons = json_array();
  for (; comparison->file_count < count; comparison->file_count++)
    if (!compare_file_load(paths[comparison->file_count], &comparison->files[comparison->file_count], problem)) {
      comparison->file_count++;
      return complain(problem);
    }
  for (int i = 1; status == EXIT_FINE && i < count; i++) {
    if (comparison->prints_text && i > 1) putchar('\n');
    status = compare_with_baseline(comparison, &comparison->files[i]);
  }
  if (status != EXIT_FINE) return status;
  status = judge(comparison);
  struct result_file file = file_of(comparison);
  if (file.path == NULL) return status;
  return result_file_write(&file, comparison_object(comparison)) ? status : EXIT_NOT_DONE;
}

/* What the command line asks for, be it only help. */
static int run(struct comparison *comparison, const struct invocation *invocation) {
  struct options_parsed parsed;
  struct compare_settings *settings = &comparison->settings;
  bool is_fine = options_parse(options, OPTIONS, invocation->argc, invocation->argv, settings, &parsed);
  if (is_fine && command_answers(invocation, &settings->common, &help)) return EXIT_FINE;
  if (!is_fine || !read_threshold(settings, parsed.problem)) return command_refuse(invocation->command, parsed.problem);
  if (parsed.positional_count < 2)
    return command_refuse(invocation->command, "compare needs two result files or more: the baseline first");
  if (parsed.positional_count > FILES_MAX)
    return command_refuse(invocation->command, "compare takes at most 64 files; leave some out");
  struct result_file file = file_of(comparison);
  comparison->prints_text = !result_file_takes_stdout(&file);
  if (!result_file_try(&file)) return EXIT_NOT_DONE;
  return compare_files(comparison, parsed.positionals, parsed.positional_count);
}

int command_compare(const struct invocation *invocation) {
  struct comparison *comparison = calloc(1, sizeof *comparison);
  if (comparison == NULL) return complain("out of memory before anything was compared");
  int status = run(comparison, invocation);
  for (int i = 0; i < comparison->file_count; i++)
    compare_file_free(&comparison->files[i]);
  json_decref(comparison->comparisons);
  free(comparison);
  return status;
}
