/* The report command: reads results as compare does, judges several as compare does, and publishes them. */
#include "client/report/command_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/compare/comparison.h"
#include "client/compare/names.h"
#include "client/frame/give_up.h"
#include "client/frame/named_files.h"
#include "client/frame/result_file.h"
#include "client/frame/text_stream.h"
#include "client/publish/document.h"
#include "client/publish/markdown.h"
#include "client/publish/svg.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"

enum product { PRODUCT_PAGE, PRODUCT_SVG, PRODUCT_MARKDOWN, PRODUCTS };

struct report_settings {
  struct common_settings common;
  const char *paths[PRODUCTS]; /* as they were typed; NULL: not asked for; "-": stdout */
};

#define FIELD(product) offsetof(struct report_settings, paths) + (product) * sizeof(const char *)

static const struct option_row options[] = {
    {"output", 'o', OPTION_PATH, FIELD(PRODUCT_PAGE), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write the page there") " ('-' is stdout); without --svg and --markdown it must be named"},
    {"svg", 0, OPTION_PATH, FIELD(PRODUCT_SVG), "FILE", 0, 0, NULL, OPTION_BRIEF("write a picture")},
    {"markdown", 0, OPTION_PATH, FIELD(PRODUCT_MARKDOWN), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write a table for a pull request, in Markdown")},
    COMMAND_HELP_ROW(report_settings),
    COMMAND_HELP_ALL_ROW(report_settings),
    COMMAND_VERSION_ROW(report_settings),
};

#define OPTIONS (sizeof options / sizeof options[0])

void command_report_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[options] RESULT... -o FILE";
  help->takes = COMPLETION_FILES;
  help->before = help->before_brief =
      "Each RESULT is a file of --json or a page of --html. Several are drawn over each other, and judged against the "
      "first as `loping compare` does.\n";
  help->after = "exit status: 0 written, 2 wrong usage, 3 a file could not be read or written.\n";
  help->rows = options;
  help->row_count = OPTIONS;
}

/* How each is written, and by which option. */
static const struct {
  const char *option;
  int (*write)(const struct publish *publish, FILE *out);
} products[PRODUCTS] = {
    [PRODUCT_PAGE] = {"--output", document_write},
    [PRODUCT_SVG] = {"--svg", svg_write},
    [PRODUCT_MARKDOWN] = {"--markdown", markdown_write_results},
};

/* One call of the command. */
struct call {
  struct report_settings settings;
  size_t file_count;
  struct compare_file files[PUBLISH_RESULTS_MAX];
  struct comparison comparison;
  struct publish publish;
  char names[PUBLISH_RESULTS_MAX][COMPARE_SHOWN_SIZE];
};

static int complain(const char *problem) {
  command_complain("%s", problem);
  return EXIT_NOT_DONE;
}

/* Which files may be read and written. False with a sentence in `parsed`. */
static bool choose_files(const struct call *call, struct options_parsed *parsed) {
  const struct report_settings *settings = &call->settings;
  struct named_file files[PUBLISH_RESULTS_MAX + PRODUCTS];
  size_t count = (size_t)parsed->positional_count, used = 0;
  bool has_product = false;
  for (size_t i = 0; i < PRODUCTS; i++) {
    files[used++] = (struct named_file){.option = products[i].option, .path = settings->paths[i]};
    has_product = has_product || settings->paths[i] != NULL;
  }
  if (count == 0 || count > PUBLISH_RESULTS_MAX) {
    snprintf(parsed->problem, sizeof parsed->problem, "report takes 1 to %d result files, and here are %zu: %s",
             PUBLISH_RESULTS_MAX, count, "loping report RESULT.json -o page.html");
    return false;
  }
  if (!has_product) {
    snprintf(parsed->problem, sizeof parsed->problem,
             "report does not know where to write: name the page with -o, such as -o page.html");
    return false;
  }
  for (size_t i = 0; i < count; i++)
    files[used++] = (struct named_file){.option = "RESULT", .path = parsed->positionals[i], .is_read = true};
  return named_files_are_apart(files, used, parsed->problem);
}

static int load_files(struct call *call, char *const *paths, size_t count) {
  char problem[COMPARE_PROBLEM_SIZE];
  while (call->file_count < count) {
    size_t i = call->file_count++;
    if (!compare_file_load(paths[i], &call->files[i], problem)) return complain(problem);
  }
  return EXIT_FINE;
}

/* What is published: the results, and where there are several, what compare says of them. */
static bool make_publish(struct call *call, json_t **comparison) {
  struct publish *publish = &call->publish;
  publish->count = call->file_count;
  for (size_t i = 0; i < call->file_count; i++) {
    publish->results[i] = call->files[i].root;
    publish->names[i] = call->file_count > 1 ? compare_name_file(&call->files[i], call->names[i]) : "";
  }
  *comparison = NULL;
  if (call->file_count < 2) return true;
  call->comparison.limits = (struct compare_limits){COMPARISON_THRESHOLD, COMPARISON_SMALLEST};
  call->comparison.files = call->files;
  call->comparison.file_count = call->file_count;
  call->comparison.baseline_count = call->comparison.at_once = 1;
  if (!comparison_make(&call->comparison)) return false;
  *comparison = comparison_to_json(&call->comparison);
  publish->comparison = *comparison;
  return *comparison != NULL;
}

static bool write_product(const struct call *call, enum product product) {
  const struct result_file file = {products[product].option, call->settings.paths[product]};
  struct text_stream page;
  if (file.path == NULL) return true;
  int code = text_stream_open(&page);
  if (code == 0) {
    code = products[product].write(&call->publish, page.file);
    int closed = text_stream_close(&page);
    if (code == 0) code = closed;
  }
  if (code == 0 && lack_code() != 0) code = UV_ENOMEM;
  bool is_written = result_file_write_text(&file, code == 0 ? page.text : NULL);
  free(page.text);
  return is_written;
}

static int publish_all(struct call *call) {
  json_t *comparison;
  bool is_fine = make_publish(call, &comparison);
  if (!is_fine) (void)complain("out of memory while comparing");
  for (int i = 0; i < PRODUCTS && is_fine; i++)
    is_fine = write_product(call, (enum product)i);
  json_decref(comparison);
  return is_fine ? EXIT_FINE : EXIT_NOT_DONE;
}

static int run(struct call *call, const struct invocation *invocation) {
  struct options_parsed parsed;
  struct report_settings *settings = &call->settings;
  bool is_fine = options_parse(options, OPTIONS, invocation->argc, invocation->argv, settings, &parsed);
  if (is_fine && command_answers(invocation, &settings->common)) return EXIT_FINE;
  if (!is_fine || !choose_files(call, &parsed)) return command_refuse(invocation->command, parsed.problem);
  for (size_t i = 0; i < PRODUCTS; i++) {
    const struct result_file file = {products[i].option, settings->paths[i]};
    if (!result_file_try(&file)) return EXIT_NOT_DONE;
  }
  give_up_files(settings->paths, PRODUCTS);
  int status = load_files(call, parsed.positionals, (size_t)parsed.positional_count);
  return status == EXIT_FINE ? publish_all(call) : status;
}

int command_report(const struct invocation *invocation) {
  struct call *call = memory_take_zeroed(1, sizeof *call);
  if (call == NULL) return complain("out of memory before anything was read");
  int status = run(call, invocation);
  for (size_t i = 0; i < call->file_count; i++)
    compare_file_free(&call->files[i]);
  comparison_clear(&call->comparison);
  free(call);
  return status;
}
