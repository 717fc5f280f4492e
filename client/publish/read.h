/*
 * Results as they are published: read from the JSON of a result file, which anybody may have written. What is missing
 * or of another type is not there; nothing here fails.
 */
#ifndef LOPING_CLIENT_PUBLISH_READ_H
#define LOPING_CLIENT_PUBLISH_READ_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "client/result/figures.h"

/* As many as a chart has lines for. */
#define PUBLISH_RESULTS_MAX 8

/* What is published together. */
struct publish {
  size_t count;
  const char *names[PUBLISH_RESULTS_MAX]; /* of the files, as they were typed; "" where there is one alone */
  const json_t *results[PUBLISH_RESULTS_MAX];
  const json_t *comparison; /* as compare --json has it, the first result as the baseline; NULL: none */
};

/* The object's number of that name, not below 0; NAN where there is none. */
double read_number(const json_t *object, const char *key);

/* Its text; "" where there is none. */
const char *read_text(const json_t *object, const char *key);

/* The object or array of that name; NULL where there is none. */
const json_t *read_group(const json_t *object, const char *key);

/* The run's figure; NAN where it has none. */
double read_figure(const json_t *run, const struct result_section *section, const struct result_field *field);

/* The same by names: the section alone, or "legs_ns.there". */
double read_figure_named(const json_t *run, const char *section, const char *field);

/* The result's run that measured what `run` did: of several the one at that place, else the first. NULL where there is
 * none. Sets *number to where it stands. */
const json_t *read_same_run(const json_t *result, const json_t *run, size_t *number);

/* Are its figures those of a stream, without round trips? */
bool read_is_stream(const json_t *run);

/* "latency to 127.0.0.1:62893 (tcp)". */
#define READ_TITLE_SIZE 512
const char *read_title(const json_t *run, char out[READ_TITLE_SIZE]);

/* "round trips of 64 B, one at a time; 3.00 s after 300 ms of warm-up". */
const char *read_conditions(const json_t *run, char out[READ_TITLE_SIZE]);

/* How many echoes were not as they should be: lost, doubled, changed, late, or without a connection. */
double read_errors(const json_t *run);

#endif
