/* Two sides of result files: which runs belong together, in what they differ, and what is decided of each figure. */
#ifndef LOPING_CLIENT_COMPARE_PAIR_H
#define LOPING_CLIENT_COMPARE_PAIR_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "client/compare/decide.h"
#include "client/compare/load.h"
#include "client/compare/rounds.h"
#include "client/compare/slices.h"

#define COMPARE_DIFFERENCES_MAX 32

/* One thing that is not the same in both. The values are the files' own; NULL: not in the file. */
struct compare_difference {
  const char *name;
  const json_t *baseline;
  const json_t *value;
};

struct compare_differences {
  size_t count;
  struct compare_difference rows[COMPARE_DIFFERENCES_MAX];
};

struct compare_row {
  const struct result_section *section;
  const struct result_field *field;
  double baseline; /* of several runs the median, of errors the sum; NAN: not in the file */
  double value;
  struct compare_answer answer;
};

/* What the user asks for, as shares: 0.02 is 2 %. */
struct compare_limits {
  double threshold; /* what is worse by more is a regression */
  double smallest;  /* change worth naming */
};

/* Runs that belong together. */
struct compare_pair {
  struct compare_side baseline;
  struct compare_side side;
  struct compare_rounds rounds;
  struct compare_differences differences; /* of the workloads; not empty: no verdicts */
  size_t row_count;
  struct compare_row rows[COMPARE_FIGURES_MAX];
};

/* In what the machines differ: every plain value of "environment" but the load, which is never the same. */
void compare_environments(const struct compare_file *baseline, const struct compare_file *file,
                          struct compare_differences *out);

/* Finds the baseline's run that measured the same as `run`, else one that measured the same kind of thing; NULL when
 * there is none. */
const struct compare_run *compare_find_run(const struct compare_file *baseline, const struct compare_run *run);

/* Decides of every figure that both sides have. Returns false when memory ran out. */
bool compare_pair_make(const struct compare_side *baseline, const struct compare_side *side, double smallest,
                       struct compare_pair *out);

#endif
