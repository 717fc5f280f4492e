/* The report of `loping anatomy`: where the time of a round trip goes, part by part, and in words what dominates. */
#ifndef LOPING_CLIENT_REPORTS_ANATOMY_H
#define LOPING_CLIENT_REPORTS_ANATOMY_H

#include "client/reports/text.h"

void report_anatomy_write(const struct result_run *run, bool with_notes, const struct style *style, FILE *file);

#endif
