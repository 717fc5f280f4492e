/* The result file: one JSON object, of which loping-json(5) says field by field what it has. */
#ifndef LOPING_CLIENT_REPORTS_JSON_H
#define LOPING_CLIENT_REPORTS_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "client/result/result.h"

/* The object itself; the caller owns it. Of memory that ran out see json_line.h. */
json_t *report_json_object(const struct result *result);

/* Writes the object and a newline. Returns 0, or a negative UV_ code when memory ran out or the file took no more. */
int report_json_write(const struct result *result, FILE *file);

/* The same as events, an object a line: {"event":"interval","run":0,"workload":"latency", and the figures of
 * runs[].intervals[]} for each slice when it is over, and {"event":"result", and the whole result} as the last one.
 * Flushed at once. */
int report_json_write_interval_event(size_t run, const char *workload, const struct result_interval *interval,
                                     FILE *file);
int report_json_write_last_event(const struct result *result, FILE *file);

#endif
