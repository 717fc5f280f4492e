/*
 * The command line of lopong: one row per option, one rule per bad combination.
 *
 * Defining an option (a row) stands apart from judging it (a rule). Knows no socket and looks nothing up.
 */
#include "server/settings/command_line.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "common/io/unix_socket.h"
#include "common/net/address.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"

#define FIELD(name) offsetof(struct settings, name)

/* clang-format off */
static const struct option_row rows[] = {
  {"bind",            'b', OPTION_LIST,     FIELD(binds),            "ADDR",     0, 0, NULL,
   "listen on this address or name; may be repeated (default 127.0.0.1)"},
  {"port",            'p', OPTION_PORT,     FIELD(port),             "N",        0, 0, NULL,
   "listen on this port; 0: pick one that is free (default 62893)"},
  {"try-ports",       0,   OPTION_COUNT,    FIELD(try_ports),        "N",        0, 65535, NULL,
   "if the port is in use, try the next N numbers (default 0)"},
  {"tcp",             't', OPTION_FLAG,     FIELD(tcp),              NULL,       0, 0, NULL,
   "serve TCP (default: TCP and UDP, if no transport is named)"},
  {"udp",             'u', OPTION_FLAG,     FIELD(udp),              NULL,       0, 0, NULL,
   "serve UDP"},
  {"unix",            'U', OPTION_LIST,     FIELD(unix_paths),       "PATH",     0, 0, NULL,
   "serve the unix socket PATH, or the abstract one @NAME; may be repeated"},
  {"allow-remote",    0,   OPTION_FLAG,     FIELD(allow_remote),     NULL,       0, 0, NULL,
   "allow an address that other machines can reach"},
  {"max-connections", 0,   OPTION_COUNT,    FIELD(max_connections),  "N",        1, 0, NULL,
   "close further connections at once (default: no limit)"},
  {"idle-timeout",    0,   OPTION_DURATION, FIELD(idle_timeout_ns),  "DURATION", 1000000, 0, NULL,
   "close a connection that is idle for so long (default: never)"},
  {"busy-poll",       0,   OPTION_FLAG,     FIELD(busy_poll),        NULL,       0, 0, NULL,
   "while clients are busy, never sleep (takes a whole CPU; sleeps after 1 s without a message)"},
  {"max-unsent",      0,   OPTION_SIZE,     FIELD(max_unsent_bytes), "SIZE",     SETTINGS_UNSENT_LEAST_BYTES, 1u << 30, NULL,
   "hold at most this much unsent echo per connection (default 256KiB)"},
  {"threads",         0,   OPTION_COUNT,    FIELD(threads),          "N",        1, SETTINGS_THREADS_MAX, NULL,
   "serve TCP and unix connections by N threads (default 1)"},
  {"user",            0,   OPTION_TEXT,     FIELD(user),             "NAME",     0, 0, NULL,
   "started as root, for a port below 1024: become this user once all is bound"},
  {"no-sandbox",      0,   OPTION_FLAG,     FIELD(no_sandbox),       NULL,       0, 0, NULL,
   "keep the rights to files, programs and other privileges that serving does not need"},
  {"json",            'j', OPTION_FLAG,     FIELD(json),             NULL,       0, 0, NULL,
   "print events on stdout as one JSON object a line"},
  {"quiet",           'q', OPTION_FLAG,     FIELD(quiet),            NULL,       0, 0, NULL,
   "print no hints and no summary"},
  {"verbose",         'v', OPTION_FLAG,     FIELD(verbose),          NULL,       0, 0, NULL,
   "print a line for each connection that opens or closes"},
  {"help",            'h', OPTION_FLAG,     FIELD(help),             NULL,       0, 0, NULL,
   "print this text"},
  {"version",         'V', OPTION_FLAG,     FIELD(version),          NULL,       0, 0, NULL,
   "print the version"},
};
/* clang-format on */

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void set_defaults(struct settings *settings) {
  memset(settings, 0, sizeof *settings);
  settings->port = ADDRESS_DEFAULT_PORT;
  settings->max_unsent_bytes = 256 * 1024;
  settings->threads = 1;
}

/* Each rule writes its sentence into `problem` and returns false where it is broken. */
static bool judge_positionals(const struct options_parsed *parsed, char *problem) {
  char shown[80];
  if (parsed->positional_count == 0) return true;
  const char *first = parsed->positionals[0];
  safe_text_copy(first, strlen(first), shown, sizeof shown);
  snprintf(problem, OPTIONS_PROBLEM_SIZE,
           "'%s' stands alone, and lopong takes only options; give a port with --port and an address with --bind",
           shown);
  return false;
}

