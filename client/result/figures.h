/*
 * One row for each number that a run reports: its name in the result file, its label for people, its unit, and where it
 * stands in struct result_run. Every report walks these rows.
 */
#ifndef LOPING_CLIENT_RESULT_FIGURES_H
#define LOPING_CLIENT_RESULT_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "client/result/result.h"
#include "common/text/units.h"

enum field_kind {
  FIELD_COUNT,           /* uint64_t */
  FIELD_NS,              /* uint64_t */
  FIELD_NS_REAL,         /* double */
  FIELD_BYTES,           /* uint64_t */
  FIELD_BITS_PER_SECOND, /* double */
  FIELD_PER_SECOND,      /* double */
};

struct result_field {
  const char *name;  /* "p99_9" */
  const char *label; /* "p99.9" */
  enum field_kind kind;
  size_t offset; /* in the section's struct */
};

/* A group of fields, an object of its own in the result file. */
struct result_section {
  const char *name;   /* "rtt_ns" */
  const char *parent; /* the object that it stands in, or NULL: the run itself */
  const char *label;  /* "round trip" */
  size_t offset;      /* of its struct in struct result_run */
  size_t presence;    /* of the bool in struct result_run that says whether it applies */
  const struct result_field *fields;
  size_t field_count;
};

extern const struct result_section result_sections[];
extern const size_t result_section_count;

/* The section of that name, or NULL. */
const struct result_section *result_section_find(const char *name);

/* Are its fields those of a distribution: count, min, ..., p50, ..., max? */
bool result_section_is_distribution(const struct result_section *section);

bool result_section_applies(const struct result_section *section, const struct result_run *run);

/* A field's value. Counts are exact up to 2^53. */
double result_field_value(const struct result_section *section, const struct result_field *field,
                          const struct result_run *run);

/* True for the kinds that are whole numbers. */
bool result_field_is_whole(const struct result_field *field);

/* Each writes a value with its unit for people. */
const char *result_field_format_value(enum field_kind kind, double value, char out[UNITS_TEXT_SIZE]);
const char *result_field_format(const struct result_section *section, const struct result_field *field,
                                const struct result_run *run, char out[UNITS_TEXT_SIZE]);

#endif
