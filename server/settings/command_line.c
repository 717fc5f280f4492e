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
#include "common/options/completion.h"
#include "common/options/default_port.h"
#include "common/options/help_page.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"

#define FIELD(name) offsetof(struct settings, name)

/* clang-format off */
static const struct option_row rows[] = {
  {"bind",            'b', OPTION_LIST,     FIELD(binds),            "ADDR",     0, 0, NULL,
   OPTION_BRIEF("listen on this address or name (default 127.0.0.1)") "; may be repeated"},
  {"port",            'p', OPTION_PORT,     FIELD(port),             "N",        0, 0, NULL,
   OPTION_BRIEF("listen on this port; 0: any free one (default 62893)") "; LOPING_PORT sets the default"},
  {"try-ports",       0,   OPTION_COUNT,    FIELD(try_ports),        "N",        0, 65535, NULL,
   "if the port is in use, try the next N numbers (default 0)"},
  {"tcp",             't', OPTION_FLAG,     FIELD(tcp),              NULL,       0, 0, NULL,
   OPTION_BRIEF("serve TCP") " (default: TCP and UDP, if no transport is named)"},
  {"udp",             'u', OPTION_FLAG,     FIELD(udp),              NULL,       0, 0, NULL,
   OPTION_BRIEF("serve UDP")},
  {"unix",            'U', OPTION_PATHS,    FIELD(unix_paths),       "PATH",     0, 0, NULL,
   OPTION_BRIEF("serve the unix socket PATH") ", or the abstract one @NAME; may be repeated"},
  {"allow-remote",    0,   OPTION_FLAG,     FIELD(allow_remote),     NULL,       0, 0, NULL,
   OPTION_BRIEF("allow an address that other machines can reach")},
  {"max-connections", 0,   OPTION_COUNT,    FIELD(max_connections),  "N",        1, 0, NULL,
   OPTION_BRIEF("close further connections at once") " (default: no limit)"},
  {"idle-timeout",    0,   OPTION_DURATION, FIELD(idle_timeout_ns),  "DURATION", 1000000, 0, NULL,
   "close a connection that is idle for so long (default: never)"},
  {"busy-poll",       0,   OPTION_FLAG,     FIELD(busy_poll),        NULL,       0, 0, NULL,
   OPTION_BRIEF("while clients are busy, never sleep") " (takes a whole CPU; sleeps after 1 s without a message)"},
  {"max-unsent",      0,   OPTION_SIZE,     FIELD(max_unsent_bytes), "SIZE",     SETTINGS_UNSENT_LEAST_BYTES, 1u << 30, NULL,
   "hold at most this much unsent echo per connection (default 256KiB)"},
  {"threads",         0,   OPTION_COUNT,    FIELD(threads),          "N",        1, SETTINGS_THREADS_MAX, NULL,
   OPTION_BRIEF("serve TCP and unix connections by N threads") " (default 1)"},
  {"http",            0,   OPTION_FLAG,     FIELD(http),             NULL,       0, 0, NULL,
   "give a browser on this machine a page (http://127.0.0.1:62893) with live counters; all others get an echo"},
  {"fault",           0,   OPTION_LIST,     FIELD(fault_texts),      "SPEC",     0, 0, NULL,
   "fail on purpose, such as drop=1%, delay=2ms@10%, stall=200ms/10s, duplicate=1%, reorder=1%, corrupt=1%, truncate=1%, reset=100, "
   "stop-reading=1MiB, slow-accept=100ms, silent, refuse, close, greet=TEXT; may be repeated"},
  {"fault-seed",      0,   OPTION_COUNT,    FIELD(fault_seed),       "N",        0, 0, NULL,
   "what decides which messages --fault befalls; the same again with the same N (default 1)"},
  {"user",            0,   OPTION_TEXT,     FIELD(user),             "NAME",     0, 0, NULL,
   "started as root, for a port below 1024: become this user once all is bound"},
  {"no-sandbox",      0,   OPTION_FLAG,     FIELD(no_sandbox),       NULL,       0, 0, NULL,
   "keep the rights to files, programs and other privileges that serving does not need"},
  {"json",            'j', OPTION_FLAG,     FIELD(json),             NULL,       0, 0, NULL,
   OPTION_BRIEF("print events on stdout as one JSON object a line")},
  {"quiet",           'q', OPTION_FLAG,     FIELD(quiet),            NULL,       0, 0, NULL,
   OPTION_BRIEF("print no hints and no summary")},
  {"verbose",         'v', OPTION_FLAG,     FIELD(verbose),          NULL,       0, 0, NULL,
   OPTION_BRIEF("print a line for each connection") " that opens or closes"},
  {"explain",         0,   OPTION_FLAG,     FIELD(explain),          NULL,       0, 0, NULL,
   "tell the start and the end step by step: bind, listen, FIN, TIME_WAIT"},
  {"live",            0,   OPTION_FLAG,     FIELD(live),             NULL,       0, 0, NULL,
   OPTION_BRIEF("draw what it does, on a terminal") ": connections, messages and bytes a second, refusals and errors"},
  {"no-color",        0,   OPTION_FLAG,     FIELD(no_color),         NULL,       0, 0, NULL,
   "no colours in that view (NO_COLOR too)"},
  {"ascii",           0,   OPTION_FLAG,     FIELD(ascii),            NULL,       0, 0, NULL,
   "draw it with ASCII alone, whatever the locale"},
  {"help",            'h', OPTION_FLAG,     FIELD(help),             NULL,       0, 0, NULL,
   "print the help that fits one screen"},
  {"help-all",        0,   OPTION_FLAG,     FIELD(full_help),        NULL,       0, 0, NULL,
   "print the whole help, with all options"},
  {"completion",      0,   OPTION_CHOICE,   FIELD(completion),       "SHELL",    0, 0, COMPLETION_SHELLS,
   "print what makes this shell complete the command line"},
  {"schema",          0,   OPTION_FLAG,     FIELD(schema),           NULL,       0, 0, NULL,
   "print the JSON schema of the lines of --json"},
  {"version",         'V', OPTION_FLAG,     FIELD(version),          NULL,       0, 0, NULL,
   "print the version"},
};
/* clang-format on */

