/* What the user asked for: the options of every command, read from the command line. */
#ifndef LOPING_CLIENT_MEASURE_SETTINGS_H
#define LOPING_CLIENT_MEASURE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/frame/command.h"
#include "client/target/target.h"
#include "common/options/options.h"

/* A number that was not given: each command has its own default. */
#define SETTING_UNSET UINT64_MAX

struct settings {
  struct common_settings common;
  const char *target_text; /* as it was typed, in argv */
  struct target target;
  bool use_udp;
  bool is_zero_copy;
  bool is_busy_poll;
  bool has_floor;
  uint64_t size_bytes;
  uint64_t connections;
  uint64_t depth;
  uint64_t messages_per_1000s;
  uint64_t duration_ns;
  uint64_t count;
  uint64_t warmup_ns;
  uint64_t interval_ns;
  uint64_t timeout_ns;
  uint64_t cpu;
  bool no_nodelay;
  bool explains; /* a connection is told first */
  uint64_t writes;
  uint64_t seed;
  const char *direction;
  const char *sizes; /* sweep: "64,1KiB,64KiB"; NULL: the usual ones */
  struct option_list fail_if;
  const char *percentiles; /* NULL: none beyond the usual ones */
  const char *json_path;   /* NULL: no such file; "-": stdout; here and below */
  const char *json_stream_path;
  const char *csv_path;
  const char *hgrm_path;
  const char *raw_path;
  const char *html_path;
  const char *svg_path;
  const char *markdown_path;
  const char *junit_path;
  bool is_quiet;
  bool no_live;
  bool allow_remote;
  const char *completion; /* NULL: not asked for */
};

/* Beside enum workload_trait: which options a command takes. */
enum settings_group {
  SETTINGS_MEASURING = 1 << 16, /* every command that measures */
  SETTINGS_SWEEPING = 1 << 17,  /* --sizes */
  SETTINGS_PROGRAM = 1 << 18,   /* what belongs to no command */
};

#define SETTINGS_ROWS_MAX COMMAND_ROWS_MAX

/* Reads the arguments after the command's word (argv[0] is that word, or the program) by the options of `groups`, and
 * the one TARGET. Returns false with a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes). */
bool settings_parse(unsigned groups, int argc, char **argv, struct settings *settings, char *problem);

/* The rows of the options of `groups`, for --help. Returns how many. */
size_t settings_rows(unsigned groups, struct option_row rows[SETTINGS_ROWS_MAX]);

#endif
