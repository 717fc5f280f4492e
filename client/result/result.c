/* The plain data of a measurement. Knows no socket and no report. */
#include "client/result/result.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"

void result_run_init(struct result_run *run) {
  memset(run, 0, sizeof *run);
}

void result_run_clear(struct result_run *run) {
  histogram_free(run->rtt_histogram);
  histogram_free(run->response_histogram);
  free(run->intervals);
  run->rtt_histogram = run->response_histogram = NULL;
  run->intervals = NULL;
  run->interval_count = 0;
}

void result_clear(struct result *result) {
  for (size_t i = 0; i < result->run_count; i++)
    result_run_clear(&result->runs[i]);
  port_report_free(result->sockets);
  result->run_count = 0;
  result->sockets = NULL;
}

static bool is_power_of_two(size_t number) {
  return (number & (number - 1)) == 0;
}

bool result_run_add_interval(struct result_run *run, const struct result_interval *interval) {
  size_t count = run->interval_count;
  if (count == RESULT_INTERVALS_MAX) return false;
  /* Room doubles whenever the count reaches a power of two. */
  if (is_power_of_two(count)) {
    size_t room = count == 0 ? 1 : count * 2;
    struct result_interval *larger = memory_grow(run->intervals, room * sizeof *larger);
    if (larger == NULL) return false;
    run->intervals = larger;
  }
  run->intervals[run->interval_count++] = *interval;
  return true;
}

void result_run_add_note(struct result_run *run, const char *format, ...) {
  va_list arguments;
  if (run->note_count == RESULT_NOTES_MAX) return;
  va_start(arguments, format);
  vsnprintf(run->notes[run->note_count], RESULT_NOTE_SIZE, format, arguments);
  run->note_formats[run->note_count++] = format;
  va_end(arguments);
}

void result_run_add_percentiles(struct result_run *run, const struct percentile_list *list) {
  if (run->rtt_histogram == NULL) return;
  run->percentile_count = list->count;
  for (size_t i = 0; i < list->count; i++) {
    struct result_percentile *one = &run->percentiles[i];
    one->percent = list->values[i];
    one->rtt_ns = histogram_percentile(run->rtt_histogram, one->percent);
    if (run->response_histogram == NULL) continue;
    one->response_ns = histogram_percentile(run->response_histogram, one->percent);
  }
}

void distribution_of(const struct histogram *histogram, struct distribution *out) {
  out->count = histogram_count(histogram);
  out->min = histogram_min(histogram);
  out->mean = histogram_mean(histogram);
  out->stddev = histogram_stddev(histogram);
  out->p50 = histogram_percentile(histogram, 50);
  out->p90 = histogram_percentile(histogram, 90);
  out->p99 = histogram_percentile(histogram, 99);
  out->p99_9 = histogram_percentile(histogram, 99.9);
  out->p99_99 = histogram_percentile(histogram, 99.99);
  out->max = histogram_max(histogram);
}

bool result_has(const struct result_run *run, enum figure figure) {
  return run->figures[figure].count > 0;
}

bool result_has_figures(const struct result_run *run) {
  const struct result_errors *errors = &run->errors;
  bool has_stream = run->workload.direction != NULL && run->has_throughput;
  bool has_errors = result_has_bad_data(run) || errors->reordered > 0 || errors->timed_out > 0;
  return run->is_measured && (result_has(run, FIGURE_RTT) || has_stream || has_errors);
}

bool result_has_bad_data(const struct result_run *run) {
  const struct result_errors *errors = &run->errors;
  if (run->server_count.is_known && run->server_count.server_bytes != run->server_count.client_bytes) return true;
  return errors->lost > 0 || errors->duplicated > 0 || errors->corrupted > 0;
}
