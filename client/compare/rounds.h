/*
 * Runs of two sides that were measured in turn (a, b, b, a, ...), as rounds: each is a run of one side and the one of
 * the other that was measured next to it. A machine that grows slower by and by slows both runs of a round alike, so
 * that their ratio says more than the two sides as a whole.
 */
#ifndef LOPING_CLIENT_COMPARE_ROUNDS_H
#define LOPING_CLIENT_COMPARE_ROUNDS_H

#include "client/compare/slices.h"

/* Of fewer, what is left between the ends says little of how much they differ. */
#define COMPARE_ROUNDS_MIN 8

struct compare_rounds {
  size_t count; /* 0: the runs were not measured in turn, or are too few */
  struct {
    size_t baseline, side; /* of the side's runs */
  } runs[COMPARE_SIDE_MAX];
};

/* By when the files say that their measuring began. */
void compare_find_rounds(const struct compare_side *baseline, const struct compare_side *side,
                         struct compare_rounds *out);

/* The logarithm of how much larger the new side's median slice of each round is, in `out` (COMPARE_SIDE_MAX). The
 * rooms hold the series' values, and are sorted within each run. Returns the number of rounds; 0, and nothing is
 * sorted, where a run has no slice of the figure, or one that is not positive. */
size_t compare_make_rounds(const struct compare_rounds *rounds, const struct compare_series *baseline,
                           const struct compare_series *side, double *baseline_room, double *side_room, double *out);

#endif
