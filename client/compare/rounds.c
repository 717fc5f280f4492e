/* Rounds of runs that were measured in turn; see rounds.h. */
#include "client/compare/rounds.h"

#include <math.h>
#include <string.h>

#include "client/stats/ranks.h"

struct start {
  const char *time; /* "2026-11-26T06:35:23Z", which sorts as it is */
  bool is_side;
  size_t run;
};

#define TIME_LENGTH 20

static bool add_starts(const struct compare_side *side, bool is_side, struct start *starts, size_t *count) {
  for (size_t i = 0; i < side->run_count; i++) {
    const char *time = json_string_value(json_object_get(side->runs[i]->file->root, "started_at"));
    if (time == NULL || strlen(time) != TIME_LENGTH || time[TIME_LENGTH - 1] != 'Z') return false;
    starts[(*count)++] = (struct start){time, is_side, i};
  }
  return true;
}

/* The files come in any order; they are few. */
static void sort_starts(struct start *starts, size_t count) {
  for (size_t i = 1; i < count; i++)
    for (size_t at = i; at > 0 && strcmp(starts[at].time, starts[at - 1].time) < 0; at--) {
      struct start one = starts[at];
      starts[at] = starts[at - 1];
      starts[at - 1] = one;
    }
}

void compare_find_rounds(const struct compare_side *baseline, const struct compare_side *side,
                         struct compare_rounds *out) {
  struct start starts[2 * COMPARE_SIDE_MAX];
  size_t count = 0;
  out->count = 0;
  if (baseline->run_count != side->run_count || side->run_count < COMPARE_ROUNDS_MIN) return;
  if (!add_starts(baseline, false, starts, &count) || !add_starts(side, true, starts, &count)) return;
  sort_starts(starts, count);
  for (size_t i = 0; i < count; i += 2) {
    const struct start *one = &starts[i], *other = &starts[i + 1];
    bool is_known_order = strcmp(one->time, other->time) < 0 && (i == 0 || strcmp(starts[i - 1].time, one->time) < 0);
    if (!is_known_order || one->is_side == other->is_side) {
      out->count = 0;
      return;
    }
    out->runs[out->count].baseline = one->is_side ? other->run : one->run;
    out->runs[out->count++].side = one->is_side ? one->run : other->run;
  }
}

static bool has_logarithms(const struct compare_series *series) {
  for (size_t i = 0; i < series->run_count; i++)
    if (series->run_counts[i] == 0) return false;
  for (size_t i = 0; i < series->count; i++)
    if (!(series->values[i] > 0)) return false;
  return true;
}

static void find_medians(const struct compare_series *series, double *room, double *medians) {
  for (size_t i = 0; i < series->run_count; i++) {
    medians[i] = ranks_median(room, series->run_counts[i]);
    room += series->run_counts[i];
  }
}

size_t compare_make_rounds(const struct compare_rounds *rounds, const struct compare_series *baseline,
                           const struct compare_series *side, double *baseline_room, double *side_room, double *out) {
  double medians[COMPARE_SIDE_MAX], side_medians[COMPARE_SIDE_MAX];
  /* Looked at first: slices that are tested by themselves have to keep their order. */
  if (rounds->count == 0 || !has_logarithms(baseline) || !has_logarithms(side)) return 0;
  find_medians(baseline, baseline_room, medians);
  find_medians(side, side_room, side_medians);
  for (size_t i = 0; i < rounds->count; i++)
    out[i] = log(side_medians[rounds->runs[i].side] / medians[rounds->runs[i].baseline]);
  return rounds->count;
}
