/* Results for people, on a terminal or in a file. */
#ifndef LOPING_CLIENT_REPORTS_TEXT_H
#define LOPING_CLIENT_REPORTS_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "client/result/result.h"
#include "common/text/style.h"

/* One run of `loping latency` or `loping throughput`, with what its figures mean. `with_notes` adds its notes. */
void report_text_write(const struct result_run *run, bool with_notes, const struct style *style, FILE *file);

/* The end of `loping ping`. */
void report_text_write_ping_summary(const struct result_run *run, bool with_notes, const struct style *style,
                                    FILE *file);

/* The report card: a run of latency and one of throughput, and the machine, on one screen. A missing run is NULL. */
void report_text_write_card(const struct result *result, bool with_notes, const struct style *style, FILE *file);

/* The table of `loping sweep`. */
void report_text_write_sweep(const struct result *result, bool with_notes, const struct style *style, FILE *file);

/* Pieces that the above share. */
void report_text_write_heading(const struct result_run *run, const struct style *style, FILE *file);
void report_text_write_check_all(const struct result *result, const struct style *style, FILE *file);
/* The notes of all runs, each sentence once: what concerns the machine would come with every run. */
void report_text_write_notes_once(const struct result *result, const struct style *style, FILE *file);
void report_text_write_check(const struct result_run *run, const struct style *style, FILE *file);
void report_text_write_legs(const struct result_run *run, FILE *file);
void report_text_write_percentiles(const struct result_run *run, FILE *file);
void report_text_write_note(const char *note, const struct style *style, FILE *file);
void report_text_write_peer(const struct result_run *run, FILE *file);

#endif
