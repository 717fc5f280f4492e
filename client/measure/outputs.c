/* One row for each file that can be asked for; opening, writing and closing walk the rows. Knows reports, no socket. */
#include "client/measure/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/command.h"
#include "client/frame/named_files.h"
#include "client/frame/result_file.h"
#include "client/frame/text_stream.h"
#include "client/measure/junit_report.h"
#include "client/publish/document.h"
#include "client/publish/markdown.h"
#include "client/publish/svg.h"
#include "client/reports/csv.h"
#include "client/reports/hgrm.h"
#include "client/reports/json.h"
#include "common/memory/lack.h"

typedef int result_writer(const struct outputs *outputs, const struct result *result, FILE *file);

/* The first run of round trips: no command that takes --hgrm has two. Of an open loop the response time, as it is what
 * a user of the service sees. */
static int write_hgrm(const struct outputs *outputs, const struct result *result, FILE *file) {
  (void)outputs;
  for (size_t i = 0; i < result->run_count; i++) {
    const struct result_run *run = &result->runs[i];
    const struct histogram *histogram = run->response_histogram != NULL ? run->response_histogram : run->rtt_histogram;
    if (histogram != NULL) return report_hgrm_write(histogram, file);
  }
  return 0;
}

static int write_json(const struct outputs *outputs, const struct result *result, FILE *file) {
  (void)outputs;
  return report_json_write(result, file);
}

static int write_last_event(const struct outputs *outputs, const struct result *result, FILE *file) {
  (void)outputs;
  return report_json_write_last_event(result, file);
}

static int write_csv(const struct outputs *outputs, const struct result *result, FILE *file) {
  (void)outputs;
  return report_csv_write(result, file);
}

static int write_junit(const struct outputs *outputs, const struct result *result, FILE *file) {
  return junit_report_write(outputs->conditions, result, file);
}

/* What is for people to look at is made from the JSON alone: it can say nothing else. */
static int publish(const struct result *result, int (*write)(const struct publish *, FILE *), FILE *file) {
  json_t *object = report_json_object(result);
  const struct publish one = {.count = 1, .names = {""}, .results = {object}};
  int code = object == NULL || lack_code() != 0 ? UV_ENOMEM : write(&one, file);
  json_decref(object);
  return code;
}

static int write_html(const struct outputs *outputs, const struct result *result, FILE *file) {
  (void)outputs;
  return publish(result, document_write, file);
}

static int write_svg(const struct outputs *outputs, const struct result *result, FILE *file) {
  (void)outputs;
  return publish(result, svg_write, file);
}

static int write_markdown(const struct outputs *outputs, const struct result *result, FILE *file) {
  (void)outputs;
  return publish(result, markdown_write_results, file);
}

static const struct {
  const char *option;
  bool is_written_meanwhile;
  result_writer *write;
} rows[OUTPUTS] = {
    [OUTPUT_JSON] = {"--json", false, write_json},
    [OUTPUT_JSON_STREAM] = {"--json-stream", true, write_last_event},
    [OUTPUT_CSV] = {"--csv", false, write_csv},
    [OUTPUT_HGRM] = {"--hgrm", false, write_hgrm},
    [OUTPUT_RAW] = {"--raw", true, NULL},
    [OUTPUT_HTML] = {"--html", false, write_html},
    [OUTPUT_SVG] = {"--svg", false, write_svg},
    [OUTPUT_MARKDOWN] = {"--markdown", false, write_markdown},
    [OUTPUT_JUNIT] = {"--junit", false, write_junit},
};

/* Does it hold figures alone, so that a run without any leaves the old one as it was? */
static bool has_figures_alone(enum output output) {
  return output == OUTPUT_CSV || output == OUTPUT_HGRM || output == OUTPUT_RAW || output == OUTPUT_SVG;
}

static bool is_stdout(const char *path) {
  return path != NULL && strcmp(path, "-") == 0;
}

bool outputs_choose(struct outputs *outputs, const struct settings *settings, const struct conditions *conditions,
                    char *problem) {
  memset(outputs, 0, sizeof *outputs);
  outputs->conditions = conditions;
  outputs->paths[OUTPUT_JSON] = settings->json_path;
  outputs->paths[OUTPUT_JSON_STREAM] = settings->json_stream_path;
  outputs->paths[OUTPUT_CSV] = settings->csv_path;
  outputs->paths[OUTPUT_HGRM] = settings->hgrm_path;
  outputs->paths[OUTPUT_RAW] = settings->raw_path;
  outputs->paths[OUTPUT_HTML] = settings->html_path;
  outputs->paths[OUTPUT_SVG] = settings->svg_path;
  outputs->paths[OUTPUT_MARKDOWN] = settings->markdown_path;
  outputs->paths[OUTPUT_JUNIT] = settings->junit_path;
  struct named_file files[OUTPUTS];
  for (size_t i = 0; i < OUTPUTS; i++)
    files[i] = (struct named_file){.option = rows[i].option, .path = outputs->paths[i]};
  return named_files_are_apart(files, OUTPUTS, problem);
}

