/* The numbers of a run on a page: the few that matter large, and all of them as a table. */
#ifndef LOPING_CLIENT_PUBLISH_FIGURES_H
#define LOPING_CLIENT_PUBLISH_FIGURES_H

#include <jansson.h>
#include <stdio.h>

#include "client/publish/words.h"
#include "client/result/figures.h"
#include "common/text/units.h"

#define FIGURES_MAIN_MAX 8

/* One of the few: where it stands in the run's JSON, and how it is called. */
struct main_figure {
  const char *section, *field; /* "rtt_ns", "p99" */
  const char *label;
  const char *word; /* that explains it; NULL: none */
  enum field_kind kind;
  double value;
};

/* The figures that a run of this kind is measured for, as far as it has them. Returns their number. */
size_t figures_main(const json_t *run, struct main_figure figures[FIGURES_MAIN_MAX]);

/* The few, in boxes. `number`: of the run in its file. */
void figures_write_main(const json_t *run, size_t number, struct words *words, FILE *out);

/* All that the run has. Each has its exact value, and its place in the file. */
void figures_write_table(const json_t *run, size_t number, FILE *out);

/* What was checked, and what was found: in words, and never by colour alone. */
void figures_write_check(const json_t *run, FILE *out);

#endif
