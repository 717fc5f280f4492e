/* What the user asked of `loping wait`. */
#ifndef LOPING_CLIENT_WAIT_WAIT_SETTINGS_H
#define LOPING_CLIENT_WAIT_WAIT_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "client/frame/command.h"
#include "client/wait/wait_rules.h"

struct wait_settings {
  struct common_settings common;
  bool use_tcp;
  bool use_udp;
  bool is_free;
  uint64_t http_status; /* 0: not asked for */
  uint64_t timeout_ns;
  const char *json_path;
  bool is_quiet;
  enum wait_goal goal;
};

/* Reads the arguments after the command's word; `parsed` then holds the ports as they were typed. Returns false with a
 * sentence in parsed->problem. */
bool wait_settings_parse(int argc, char **argv, struct wait_settings *settings, struct options_parsed *parsed);

/* What --help says of the command. */
void wait_settings_describe(const struct command *command, struct command_help *help);

#endif
