/* What the user asked for: the options of every command, read from the command line. */
#ifndef LOPING_CLIENT_MEASURE_SETTINGS_H
#define LOPING_CLIENT_MEASURE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"
#include "common/options/options.h"

/* A number that was not given: each command has its own default. */
#define SETTING_UNSET UINT64_MAX

struct settings {
  const char *target_text; /* as it was typed, in argv */
  struct target target;
  bool use_udp;
  bool is_zero_copy;
  bool is_busy_poll;
  bool has_floor;
  uint64_t size_bytes;
  uint64_t connections;
  uint64_t depth;
  uint64_t rate_per_second;
  uint64_t duration_ns;
  uint64_t count;
  uint64_t warmup_ns;
  uint64_t interval_ns;
  uint64_t timeout_ns;
  uint64_t cpu;
  bool no_nodelay;
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
  bool is_quiet;
  bool no_color;
  bool allow_remote;
  bool wants_help;
  bool wants_version;
};

/* Which options a command takes: one bit each, in the order of the table in settings.c. */
enum settings_group {
  SETTINGS_ALWAYS = 1 << 0,    /* --help, --version */
  SETTINGS_MEASURING = 1 << 1, /* every command that measures */
  SETTINGS_LATENCY = 1 << 2,
  SETTINGS_THROUGHPUT = 1 << 3,
  SETTINGS_PING = 1 << 4,
  SETTINGS_CARD = 1 << 5,
  SETTINGS_CONNECT = 1 << 6,
  SETTINGS_SWEEP = 1 << 7,
  SETTINGS_ANATOMY = 1 << 8,
};

/* Reads the arguments after the command's word (argv[0] is that word, or the program) by the options of `groups`, and
 * the one TARGET. Returns false with a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes). */
bool settings_parse(unsigned groups, int argc, char **argv, struct settings *settings, char *problem);

/* Calls `write` with each line of --help for the options of `groups`. */
void settings_write_help(unsigned groups, void (*write)(void *owner, const char *line), void *owner);

#endif
