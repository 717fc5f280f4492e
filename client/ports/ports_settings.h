/* What the user asked of `loping ports`. */
#ifndef LOPING_CLIENT_PORTS_PORTS_SETTINGS_H
#define LOPING_CLIENT_PORTS_PORTS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/ports/port_rows.h"

struct ports_settings {
  struct port_filter filter;
  bool is_filtered;
  const char *process; /* as it was typed: a name or a process id */
  const char *json_path;
  const char *expect_path;
  bool watches;
  uint64_t interval_ns; /* 0: not given */
  bool is_quiet;
  bool no_color;
  bool wants_help;
  bool wants_version;
};

/* Reads the arguments after the command's word. Returns false with a sentence in `problem` (OPTIONS_PROBLEM_SIZE
 * bytes). */
bool ports_settings_parse(int argc, char **argv, struct ports_settings *settings, char *problem);

/* Calls `write` with each line of --help. */
void ports_settings_write_help(void (*write)(void *owner, const char *line), void *owner);

#endif
