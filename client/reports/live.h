/* What is shown while a measurement runs: one line that renews itself on a terminal, and the lines of ping. */
#ifndef LOPING_CLIENT_REPORTS_LIVE_H
#define LOPING_CLIENT_REPORTS_LIVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define LIVE_LINE_SIZE 256

/* A moment of a run. */
struct live_progress {
  const char *name; /* of the workload */
  bool is_warming;
  uint64_t elapsed_ns; /* of the measured time */
  uint64_t total_ns;   /* that it will last; 0: not known */
  uint64_t round_trips;
  uint64_t bytes_moved;
};

/* One reply of ping. */
struct live_reply {
  uint64_t sequence;
  uint64_t bytes;
  uint64_t rtt_ns;
  bool has_legs;
  uint64_t there_ns, server_ns, back_ns;
};

/* Renews the line on a terminal. */
void live_show_progress(const struct live_progress *progress, FILE *terminal);
/* Takes the line away. */
void live_clear_progress(FILE *terminal);

/* The lines of ping, with their ends. Each writes into `line` and returns it. */
const char *live_format_reply(const struct live_reply *reply, char line[LIVE_LINE_SIZE]);
const char *live_format_timeout(uint64_t sequence, uint64_t timeout_ns, char line[LIVE_LINE_SIZE]);

/* Writes such a line, laid out, at once. */
void live_write_line(const char *line, FILE *file);

#endif
