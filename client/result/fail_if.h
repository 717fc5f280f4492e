/*
 * Conditions on a result, as --fail-if takes them: "p99>200us", "bits_per_second<1G", "lost>0", "corrupted".
 * A condition that is true of a run breaks it. Pure: reads and judges, prints nothing.
 *
 *   FIGURE COMPARISON VALUE     FIGURE: a field of result_fields ("p99", "there.p50"), or any percentile ("p95")
 *   FIGURE                      short for FIGURE>0, where the figure is a count
 */
#ifndef LOPING_CLIENT_RESULT_FAIL_IF_H
#define LOPING_CLIENT_RESULT_FAIL_IF_H

#include <stdbool.h>
#include <stddef.h>

#include "client/result/figures.h"

#define FAIL_IF_NAME_SIZE     64
#define FAIL_IF_PROBLEM_SIZE  1024
#define FAIL_IF_SENTENCE_SIZE 256

enum fail_if_comparison {
  FAIL_IF_ABOVE,
  FAIL_IF_AT_LEAST,
  FAIL_IF_BELOW,
  FAIL_IF_AT_MOST,
  FAIL_IF_EQUAL,
  FAIL_IF_DIFFERENT,
};

struct fail_if {
  const char *text;             /* as it was typed */
  char name[FAIL_IF_NAME_SIZE]; /* of the figure, as it was typed */
  const struct result_section *section;
  const struct result_field *field; /* NULL: the percentile below, of the round trips */
  double percent;
  enum fail_if_comparison comparison;
  double limit; /* in the field's own unit: ns, bytes, bits a second, ... */
};

/* Reads one condition. `text` must outlive it. Returns false with a sentence in `problem` (FAIL_IF_PROBLEM_SIZE bytes)
 * that names the condition, what is wrong with it and what is known. */
bool fail_if_parse(const char *text, struct fail_if *condition, char *problem);

/* Can a run of this kind break the condition? A stream has no round trips. Where streams are measured beside messages
 * (`has_streams`: the report card), a limit on bytes or bits means the streams. */
bool fail_if_concerns(const struct fail_if *condition, bool is_stream, bool has_streams);

/* Was the figure measured in this run? */
bool fail_if_applies(const struct fail_if *condition, const struct result_run *run);

/* Is the condition true of this run, to which it applies? */
bool fail_if_is_broken(const struct fail_if *condition, const struct result_run *run);

/* Says of a broken condition by how much: "p99 is 231 us, 31.0 us (15 %) above 200 us". Writes into `out`
 * (FAIL_IF_SENTENCE_SIZE bytes) and returns it. */
const char *fail_if_explain(const struct fail_if *condition, const struct result_run *run, char *out);

#endif
