/* What --junit tells a CI system of a measurement: a case for each --fail-if, and one for the data itself. */
#ifndef LOPING_CLIENT_MEASURE_JUNIT_REPORT_H
#define LOPING_CLIENT_MEASURE_JUNIT_REPORT_H

#include <stdio.h>

#include "client/measure/conditions.h"

/* Returns 0, or UV_ENOMEM. */
int junit_report_write(const struct conditions *conditions, const struct result *result, FILE *file);

#endif
