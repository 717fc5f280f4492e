/*
 * The compare command: options, files, one comparison for each file after the first (or one of two sides), and the exit
 * status. Says in text or JSON what pair.c found and conclude.c made of it; measures nothing.
 */
#include "client/compare/command_compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/compare/arguments.h"
#include "client/compare/names.h"
#include "client/compare/report.h"
#include "client/frame/give_up.h"
#include "client/frame/named_files.h"
#include "client/frame/page.h"
#include "client/frame/result_file.h"
#include "client/frame/text_stream.h"
#include "client/stats/percentiles.h"
#include "common/memory/memory.h"
#include "common/options/options.h"
#include "common/text/layout.h"
#include "common/text/version.h"

#define THRESHOLD 0.05
#define SMALLEST  0.02
#define FILES_MAX 64

_Static_assert(OPTIONS_LIST_MAX <= COMPARE_SIDE_MAX, "a side has room for every file of its option");

struct compare_settings {
  struct common_settings common;
  const char *threshold_text;
  const char *smallest_text;
  struct compare_limits limits;
  struct option_list base, against;
  const char *json_path; /* NULL: text; "-": stdout */
  bool is_quiet;
};

#define FIELD(name) offsetof(struct compare_settings, name)

static const struct option_row options[] = {
    {"base", 0, OPTION_LIST, FIELD(base), "FILE...", 0, 0, NULL,
     "the baseline as several runs, which show how much runs differ; with --new"},
    {"new", 0, OPTION_LIST, FIELD(against), "FILE...", 0, 0, NULL, "the runs that are compared with --base"},
    {"threshold", 0, OPTION_TEXT, FIELD(threshold_text), "PERCENT", 0, 0, NULL,
     "how much worse is a regression (default 5%)"},
    {"smallest", 0, OPTION_TEXT, FIELD(smallest_text), "PERCENT", 0, 0, NULL,
     "the smallest change worth naming: less is called noise (default 2%)"},
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
  size_t columns;
  FILE *out; /* of the text */
  size_t file_count;
  size_t baseline_count; /* the first files */
  struct compare_file files[FILES_MAX];
  size_t unmatched, run_count; /* runs that the baseline has nothing for, and all */
  struct compare_account account;
  json_t *comparisons;
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
  settings->limits = (struct compare_limits){THRESHOLD, SMALLEST};
  return read_percent("threshold", settings->threshold_text, &settings->limits.threshold, problem) &&
         read_percent("smallest", settings->smallest_text, &settings->limits.smallest, problem);
}

static const struct command_help help = {
    .arguments = "[options] BASELINE FILE [FILE ...]\n       loping compare [options] --base FILE... --new FILE...",
    .before =
        "Each FILE, a result of --json, is compared with BASELINE, run by run. With --base and --new, several\n"
        "files of each side are taken together: between them is seen how much runs of one side differ.\n",
    .after =
        "exit status: 0 nothing got worse, 1 a regression was found, 2 wrong usage, 3 a file could not be read, or\n"
        "there was nothing to judge.\n",
    .rows = options,
    .row_count = OPTIONS,
};

static int complain(const char *problem) {
  command_complain("%s", problem);
  return EXIT_NOT_DONE;
}

static int complain_of_memory(void) {
  return complain("out of memory while comparing");
}

/* The run of each file that measured what `run` did. Files without one have no part in it. */
static void find_side(const struct compare_files *files, const struct compare_run *run, struct compare_side *out) {
  out->run_count = 0;
  for (size_t i = 0; i < files->count; i++) {
    const struct compare_run *same = compare_find_run(&files->files[i], run);
    if (same != NULL) out->runs[out->run_count++] = same;
  }
}

/* What is compared with what, and what is found. */
struct one_against_one {
  struct compare_files baseline, files;
  json_t *pairs, *unmatched;
};

static bool compare_sides(struct comparison *comparison, const struct compare_side *baseline,
                          const struct compare_side *side, json_t *pairs) {
  const struct compare_settings *settings = &comparison->settings;
  struct compare_pair *pair = memory_take(sizeof *pair);
  bool is_done = pair != NULL && compare_pair_make(baseline, side, settings->limits.smallest, pair) &&
                 compare_account_add(&comparison->account, pair, settings->limits.threshold);
  if (is_done) {
    json_array_append_new(pairs, compare_json_pair(pair, settings->limits.threshold));
    if (comparison->prints_text)
      compare_report_pair(pair, &settings->limits, settings->is_quiet, comparison->columns, comparison->out);
  }
  free(pair);
  return is_done;
}

