/* Distributions for people: one line of column names, then one line each. */
#ifndef LOPING_CLIENT_REPORTS_TABLE_H
#define LOPING_CLIENT_REPORTS_TABLE_H

#include <stdio.h>

#include "client/result/result.h"
#include "common/text/style.h"

struct table_row {
  const char *label; /* at most 9 columns: with the figures it makes 79 */
  enum figure figure;
};

/* Writes min, the usual percentiles and max of each row. Rows that were not measured are left out. */
void table_write(const struct result_run *run, const struct table_row *rows, size_t count, const struct style *style,
                 FILE *file);

#endif
