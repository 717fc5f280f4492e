/* What the user asked of `loping ports`. */
#ifndef LOPING_CLIENT_PORTS_PORTS_SETTINGS_H
#define LOPING_CLIENT_PORTS_PORTS_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/frame/command.h"
#include "client/ports/port_rows.h"

struct ports_settings {
  struct common_settings common;
  struct port_filter filter;
  bool is_filtered;
  const char *process; /* as it was typed: a name or a process id */
  const char *json_path;
  const char *expect_path;
  const char *write_path;
  const char *junit_path;
  bool watches;
  bool shows_tree;
  bool shows_peers;
  uint64_t interval_ns; /* 0: not given */
  bool is_quiet;
};

/* Reads the arguments after the command's word. Returns false with a sentence in `problem` (OPTIONS_PROBLEM_SIZE
 * bytes). */
bool ports_settings_parse(int argc, char **argv, struct ports_settings *settings, char *problem);

/* What --help says of the command. */
void ports_settings_describe(const struct command *command, struct command_help *help);

#endif
