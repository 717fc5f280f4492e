/* How runs ended and what they lost: what no threshold of a figure excuses. */
#ifndef LOPING_CLIENT_COMPARE_FAULTS_H
#define LOPING_CLIENT_COMPARE_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "client/compare/decide.h"
#include "client/compare/slices.h"

#define COMPARE_FAULT_SIZE 512

/* Is it one of the counts of lost, corrupted, ... messages? */
bool compare_is_fault(const struct result_section *section);

/* Decides of such a count: `baseline` and `value` are the sums of the sides. Lost, doubled and corrupted messages where
 * the baseline has none are worse, however few; otherwise their share of all messages is compared, with the exact test
 * of two Poisson counts (J. Przyborowski and H. Wilenski, "Homogeneity of Results in Testing Samples from Poisson
 * Series", Biometrika 31, 1940). */
void compare_decide_fault(const char *name, double baseline, double value, const struct compare_side *baseline_side,
                          const struct compare_side *side, struct compare_answer *answer);

/* How many runs of the side failed, and how many measured anything. */
size_t compare_count_failed(const struct compare_side *side);
size_t compare_count_measured(const struct compare_side *side);

/* Writes what is wrong with the run as the rest of a sentence that begins with its file's name: "was interrupted",
 * "failed: ...", "lost 136", "measured nothing". Returns false, and writes nothing, of a sound one. */
bool compare_describe_faults(const struct compare_run *run, char out[COMPARE_FAULT_SIZE]);

#endif
