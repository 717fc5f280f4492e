/* Result files, read back: what compare needs of them, every type and length checked. */
#ifndef LOPING_CLIENT_COMPARE_LOAD_H
#define LOPING_CLIENT_COMPARE_LOAD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "client/result/figures.h"

#define COMPARE_FIGURES_MAX  512
#define COMPARE_PROBLEM_SIZE 640

/* One second of a run; NAN where the file says null. */
struct compare_slice {
  double duration_ns;
  double round_trips;
  double bytes_moved;
  double rtt_p50_ns;
  double rtt_p99_ns;
};

/* A first slice that does not belong to the others, and is left out of the tests. */
struct compare_first {
  bool is_left_out;
  bool is_time;       /* the values are p50s in ns; otherwise bits a second */
  double value, rest; /* its own, and the median of the others */
};

struct compare_run {
  const struct compare_file *file;
  const json_t *workload; /* in the file's root */
  const json_t *faults;   /* what the server did wrong on purpose, its --fault; NULL: nothing */
  const json_t *failure;  /* the file's "error", of the run that it ended: its last; NULL: it did not fail */
  bool is_interrupted;
  bool is_measured; /* there is something of it to judge */
  struct compare_first first;
  double figures[COMPARE_FIGURES_MAX]; /* by compare_figure(); NAN: not in the file */
  size_t slice_count;                  /* full ones */
  struct compare_slice *slices;
};

struct compare_file {
  const char *path;
  json_t *root;
  size_t run_count;
  struct compare_run *runs;
};

/* Reads the result file at `path`, which must outlive it. Returns false with a sentence in `problem`
 * (COMPARE_PROBLEM_SIZE bytes) that names the file, the field and what is wrong. The caller frees it in both cases. */
bool compare_file_load(const char *path, struct compare_file *file, char *problem);
/* The same of bytes that were read already; `path` names them in sentences. */
bool compare_file_parse(const char *path, const char *bytes, size_t length, struct compare_file *file, char *problem);
void compare_file_free(struct compare_file *file);

/* The run's figure of that name; NAN where it has none. */
double compare_run_figure(const struct compare_run *run, const char *section, const char *field);

/* The figure of that index, in the order of result_fields; false behind the last one. */
bool compare_figure(size_t index, const struct result_section **section, const struct result_field **field);

#endif
