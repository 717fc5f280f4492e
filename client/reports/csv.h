/* Results as a table for spreadsheets and data frames: a header, then one row for each run. */
#ifndef LOPING_CLIENT_REPORTS_CSV_H
#define LOPING_CLIENT_REPORTS_CSV_H

#include <stdio.h>

#include "client/result/result.h"

/* Writes comma-separated values by RFC 4180: lines end with CR LF, a text with a comma, quote or line end is quoted.
 * Columns of figures are named by their place in the result file ("rtt_ns.p99", "legs_ns.there.p50"); what does not
 * apply is empty. Returns 0 or a negative UV_ code. */
int report_csv_write(const struct result *result, FILE *file);

#endif
