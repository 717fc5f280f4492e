/* How close a run came to the machine's limit, in words. */
#ifndef LOPING_CLIENT_REPORTS_FLOOR_H
#define LOPING_CLIENT_REPORTS_FLOOR_H

#include <stdio.h>

#include "client/result/result.h"
#include "common/text/style.h"

/* Nothing without a floor. */
void report_floor_write(const struct result_run *run, const struct style *style, FILE *file);

#endif
