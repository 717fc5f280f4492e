/* What compare found, for people and for programs. */
#ifndef LOPING_CLIENT_COMPARE_REPORT_H
#define LOPING_CLIENT_COMPARE_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "client/compare/conclude.h"
#include "client/compare/pair.h"

/* The files of one side of a comparison. */
struct compare_files {
  size_t count;
  const struct compare_file *files;
};

/* Prints which files are compared and in what the machines differ. */
void compare_report_files(const struct compare_files *baseline, const struct compare_files *files,
                          const struct compare_differences *environment, FILE *out);

/* Prints the figures of a pair: of legs and the like only p50 and p99, of errors only those that there were.
 * `only_changes`: only the figures that are better or worse. `columns`: how wide the table may be; lines of text are
 * laid out behind the report (layout.h). */
void compare_report_pair(const struct compare_pair *pair, const struct compare_limits *limits, bool only_changes,
                         size_t columns, FILE *out);

/* Prints how the verdicts were reached. */
void compare_report_method(const struct compare_limits *limits, const struct compare_account *account, FILE *out);

/* Prints what it all comes to. */
void compare_report_outcome(const struct compare_account *account, FILE *out);

/* The same for programs, with every figure; the caller owns the objects. NULL if memory ran out. */
json_t *compare_json_files(const struct compare_files *files);
json_t *compare_json_differences(const struct compare_differences *differences);
json_t *compare_json_pair(const struct compare_pair *pair, double threshold);
/* Sets what it all comes to. */
void compare_json_set_outcome(json_t *object, const struct compare_account *account);

#endif
