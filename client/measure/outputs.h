/* The files that a measuring command writes beside its text: --json, --html and the like. */
#ifndef LOPING_CLIENT_MEASURE_OUTPUTS_H
#define LOPING_CLIENT_MEASURE_OUTPUTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "client/frame/whole_file.h"
#include "client/measure/conditions.h"
#include "client/measure/settings.h"
#include "client/result/result.h"

enum output {
  OUTPUT_JSON,
  OUTPUT_JSON_STREAM,
  OUTPUT_CSV,
  OUTPUT_HGRM,
  OUTPUT_RAW,
  OUTPUT_HTML,
  OUTPUT_SVG,
  OUTPUT_MARKDOWN,
  OUTPUT_JUNIT,
  OUTPUTS
};

struct outputs {
  const struct conditions *conditions; /* of --fail-if, the caller's */
  const char *paths[OUTPUTS];          /* as they were typed; NULL: not asked for; "-": stdout */
  /* From outputs_open() to outputs_finish(), where something is written meanwhile: */
  struct whole_file files[OUTPUTS]; /* not of stdout */
  FILE *streams[OUTPUTS];
  bool has_failed[OUTPUTS];
  int codes[OUTPUTS]; /* why */
};

/* Takes the paths from the settings. Two for stdout or for one file would mix: then false, with a sentence in `problem`
 * (OPTIONS_PROBLEM_SIZE bytes). */
bool outputs_choose(struct outputs *outputs, const struct settings *settings, const struct conditions *conditions,
                    char *problem);

/* True when one of them is stdout, so that nothing else may be printed there. */
bool outputs_take_stdout(const struct outputs *outputs);

/* Before anything is measured: opens what is written meanwhile, and tries whether the others can be written, without
 * losing what they hold. Says on stderr which cannot be, and returns false with all closed; after true,
 * outputs_finish() must follow. */
bool outputs_open(struct outputs *outputs);

/* While it runs: one line each, if asked for. A file that takes no more is told of at the end. */
void outputs_record_reply(struct outputs *outputs, uint64_t rtt_ns);
void outputs_record_interval(struct outputs *outputs, size_t run, const char *workload,
                             const struct result_interval *interval);

/* Writes all that is to be written of the result, each file whole or not at all. A file of figures alone stays as it
 * was where there are none. Says on stderr what could not be written; false then. */
bool outputs_finish(struct outputs *outputs, const struct result *result);

#endif
