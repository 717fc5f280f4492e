/* What the command line of lopong asks for. Plain data. */
#ifndef LOPING_SERVER_SETTINGS_SETTINGS_H
#define LOPING_SERVER_SETTINGS_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/options/options.h"
#include "server/fault/spec.h"

#define SETTINGS_UNSENT_LEAST_BYTES 1024
#define SETTINGS_THREADS_MAX        256

struct settings {
  struct option_list binds; /* as typed; empty: 127.0.0.1 */
  uint16_t port;
  bool names_port;    /* by an option */
  uint64_t try_ports; /* how many more numbers to try when the port is in use */
  bool tcp;
  bool udp;
  bool names_transports;         /* by an option; otherwise the two above are the default */
  struct option_list unix_paths; /* "@name" of an abstract one */
  bool allow_remote;
  uint64_t max_connections; /* 0: no limit but that of the descriptors */
  uint64_t idle_timeout_ns; /* 0: never */
  uint64_t max_unsent_bytes;
  bool busy_poll;
  bool http;
  uint64_t threads;               /* at least 1 */
  struct option_list fault_texts; /* as typed */
  struct fault_spec faults;
  uint64_t fault_seed;
  const char *user; /* to become once all is bound; NULL: stay */
  bool no_sandbox;
  bool json;
  bool quiet;
  bool verbose;
  bool live;
  bool explain;  /* start and end are told step by step */
  bool no_color; /* of the view; and here */
  bool ascii;
  bool help;
  bool full_help;
  const char *completion; /* the shell; NULL: not asked for */
  bool schema;
  bool version;
};

#endif