/* One run of the first new file. Returns false when memory ran out. */
static bool compare_run(struct comparison *comparison, const struct one_against_one *both,
                        const struct compare_run *run) {
  char name[COMPARE_NAME_SIZE];
  struct compare_side baseline, side;
  find_side(&both->baseline, run, &baseline);
  find_side(&both->files, run, &side);
  /* A file may hold the same measurement twice; of the first, it is this one. */
  side.runs[0] = run;
  comparison->run_count++;
  if (baseline.run_count > 0) return compare_sides(comparison, &baseline, &side, both->pairs);
  comparison->unmatched++;
  json_array_append_new(both->unmatched, json_deep_copy(run->workload));
  if (comparison->prints_text) fprintf(comparison->out, "\n%s: not in the baseline\n", compare_name_run(run, name));
  return true;
}

/* Runs of the baseline's first file that no run of the new one belongs to: a sweep that ended early. */
static bool count_missing(struct comparison *comparison, const struct one_against_one *both, size_t *missing) {
  char name[COMPARE_NAME_SIZE], path[COMPARE_SHOWN_SIZE];
  const struct compare_file *baseline = &both->baseline.files[0], *file = &both->files.files[0];
  *missing = 0;
  for (size_t i = 0; i < baseline->run_count; i++) {
    bool is_there = false;
    for (size_t r = 0; r < file->run_count && !is_there; r++)
      is_there = compare_find_run(baseline, &file->runs[r]) == &baseline->runs[i];
    if (is_there) continue;
    *missing += 1;
    if (!compare_account_add_reason(&comparison->account, "%s is in the baseline, and not in '%s'",
                                    compare_name_run(&baseline->runs[i], name), compare_name_file(file, path)))
      return false;
  }
  return true;
}

static int compare_files(struct comparison *comparison, size_t first, size_t count) {
  char path[COMPARE_SHOWN_SIZE];
  struct compare_differences environment;
  struct one_against_one both = {
      {comparison->baseline_count, comparison->files}, {count, &comparison->files[first]}, json_array(), json_array()};
  json_t *object = json_object();
  const struct compare_file *file = both.files.files;
  size_t missing = 0;
  bool is_done = true;
  compare_environments(both.baseline.files, file, &environment);
  if (comparison->prints_text) compare_report_files(&both.baseline, &both.files, &environment, comparison->out);
  for (size_t i = 0; is_done && i < file->run_count; i++)
    is_done = compare_run(comparison, &both, &file->runs[i]);
  is_done = is_done && count_missing(comparison, &both, &missing);
  json_object_set_new(object, "file", json_string(compare_name_file(file, path)));
  json_object_set_new(object, "files", compare_json_files(&both.files));
  json_object_set_new(object, "environment_differences", compare_json_differences(&environment));
  json_object_set_new(object, "runs", both.pairs);
  json_object_set_new(object, "runs_without_baseline", both.unmatched);
  json_object_set_new(object, "runs_missing", json_integer((json_int_t)missing));
  json_array_append_new(comparison->comparisons, object);
  return is_done ? EXIT_FINE : complain_of_memory();
}

static struct result_file file_of(const struct comparison *comparison) {
  return (struct result_file){"--json", comparison->settings.json_path};
}

