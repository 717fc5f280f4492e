/* A command of loping: one row of the table in main.c. */
#ifndef LOPING_CLIENT_COMMAND_H
#define LOPING_CLIENT_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/reports/style.h"
#include "client/result.h"
#include "client/run.h"
#include "client/settings.h"

/* Exit statuses of the design. */
enum exit_status {
  EXIT_FINE = 0,
  EXIT_ANSWER_IS_NO = 1,
  EXIT_WRONG_USAGE = 2,
  EXIT_NOT_DONE = 3,
};

/* One measurement of a command, with the defaults of what the user may leave out. */
struct command_run {
  const struct workload *workload;
  uint64_t size_bytes;
  uint64_t duration_ns; /* 0: until --count or Ctrl-C */
  uint64_t warmup_ns;
  uint64_t interval_ns;
  bool streams_only; /* cannot be measured over UDP */
};

struct command {
  const char *name;    /* "" for the report card */
  const char *summary; /* one line */
  unsigned options;    /* enum settings_group */
  size_t run_count;
  struct command_run runs[RESULT_RUNS_MAX];
  bool has_reply_lines; /* ping: each reply is printed as it comes */
  void (*report)(const struct result *result, bool with_notes, const struct style *style);
};

/* Runs a command that measures: the plan, the runs, the reports. argv is the program's whole command line, for the
 * result file. Returns the exit status. */
int command_measure(const struct command *command, const struct settings *settings, int argc, char **argv);

#endif