#define ROW_COUNT (sizeof rows / sizeof rows[0])

static void set_defaults(struct settings *settings) {
  memset(settings, 0, sizeof *settings);
  settings->max_unsent_bytes = 256 * 1024;
  settings->threads = 1;
  settings->fault_seed = 1;
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

static bool judge_ports(const struct settings *settings, const struct options_parsed *parsed, char *problem) {
  if (settings->try_ports == 0 || settings->port != 0) return true;
  snprintf(problem, OPTIONS_PROBLEM_SIZE,
           "--try-ports needs a port to begin with, and %s already takes any free one; leave out one of them",
           options_was_given(parsed, "port") ? "--port 0" : DEFAULT_PORT_VARIABLE "=0");
  return false;
}

/* Who names a port, or serves none, does without the default. */
static bool choose_port(struct settings *settings, const struct options_parsed *parsed, const char *variable,
                        char *problem) {
  bool serves_paths_alone = settings->unix_paths.count > 0 && !settings->tcp && !settings->udp;
  if (options_was_given(parsed, "port") || serves_paths_alone) return true;
  return default_port_read(DEFAULT_PORT_VARIABLE, variable, 0, &settings->port, problem);
}

static bool judge_binds(const struct settings *settings, char *problem) {
  for (size_t i = 0; i < settings->binds.count; i++) {
    if (settings->binds.values[i][0] != '\0') continue;
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--bind: '' is empty; give an address such as 127.0.0.1 or ::1");
    return false;
  }
  return true;
}

static unsigned served(const struct settings *settings) {
  return (settings->tcp ? FAULT_OF_TCP : 0u) | (settings->udp ? FAULT_OF_UDP : 0u) |
         (settings->unix_paths.count > 0 ? FAULT_OF_UNIX : 0u);
}

/* After the transports are known. */
static bool judge_faults(struct settings *settings, const struct options_parsed *parsed, char *problem) {
  char why[FAULT_PROBLEM_SIZE];
  bool is_fine = true;
  for (size_t i = 0; i < settings->fault_texts.count && is_fine; i++)
    is_fine = fault_spec_add(&settings->faults, settings->fault_texts.values[i], why);
  if (is_fine && fault_spec_is_on(&settings->faults))
    is_fine = fault_spec_suits(&settings->faults, served(settings), why);
  if (!is_fine) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--fault: %s", why);
    return false;
  }
  fault_spec_settle(&settings->faults, settings->fault_seed);
  if (fault_spec_is_on(&settings->faults) && settings->threads > 1) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "--fault and --threads contradict each other: the seed alone decides which messages are hit, and with "
             "several threads their order would, too; leave out --threads");
    return false;
  }
  if (fault_spec_is_on(&settings->faults) || !options_was_given(parsed, "fault-seed")) return true;
  snprintf(problem, OPTIONS_PROBLEM_SIZE, "--fault-seed has no use without --fault; add one, or leave it out");
  return false;
}