/* Why the path cannot be one, as the end of a sentence; NULL: it can. */
static const char *path_problem(const char *text) {
  char path[ADDRESS_PATH_SIZE];
  enum address_status status = address_parse_path(text, path);
  if (status != ADDRESS_OK) return address_path_problem(status);
  if (strcmp(text, "@") == 0) return address_path_problem(ADDRESS_EMPTY);
  if (text[0] == '@' && !unix_socket_has_abstract())
    return "is an abstract name, which unix sockets have on Linux alone; a file of that name is ./@...";
  return NULL;
}

static bool judge_paths(const struct option_list *paths, char *problem) {
  char shown[160];
  for (size_t i = 0; i < paths->count; i++) {
    const char *what = path_problem(paths->values[i]);
    if (what == NULL) continue;
    safe_text_copy(paths->values[i], strlen(paths->values[i]), shown, sizeof shown);
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--unix: '%s' %s", shown, what);
    return false;
  }
  return true;
}

static bool judge_unix(const struct settings *settings, const struct options_parsed *parsed, char *problem) {
  if (settings->unix_paths.count == 0) return true;
  if (!judge_paths(&settings->unix_paths, problem)) return false;
  if (settings->tcp || settings->udp) return true;
  bool has_port = options_was_given(parsed, "port");
  if (!has_port && settings->binds.count == 0 && settings->try_ports == 0) return true;
  const char *stray = has_port ? "port" : settings->binds.count > 0 ? "bind" : "try-ports";
  snprintf(problem, OPTIONS_PROBLEM_SIZE,
           "--unix alone serves a path, which has no address and no port, so --%s has no use; add --tcp or --udp to "
           "serve those too, or leave out --%s",
           stray, stray);
  return false;
}

static bool judge_ports(const struct settings *settings, char *problem) {
  if (settings->try_ports == 0 || settings->port != 0) return true;
  snprintf(problem, OPTIONS_PROBLEM_SIZE,
           "--try-ports needs a port to begin with, and --port 0 already takes any free one; leave out one of them");
  return false;
}

static bool judge_binds(const struct settings *settings, char *problem) {
  for (size_t i = 0; i < settings->binds.count; i++) {
    if (settings->binds.values[i][0] != '\0') continue;
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--bind: '' is empty; give an address such as 127.0.0.1 or ::1");
    return false;
  }
  return true;
}

bool command_line_read(int argc, char **argv, struct settings *settings, char problem[OPTIONS_PROBLEM_SIZE]) {
  struct options_parsed parsed;
  set_defaults(settings);
  if (!options_parse(rows, ROW_COUNT, argc, argv, settings, &parsed)) {
    memcpy(problem, parsed.problem, OPTIONS_PROBLEM_SIZE);
    return false;
  }
  if (settings->help || settings->version) return true;
  bool is_fine = judge_positionals(&parsed, problem) && judge_binds(settings, problem) &&
                 judge_unix(settings, &parsed, problem) && judge_ports(settings, problem);
  settings->names_port = options_was_given(&parsed, "port");
  settings->names_transports = settings->tcp || settings->udp;
  if (!settings->names_transports && settings->unix_paths.count == 0) settings->tcp = settings->udp = true;
  return is_fine;
}

void command_line_print_help(void) {
  char line[OPTIONS_PROBLEM_SIZE], text[1024];
  layout_write(stdout,
               "Usage: lopong [--bind ADDR]... [--port N] [--tcp] [--udp] [--unix PATH]... [options]\n"
               "Echo server for one machine's loopback: every byte sent to it comes back. Measure with loping.\n\n");
  for (size_t i = 0; i < ROW_COUNT; i++)
    fputs(options_format_help(&rows[i], layout_columns(stdout), line), stdout);
  snprintf(
      text, sizeof text,
      "\nDurations and sizes take units: 200ms, 30s, 5m; 64KiB, 1MiB.\n"
      "Ctrl-C ends it: pending echoes are sent (2 s at most), then a summary is printed.\n"
      "Sockets given by a service manager (LISTEN_FDS) are served instead; NOTIFY_SOCKET is told: READY=1, STOPPING=1.\n"
      "Exit status: 0 fine, 2 wrong usage, 3 could not listen or could not finish.\n\n"
      "Who has a port:\n"
      "  Linux    ss -ltnp 'sport = :%d'   (UDP: ss -lunp)\n"
      "  macOS    lsof -nP -iTCP:%d -sTCP:LISTEN   (UDP: lsof -nP -iUDP:%d)\n"
      "  Windows  netstat -ano | findstr :%d   then: tasklist /fi \"PID eq N\"\n",
      ADDRESS_DEFAULT_PORT, ADDRESS_DEFAULT_PORT, ADDRESS_DEFAULT_PORT, ADDRESS_DEFAULT_PORT);
  layout_write(stdout, text);
}
