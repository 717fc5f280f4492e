/* Slices as series; see slices.h. Knows no file. */
#include "client/compare/slices.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "client/stats/ranks.h"
#include "common/memory/memory.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Fewer slices leave too little to tell what the others are like. */
#define FIRST_SLICES_MIN 5
#define DEVIATIONS_MAX   3.5
/* Makes a standard deviation of the median absolute deviation of a normal distribution. */
#define NORMALISED 1.4826
/* Slices that hardly differ would make an outlier of any first one. */
#define DEVIATION_LEAST 0.01
#define DISTANCE_LEAST  0.05

static double p50_of(const struct compare_slice *slice) {
  return slice->round_trips > 0 ? slice->rtt_p50_ns : NAN;
}

static double p99_of(const struct compare_slice *slice) {
  return slice->round_trips > 0 ? slice->rtt_p99_ns : NAN;
}

static double bit_rate_of(const struct compare_slice *slice) {
  return slice->bytes_moved * 8e9 / slice->duration_ns;
}

static double trip_rate_of(const struct compare_slice *slice) {
  return slice->round_trips * 1e9 / slice->duration_ns;
}

/* The figures that every slice has its own value of. */
static const struct {
  const char *section;
  const char *field;
  compare_slice_value *value_of;
} slice_figures[] = {
    {"rtt_ns", "p50", p50_of},
    {"rtt_ns", "p99", p99_of},
    {"throughput", "bits_per_second", bit_rate_of},
    {"throughput", "round_trips_per_second", trip_rate_of},
};

compare_slice_value *compare_find_slice_value(const struct result_section *section, const struct result_field *field) {
  for (size_t i = 0; i < ROWS(slice_figures); i++)
    if (section->parent == NULL && strcmp(slice_figures[i].section, section->name) == 0 &&
        strcmp(slice_figures[i].field, field->name) == 0)
      return slice_figures[i].value_of;
  return NULL;
}

size_t compare_count_slices(const struct compare_side *side) {
  size_t count = 0;
  for (size_t i = 0; i < side->run_count; i++)
    count += side->runs[i]->slice_count;
  return count;
}

void compare_make_series(const struct compare_side *side, compare_slice_value *value, double *room,
                         struct compare_series *out) {
  *out = (struct compare_series){.values = room, .run_count = side->run_count};
  for (size_t r = 0; r < side->run_count; r++) {
    const struct compare_run *run = side->runs[r];
    size_t before = out->count;
    for (size_t i = run->first.is_left_out ? 1 : 0; i < run->slice_count; i++) {
      double one = value(&run->slices[i]);
      if (isfinite(one)) room[out->count++] = one;
    }
    out->run_counts[r] = out->count - before;
  }
}

/* Of the slices behind the first; returns how many have the value. */
static size_t read_others(const struct compare_run *run, compare_slice_value *value, double *logarithms) {
  size_t count = 0;
  for (size_t i = 1; i < run->slice_count; i++) {
    double one = value(&run->slices[i]);
    if (isfinite(one) && one > 0) logarithms[count++] = log(one);
  }
  return count;
}

static void judge_first(struct compare_run *run, compare_slice_value *value, double *logarithms) {
  double first = value(&run->slices[0]);
  size_t count = read_others(run, value, logarithms);
  if (count + 1 < FIRST_SLICES_MIN || !isfinite(first) || first <= 0) return;
  double middle = ranks_median(logarithms, count);
  for (size_t i = 0; i < count; i++)
    logarithms[i] = fabs(logarithms[i] - middle);
  double deviation = NORMALISED * ranks_median(logarithms, count);
  if (deviation < DEVIATION_LEAST) deviation = DEVIATION_LEAST;
  double distance = fabs(log(first) - middle);
  run->first.is_left_out = distance > DISTANCE_LEAST && distance > DEVIATIONS_MAX * deviation;
  run->first.value = first;
  run->first.rest = exp(middle);
}

bool compare_find_first(struct compare_run *run) {
  if (run->slice_count < FIRST_SLICES_MIN) return true;
  double *logarithms = memory_take_zeroed(run->slice_count, sizeof *logarithms);
  if (logarithms == NULL) return false;
  run->first.is_time = run->slices[0].round_trips > 0;
  judge_first(run, run->first.is_time ? p50_of : bit_rate_of, logarithms);
  free(logarithms);
  return true;
}