/* After the transports are known. */
static bool judge_http(const struct settings *settings, char *problem) {
  if (!settings->http || (settings->tcp && !fault_spec_is_on(&settings->faults))) return true;
  if (!settings->tcp)
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "--http gives its page over TCP, which is not served; add --tcp, or leave out --http");
  else
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "--http and --fault contradict each other: a page that comes damaged or not at all shows nobody what the "
             "faults do; leave out one of them");
  return false;
}

bool command_line_read(int argc, char **argv, const char *port_variable, struct settings *settings,
                       char problem[OPTIONS_PROBLEM_SIZE]) {
  struct options_parsed parsed;
  set_defaults(settings);
  if (!options_parse(rows, ROW_COUNT, argc, argv, settings, &parsed)) {
    memcpy(problem, parsed.problem, OPTIONS_PROBLEM_SIZE);
    return false;
  }
  if (settings->help || settings->full_help || settings->version || settings->schema || settings->completion != NULL)
    return true;
  bool is_fine = judge_positionals(&parsed, problem) && judge_binds(settings, problem) &&
                 judge_unix(settings, &parsed, problem) && choose_port(settings, &parsed, port_variable, problem) &&
                 judge_ports(settings, &parsed, problem);
  settings->names_port = options_was_given(&parsed, "port");
  settings->names_transports = settings->tcp || settings->udp;
  if (!settings->names_transports && settings->unix_paths.count == 0) settings->tcp = settings->udp = true;
  return is_fine && judge_faults(settings, &parsed, problem) && judge_http(settings, problem);
}

#define USAGE                                                                              \
  "Usage: lopong [--bind ADDR]... [--port N] [--tcp] [--udp] [--unix PATH]... [options]\n" \
  "Echo server for one machine's loopback: every byte sent to it comes back. Measure with loping.\n"
#define EXIT_STATUSES "Exit status: 0 fine, 2 wrong usage, 3 could not listen or could not finish.\n"

static const struct help_example examples[HELP_PAGE_EXAMPLES] = {
    {"lopong", "TCP and UDP on 127.0.0.1"},
    {"lopong --port 8080 --tcp --verbose", "TCP alone; says who comes and goes"},
};

static void print_short_help(void) {
  char text[HELP_PAGE_SIZE];
  const struct help_page page = {.head = USAGE,
                                 .examples = {examples[0], examples[1]},
                                 .rows = rows,
                                 .row_count = ROW_COUNT,
                                 .after = EXIT_STATUSES "all options: lopong --help-all\n"};
  layout_write(stdout, help_page_write(&page, layout_columns(stdout), text));
}

void command_line_print_help(bool is_full) {
  char line[OPTIONS_PROBLEM_SIZE], text[1024];
  if (!is_full) {
    print_short_help();
    return;
  }
  layout_write(stdout, USAGE "\n");
  for (size_t i = 0; i < ROW_COUNT; i++)
    fputs(options_format_help(&rows[i], layout_columns(stdout), line), stdout);
  layout_write(stdout, "\nExamples:\n");
  for (size_t i = 0; i < HELP_PAGE_EXAMPLES; i++)
    printf("  %s   (%s)\n", examples[i].words, examples[i].does);
  snprintf(
      text, sizeof text,
      "\nDurations and sizes take units: 200ms, 30s, 5m; 64KiB, 1MiB.\n"
      "Ctrl-C ends it: pending echoes are sent (2 s at most), then a summary is printed.\n"
      "Sockets given by a service manager (LISTEN_FDS) are served instead; NOTIFY_SOCKET is told: READY=1, STOPPING=1.\n" EXIT_STATUSES
      "\nWho has a port:\n"
      "  Linux    ss -ltnp 'sport = :%d'   (UDP: ss -lunp)\n"
      "  macOS    lsof -nP -iTCP:%d -sTCP:LISTEN   (UDP: lsof -nP -iUDP:%d)\n"
      "  Windows  netstat -ano | findstr :%d   then: tasklist /fi \"PID eq N\"\n",
      ADDRESS_DEFAULT_PORT, ADDRESS_DEFAULT_PORT, ADDRESS_DEFAULT_PORT, ADDRESS_DEFAULT_PORT);
  layout_write(stdout, text);
}

void command_line_print_completion(const char *shell) {
  const struct completion_command command = {"", NULL, rows, ROW_COUNT, COMPLETION_NOTHING};
  const struct completion completion = {"lopong", &command, 1};
  completion_write(&completion, shell, layout_put_stream, stdout);
}
