/* One row for each file that can be asked for; opening, writing and closing walk the rows. Knows reports, no socket. */
#include "client/measure/outputs.h"

#include <errno.h>
#include <string.h>
#include <uv.h>

#include "client/frame/command.h"
#include "client/reports/csv.h"
#include "client/reports/hgrm.h"
#include "client/reports/json.h"
#include "common/text/safe_text.h"

#define SHOWN_SIZE 512

typedef int result_writer(const struct result *result, FILE *file);

static int write_nothing(const struct result *result, FILE *file) {
  (void)result;
  return fflush(file) != 0 || ferror(file) ? UV_EIO : 0;
}

/* The first run of round trips: no command that takes --hgrm has two. Of an open loop the response time, as it is what
 * a user of the service sees. */
static int write_hgrm(const struct result *result, FILE *file) {
  for (size_t i = 0; i < result->run_count; i++) {
    const struct result_run *run = &result->runs[i];
    const struct histogram *histogram = run->response_histogram != NULL ? run->response_histogram : run->rtt_histogram;
    if (histogram != NULL) return report_hgrm_write(histogram, file);
  }
  return 0;
}

static const struct {
  const char *option;
  bool is_written_meanwhile;
  result_writer *write;
} rows[OUTPUTS] = {
    [OUTPUT_JSON] = {"--json", false, report_json_write},
    [OUTPUT_JSON_STREAM] = {"--json-stream", true, report_json_write_last_event},
    [OUTPUT_CSV] = {"--csv", false, report_csv_write},
    [OUTPUT_HGRM] = {"--hgrm", false, write_hgrm},
    [OUTPUT_RAW] = {"--raw", true, write_nothing},
};

static bool is_stdout(const char *path) {
  return path != NULL && strcmp(path, "-") == 0;
}

bool outputs_choose(struct outputs *outputs, const struct settings *settings, char *problem) {
  const char *first = NULL;
  memset(outputs, 0, sizeof *outputs);
  outputs->paths[OUTPUT_JSON] = settings->json_path;
  outputs->paths[OUTPUT_JSON_STREAM] = settings->json_stream_path;
  outputs->paths[OUTPUT_CSV] = settings->csv_path;
  outputs->paths[OUTPUT_HGRM] = settings->hgrm_path;
  outputs->paths[OUTPUT_RAW] = settings->raw_path;
  for (size_t i = 0; i < OUTPUTS; i++) {
    if (!is_stdout(outputs->paths[i])) continue;
    if (first != NULL) {
      snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s and %s cannot both go to stdout; name a file for one of them", first,
               rows[i].option);
      return false;
    }
    first = rows[i].option;
  }
  return true;
}

bool outputs_take_stdout(const struct outputs *outputs) {
  for (size_t i = 0; i < OUTPUTS; i++)
    if (is_stdout(outputs->paths[i])) return true;
  return false;
}

static const char *shown(const char *path, char out[SHOWN_SIZE]) {
  safe_text_copy(path, strlen(path), out, SHOWN_SIZE);
  return out;
}

static bool open_one(struct outputs *outputs, enum output output) {
  const char *path = outputs->paths[output];
  char text[SHOWN_SIZE];
  if (is_stdout(path)) {
    outputs->files[output] = stdout;
    return true;
  }
  /* "a" makes the file if need be, and leaves alone what is in it. */
  FILE *file = fopen(path, rows[output].is_written_meanwhile ? "w" : "a");
  if (file == NULL) {
    const char *reason = uv_strerror(uv_translate_sys_error(errno));
    command_complain("%s: cannot write '%s': %s; name a file in a folder that you may write", rows[output].option,
                     shown(path, text), reason);
    return false;
  }
  if (rows[output].is_written_meanwhile)
    outputs->files[output] = file;
  else
    fclose(file);
  return true;
}

static void close_all(struct outputs *outputs) {
  for (size_t i = 0; i < OUTPUTS; i++) {
    if (outputs->files[i] != NULL && outputs->files[i] != stdout) fclose(outputs->files[i]);
    outputs->files[i] = NULL;
  }
}

bool outputs_open(struct outputs *outputs) {
  for (size_t i = 0; i < OUTPUTS; i++) {
    if (outputs->paths[i] == NULL || open_one(outputs, (enum output)i)) continue;
    close_all(outputs);
    return false;
  }
  return true;
}

void outputs_record_reply(struct outputs *outputs, uint64_t rtt_ns) {
  FILE *file = outputs->files[OUTPUT_RAW];
  if (file == NULL || outputs->has_failed[OUTPUT_RAW]) return;
  if (fprintf(file, "%llu\n", (unsigned long long)rtt_ns) < 0) outputs->has_failed[OUTPUT_RAW] = true;
}

void outputs_record_interval(struct outputs *outputs, size_t run, const char *workload,
                             const struct result_interval *interval) {
  FILE *file = outputs->files[OUTPUT_JSON_STREAM];
  if (file == NULL || outputs->has_failed[OUTPUT_JSON_STREAM]) return;
  if (report_json_write_interval_event(run, workload, interval, file) != 0)
    outputs->has_failed[OUTPUT_JSON_STREAM] = true;
}

static bool finish_one(struct outputs *outputs, enum output output, const struct result *result) {
  const char *path = outputs->paths[output];
  FILE *file = outputs->files[output];
  char text[SHOWN_SIZE];
  if (file == NULL) file = fopen(path, "w");
  outputs->files[output] = NULL;
  bool is_fine = file != NULL && !outputs->has_failed[output] && rows[output].write(result, file) == 0;
  if (file != NULL && file != stdout && fclose(file) != 0) is_fine = false;
  if (!is_fine) command_complain("%s: the result could not be written to '%s'", rows[output].option, shown(path, text));
  return is_fine;
}

bool outputs_finish(struct outputs *outputs, const struct result *result) {
  bool is_fine = true;
  for (size_t i = 0; i < OUTPUTS; i++)
    if (outputs->paths[i] != NULL && !finish_one(outputs, (enum output)i, result)) is_fine = false;
  return is_fine;
}
