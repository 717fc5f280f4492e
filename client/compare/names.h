/* How compare calls files, runs, figures and changes in its sentences. What stands in the files is escaped. */
#ifndef LOPING_CLIENT_COMPARE_NAMES_H
#define LOPING_CLIENT_COMPARE_NAMES_H

#include <jansson.h>

#include "client/compare/pair.h"

#define COMPARE_SHOWN_SIZE       96
#define COMPARE_NAME_SIZE        160
#define COMPARE_FIGURE_NAME_SIZE 96
#define COMPARE_CHANGE_SIZE      96

/* Any text, or any value of a file as a short text; "none" for NULL. */
const char *compare_show_text(const char *text, char out[COMPARE_SHOWN_SIZE]);
const char *compare_show_value(const json_t *value, char out[COMPARE_SHOWN_SIZE]);

/* "a.json" */
const char *compare_name_file(const struct compare_file *file, char out[COMPARE_SHOWN_SIZE]);

/* "latency (tcp, 64 B)" */
const char *compare_name_run(const struct compare_run *run, char out[COMPARE_NAME_SIZE]);

/* "round trip p50" */
const char *compare_name_figure(const struct compare_row *row, char out[COMPARE_FIGURE_NAME_SIZE]);

/* "+10.0 %", of a fault "0, then 136"; "" where nothing can be said. */
const char *compare_name_change(const struct compare_row *row, char out[COMPARE_CHANGE_SIZE]);

#endif
