/* What a server did wrong on purpose, in every report: so that nobody takes it for the machine's doing. */
#ifndef LOPING_CLIENT_REPORTS_FAULTS_H
#define LOPING_CLIENT_REPORTS_FAULTS_H

#include <jansson.h>
#include <stdio.h>

#include "client/result/result.h"
#include "common/schema/schema.h"
#include "common/text/style.h"

/* ", faults on: drop=1%, seed 1", the end of a line; nothing where there are none. */
void report_faults_write_on(const struct result_run *run, FILE *file);

/* Both sides: "faults: injected 41 drops, seen lost 41". Nothing where there are none. */
void report_faults_write(const struct result_run *run, const struct style *style, FILE *file);

/* A run's "faults", null where there are none, and its schema. */
json_t *report_faults_json(const struct result_run *run);
extern const struct schema_object report_faults_schema;

#endif