static json_t *comparison_object(const struct comparison *comparison) {
  char path[COMPARE_SHOWN_SIZE];
  json_t *object = json_object();
  const struct compare_files baseline = {comparison->baseline_count, comparison->files};
  json_object_set_new(object, "schema_version", json_integer(RESULT_SCHEMA_VERSION));
  json_object_set_new(object, "tool", json_string("loping compare"));
  json_object_set_new(object, "version", json_string(LOPING_VERSION));
  json_object_set_new(object, "baseline", json_string(compare_name_file(&comparison->files[0], path)));
  json_object_set_new(object, "baseline_files", compare_json_files(&baseline));
  json_object_set_new(object, "threshold_percent", json_real(comparison->settings.limits.threshold * 100));
  json_object_set_new(object, "smallest_percent", json_real(comparison->settings.limits.smallest * 100));
  json_object_set_new(object, "alpha", json_real(COMPARE_ALPHA));
  compare_json_set_outcome(object, &comparison->account);
  json_object_set(object, "comparisons", comparison->comparisons);
  return object;
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

/* The last words. Returns false when memory ran out. */
static bool say_outcome(struct comparison *comparison) {
  struct compare_account *account = &comparison->account;
  /* Nothing in common is no success: a wrong file may have been given. */
  if (comparison->unmatched == comparison->run_count &&
      !compare_account_add_reason(account,
                                  "no run of these files measured the same kind of thing, so nothing was compared"))
    return false;
  if (!comparison->prints_text) {
    complain_of_outcome(account);
    return true;
  }
  if (!comparison->settings.is_quiet) compare_report_method(&comparison->settings.limits, account, comparison->out);
  compare_report_outcome(account, comparison->out);
  return true;
}

static int load_files(struct comparison *comparison, const char *const *paths, size_t count) {
  char problem[COMPARE_PROBLEM_SIZE];
  while (comparison->file_count < count) {
    size_t i = comparison->file_count++;
    if (!compare_file_load(paths[i], &comparison->files[i], problem)) return complain(problem);
  }
  return EXIT_FINE;
}

static int compare_each(struct comparison *comparison) {
  bool has_sides = comparison->settings.base.count > 0;
  size_t at_once = has_sides ? comparison->settings.against.count : 1;
  for (size_t i = comparison->baseline_count; i < comparison->file_count; i += at_once) {
    if (i > comparison->baseline_count && comparison->prints_text) fputc('\n', comparison->out);
    int status = compare_files(comparison, i, at_once);
    if (status != EXIT_FINE) return status;
  }
  return say_outcome(comparison) ? EXIT_FINE : complain_of_memory();
}

static int compare_all(struct comparison *comparison) {
  struct page page;
  const struct compare_account *account = &comparison->account;
  comparison->comparisons = json_array();
  comparison->columns = layout_columns(stdout);
  if (comparison->prints_text) comparison->out = page_begin(&page);
  int status = compare_each(comparison);
  if (comparison->prints_text) page_end(&page);
  fflush(stdout);
  if (status != EXIT_FINE) return status;
  enum compare_outcome outcome = compare_conclude(account);
  if (outcome == COMPARE_OUTCOME_NOTHING)
    command_complain(
        "%s: %s", compare_outcome_text(outcome),
        account->reason_count > 0 ? account->reasons[account->reason_count - 1] : "no figure got a verdict");
  status = compare_outcome_status(outcome);
  struct result_file file = file_of(comparison);
  if (file.path == NULL) return status;
  return result_file_write(&file, comparison_object(comparison)) ? status : EXIT_NOT_DONE;
}

/* Fills `paths` (FILES_MAX), the baseline's first. Returns their number, or 0 with a sentence in `problem`. */
static size_t choose_files(struct comparison *comparison, struct options_parsed *parsed, const char **paths) {
  const struct option_list *base = &comparison->settings.base, *against = &comparison->settings.against;
  char shown[COMPARE_SHOWN_SIZE];
  size_t count = (size_t)parsed->positional_count;
  const char *problem = NULL;
  comparison->baseline_count = base->count > 0 ? base->count : 1;
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
static bool are_files_apart(const struct comparison *comparison, const char *const *paths, size_t count,
                            char *problem) {
  bool has_sides = comparison->settings.base.count > 0;
  struct named_file files[FILES_MAX + 1] = {{.option = "--json", .path = comparison->settings.json_path}};
  for (size_t i = 0; i < count; i++) {
    bool is_baseline = i < comparison->baseline_count;
    files[i + 1] = (struct named_file){.path = paths[i], .is_read = true};
    files[i + 1].option = has_sides ? is_baseline ? "--base" : "--new" : is_baseline ? "BASELINE" : "FILE";
  }
  return named_files_are_apart(files, count + 1, problem);
}

/* What the command line asks for, be it only help. */
static int run(struct comparison *comparison, const struct invocation *invocation, int argc, char **argv) {
  struct options_parsed parsed;
  const char *paths[FILES_MAX];
  struct compare_settings *settings = &comparison->settings;
  bool is_fine = options_parse(options, OPTIONS, argc, argv, settings, &parsed);
  if (is_fine && command_answers(invocation, &settings->common, &help)) return EXIT_FINE;
  if (!is_fine || !read_limits(settings, parsed.problem)) return command_refuse(invocation->command, parsed.problem);
  size_t count = choose_files(comparison, &parsed, paths);
  if (count == 0 || !are_files_apart(comparison, paths, count, parsed.problem))
    return command_refuse(invocation->command, parsed.problem);
  struct result_file file = file_of(comparison);
  comparison->prints_text = !result_file_takes_stdout(&file);
  if (!result_file_try(&file)) return EXIT_NOT_DONE;
  give_up_files(&file.path, 1);
  int status = load_files(comparison, paths, count);
  return status == EXIT_FINE ? compare_all(comparison) : status;
}

int command_compare(const struct invocation *invocation) {
  struct comparison *comparison = memory_take_zeroed(1, sizeof *comparison);
  char **argv = memory_take_zeroed((size_t)invocation->argc * 2 + 1, sizeof *argv);
  int status = EXIT_NOT_DONE;
  if (comparison == NULL || argv == NULL) {
    complain("out of memory before anything was compared");
  } else {
    int argc = compare_spread_lists(options, OPTIONS, invocation->argc, invocation->argv, argv);
    status = run(comparison, invocation, argc, argv);
    for (size_t i = 0; i < comparison->file_count; i++)
      compare_file_free(&comparison->files[i]);
    compare_account_clear(&comparison->account);
    json_decref(comparison->comparisons);
  }
  free(argv);
  free(comparison);
  return status;
}
