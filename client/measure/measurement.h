/* What the parts of a measuring command need of each other while it runs. */
#ifndef LOPING_CLIENT_MEASURE_MEASUREMENT_H
#define LOPING_CLIENT_MEASURE_MEASUREMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/measure/command_measure.h"
#include "client/measure/conditions.h"
#include "client/measure/outputs.h"
#include "client/measure/settings.h"
#include "client/result/result.h"
#include "client/run/run.h"
#include "client/stats/percentiles.h"

struct live_board;

/* One run of a command, with the defaults of what the user may leave out. */
struct measure_row {
  const struct workload *workload;
  struct workload_defaults defaults;
};

struct measurement {
  const struct measure_kind *kind;
  const struct settings *settings;
  size_t row_count;
  struct measure_row rows[RESULT_RUNS_MAX];
  struct conditions conditions;       /* --fail-if */
  struct percentile_list percentiles; /* --percentiles */
  struct outputs outputs;
  struct result result;
  bool prints_text;         /* stdout is for people */
  bool shows_progress;      /* stderr is a terminal */
  struct live_board *board; /* the view; NULL: none */
  bool is_unread;           /* stdout takes no more: its reader has gone */
  size_t candidate_count;
  struct endpoint candidates[ADDRESS_RESOLVED_MAX];
};

/* Makes the rows of the command. False with a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes). */
bool measurement_make_rows(struct measurement *measurement, char *problem);

/* Finds the addresses that the target means and refuses those beyond this machine; says on stderr what is wrong.
 * Returns an exit status, EXIT_FINE when the candidates are there. */
int measurement_find_target(struct measurement *measurement);

/* What a row of the command means with the user's settings. */
void measurement_make_plan(const struct measurement *measurement, const struct measure_row *row, struct run_plan *plan);

/* Is the plan possible? Says on stderr why not. */
bool measurement_is_possible(const struct measurement *measurement, const struct run_plan *plan);

/* Nothing was lost on the way to the server: the result's explanation says what else kept the figures from coming, with
 * `step` as the way out, and it is printed on stderr. */
void measurement_explain(struct measurement *measurement, int code, const char *name, const char *happened,
                         const char *step);

/* Notes of each run where the target's name means two addresses on which two programs share the port. After the runs.
 */
void measurement_note_two_servers(struct measurement *measurement);

/* Turns a failure into the result's explanation and prints it on stderr. */
void measurement_explain_failure(struct measurement *measurement, struct client_failure *failure);

#endif
