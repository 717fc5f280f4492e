/* What compare found, for people and for programs. */
#ifndef LOPING_CLIENT_COMPARE_REPORT_H
#define LOPING_CLIENT_COMPARE_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "client/compare/pair.h"

/* Prints which two files are compared and in what the machines differ. */
void compare_report_files(const struct compare_file *baseline, const struct compare_file *file,
                          const struct compare_differences *environment, FILE *out);

/* Prints the figures of a pair: of legs and the like only p50 and p99, of errors only those that there were.
 * `only_changes`: only the figures that are better or worse. */
void compare_report_pair(const struct compare_pair *pair, double threshold, bool only_changes, FILE *out);

/* Prints how the verdicts were reached. */
void compare_report_method(double threshold, FILE *out);

/* The same for programs, with every figure; the caller owns the objects. NULL if memory ran out. */
json_t *compare_json_differences(const struct compare_differences *differences);
json_t *compare_json_pair(const struct compare_pair *pair, double threshold);

/* "latency (tcp, 64 B)", in `text` (COMPARE_NAME_SIZE bytes). */
#define COMPARE_NAME_SIZE 160
const char *compare_name_run(const struct compare_run *run, char *text);

#endif
