/* The result file: one JSON object, as the README's section on it says, field by field. */
#ifndef LOPING_CLIENT_REPORTS_JSON_H
#define LOPING_CLIENT_REPORTS_JSON_H

#include <stdio.h>

#include "client/result.h"

/* Writes the object and a newline. Returns 0, or a negative UV_ code when memory ran out or the file took no more. */
int report_json_write(const struct result *result, FILE *file);

#endif