bool outputs_take_stdout(const struct outputs *outputs) {
  for (size_t i = 0; i < OUTPUTS; i++)
    if (is_stdout(outputs->paths[i])) return true;
  return false;
}

static struct result_file result_file_of(const struct outputs *outputs, enum output output) {
  return (struct result_file){rows[output].option, outputs->paths[output]};
}

/* What is written meanwhile is begun, and what is written at the end is tried. */
static bool open_one(struct outputs *outputs, enum output output) {
  struct result_file file = result_file_of(outputs, output);
  if (!rows[output].is_written_meanwhile) return result_file_try(&file);
  if (result_file_takes_stdout(&file)) {
    outputs->streams[output] = stdout;
    return true;
  }
  int code = whole_file_open(file.path, &outputs->files[output]);
  outputs->streams[output] = outputs->files[output].stream;
  if (code != 0) result_file_complain(&file, code);
  return code == 0;
}

static void drop_all(struct outputs *outputs) {
  for (size_t i = 0; i < OUTPUTS; i++) {
    whole_file_drop(&outputs->files[i]);
    outputs->streams[i] = NULL;
  }
}

bool outputs_open(struct outputs *outputs) {
  for (size_t i = 0; i < OUTPUTS; i++) {
    if (outputs->paths[i] == NULL || open_one(outputs, (enum output)i)) continue;
    drop_all(outputs);
    return false;
  }
  return true;
}

static void note_failure(struct outputs *outputs, enum output output, int code) {
  outputs->codes[output] = code;
  outputs->has_failed[output] = true;
}

void outputs_record_reply(struct outputs *outputs, uint64_t rtt_ns) {
  FILE *file = outputs->streams[OUTPUT_RAW];
  if (file == NULL || outputs->has_failed[OUTPUT_RAW]) return;
  if (fprintf(file, "%llu\n", (unsigned long long)rtt_ns) < 0)
    note_failure(outputs, OUTPUT_RAW, errno != 0 ? uv_translate_sys_error(errno) : UV_EIO);
}

void outputs_record_interval(struct outputs *outputs, size_t run, const char *workload,
                             const struct result_interval *interval) {
  FILE *file = outputs->streams[OUTPUT_JSON_STREAM];
  if (file == NULL || outputs->has_failed[OUTPUT_JSON_STREAM]) return;
  int code = report_json_write_interval_event(run, workload, interval, file);
  if (code != 0) note_failure(outputs, OUTPUT_JSON_STREAM, code);
}

static int flush(FILE *stream) {
  errno = 0;
  if (fflush(stream) == 0 && !ferror(stream)) return 0;
  return errno != 0 ? uv_translate_sys_error(errno) : UV_EIO;
}

/* The end of what was written meanwhile. */
static int finish_stream(struct outputs *outputs, enum output output, const struct result *result) {
  FILE *stream = outputs->streams[output];
  int code = outputs->has_failed[output] ? outputs->codes[output] : 0;
  if (code == 0 && rows[output].write != NULL) code = rows[output].write(outputs, result, stream);
  if (stream == stdout) return code != 0 ? code : flush(stdout);
  if (code == 0) return whole_file_keep(&outputs->files[output]);
  whole_file_drop(&outputs->files[output]);
  return code;
}

/* Into memory first: what could not be made whole is not written. */
static int finish_whole(const struct outputs *outputs, const struct result_file *file, enum output output,
                        const struct result *result) {
  struct text_stream page;
  int code = text_stream_open(&page);
  if (code != 0) return code;
  code = rows[output].write(outputs, result, page.file);
  int closed = text_stream_close(&page);
  if (code == 0) code = closed;
  if (code == 0 && result_file_takes_stdout(file)) {
    fwrite(page.text, 1, page.length, stdout);
    code = flush(stdout);
  } else if (code == 0) {
    code = whole_file_write(file->path, page.text, page.length);
  }
  free(page.text);
  return code;
}

static bool has_any_figures(const struct result *result) {
  for (size_t i = 0; i < result->run_count; i++)
    if (result_has_figures(&result->runs[i])) return true;
  return false;
}

static bool finish_one(struct outputs *outputs, enum output output, const struct result *result) {
  struct result_file file = result_file_of(outputs, output);
  int code = 0;
  if (has_figures_alone(output) && !has_any_figures(result)) {
    whole_file_drop(&outputs->files[output]);
    if (!result_file_takes_stdout(&file))
      command_complain("%s: nothing was measured, so no file was written", file.option);
    return true;
  }
  code = rows[output].is_written_meanwhile ? finish_stream(outputs, output, result)
                                           : finish_whole(outputs, &file, output, result);
  if (code != 0) result_file_complain(&file, code);
  return code == 0;
}

bool outputs_finish(struct outputs *outputs, const struct result *result) {
  bool is_fine = true;
  for (size_t i = 0; i < OUTPUTS; i++)
    if (outputs->paths[i] != NULL && !finish_one(outputs, (enum output)i, result)) is_fine = false;
  return is_fine;
}
