/*
 * The commands that measure. Which workloads a command runs, and how it reports them, is a row of main.c's table:
 * `subject` points to a struct measure_kind.
 */
#ifndef LOPING_CLIENT_MEASURE_COMMAND_MEASURE_H
#define LOPING_CLIENT_MEASURE_COMMAND_MEASURE_H

#include <stddef.h>
#include <stdio.h>

#include "client/frame/command.h"
#include "client/result/result.h"
#include "client/run/workload.h"
#include "common/text/style.h"

#define MEASURE_WORKLOADS_MAX 2

struct measure_kind {
  size_t workload_count;
  const struct workload *workloads[MEASURE_WORKLOADS_MAX];
  bool is_sweep; /* the workloads for each of several sizes, in short runs */
  void (*report)(const struct result *result, bool with_notes, const struct style *style, FILE *file);
};

int command_measure(const struct invocation *invocation);

/* What --help says of such a command. */
void command_measure_describe(const struct command *command, struct command_help *help);

/* The reports: of each run by itself, of ping, anatomy, the report card, and a sweep. */
void report_runs(const struct result *result, bool with_notes, const struct style *style, FILE *file);
void report_ping(const struct result *result, bool with_notes, const struct style *style, FILE *file);
void report_anatomy(const struct result *result, bool with_notes, const struct style *style, FILE *file);
void report_card(const struct result *result, bool with_notes, const struct style *style, FILE *file);
void report_sweep(const struct result *result, bool with_notes, const struct style *style, FILE *file);

#endif
