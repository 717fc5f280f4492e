/*
 * One row for each number that a run reports: its name in the result file, its label for people, its unit, and where it
 * stands in struct result_run. Every report walks these rows.
 */
#ifndef LOPING_CLIENT_RESULT_FIGURES_H
#define LOPING_CLIENT_RESULT_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/result/result.h"
#include "common/text/units.h"

enum field_kind {
  FIELD_COUNT,           /* uint64_t */
  FIELD_NS,              /* uint64_t */
  FIELD_NS_REAL,         /* double */
  FIELD_BYTES,           /* uint64_t */
  FIELD_BITS_PER_SECOND, /* double */
  FIELD_PER_SECOND,      /* double */
  FIELD_NUMBER,          /* double: a ratio, or so many CPUs */
  FIELD_PERCENT,         /* double */
};

/* Which end of an interval a field is. */
enum field_end { FIELD_ALONE, FIELD_LOW, FIELD_HIGH };

struct result_field {
  const char *name;  /* "p99_9" */
  const char *label; /* "p99.9" */
  enum field_kind kind;
  size_t offset;       /* in the section's struct */
  size_t presence;     /* of a bool in it that says whether the field is known; FIELD_ALWAYS, FIELD_UNLESS_ZERO */
  enum field_end end;  /* low and high have one name and make one pair in the result file */
  const char *meaning; /* a sentence for the result file's schema */
};

#define FIELD_ALWAYS      SIZE_MAX
#define FIELD_UNLESS_ZERO (SIZE_MAX - 1)

/* A group of fields, an object of its own in the result file. */
struct result_section {
  const char *name;   /* "rtt_ns"; "": its fields stand in the parent itself */
  const char *parent; /* the object that it stands in, or NULL: the run itself */
  const char *label;  /* "round trip" */
  size_t offset;      /* of its struct in struct result_run */
  size_t presence; /* of the bool in struct result_run that says whether it applies; of a distribution its count does */
  const struct result_field *fields;
  size_t field_count;
  const char *meaning; /* as a field's */
};

/* What several sections stand in. */
struct result_group {
  const char *name;
  const char *meaning;
};

extern const struct result_group result_groups[];
extern const size_t result_group_count;

extern const struct result_section result_sections[];
extern const size_t result_section_count;

/* The section of that name that stands in no other, or NULL. */
const struct result_section *result_section_find(const char *name);

/* The section of a distribution. */
const struct result_section *result_section_of(enum figure figure);

/* The whole name of a field: "legs_ns.there.p50", "cpu_use.steal_percent", "confidence.p50_ns.low". */
#define RESULT_PATH_SIZE 96
const char *result_field_path(const struct result_section *section, const struct result_field *field,
                              char out[RESULT_PATH_SIZE]);

/* Is this number known of this run? */
bool result_field_applies(const struct result_section *section, const struct result_field *field,
                          const struct result_run *run);

/* The rows of one interval of a run, as the result file and --json-stream have them; offsets are in struct
 * result_interval. */
extern const struct result_field result_interval_fields[];
extern const size_t result_interval_field_count;

/* The value of a field of the struct at `at`. */
double result_field_read(const struct result_field *field, const void *at);
bool result_field_is_known(const struct result_field *field, const void *at);

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
