/* Percentiles by number, as --percentiles and --fail-if take them. Pure. */
#ifndef LOPING_CLIENT_STATS_PERCENTILES_H
#define LOPING_CLIENT_STATS_PERCENTILES_H

#include <stdbool.h>
#include <stddef.h>

#define PERCENTILES_MAX 16

struct percentile_list {
  size_t count;
  double values[PERCENTILES_MAX]; /* as they were given: each above 0 and at most 100 */
};

/* Reads the `length` bytes of `text` as one such as "50" or "99.999". */
bool percentile_parse(const char *text, size_t length, double *percent);

/* Reads "50,75,99.999". Returns false with a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes). */
bool percentiles_parse_list(const char *text, struct percentile_list *list, char *problem);

#endif
