/* The options of `loping wait`, and what they must not be together. Prints nothing. */
#include "client/wait/wait_settings.h"

#include <stdio.h>
#include <string.h>

#include "common/text/clock.h"

#define DEFAULT_TIMEOUT_NS (30 * CLOCK_NS_PER_SECOND)
#define FIELD(name)        offsetof(struct wait_settings, name)

static const struct option_row table[] = {
    {"free", 'f', OPTION_FLAG, FIELD(is_free), NULL, 0, 0, NULL,
     OPTION_BRIEF(
         "wait until the port can be bound") ", as lopong binds it (what is left of closed connections is not in its way)"},
    {"http", 0, OPTION_COUNT, FIELD(http_status), "STATUS", 100, 599, NULL,
     OPTION_BRIEF("wait for this answer to a HEAD request for /") ", such as 200"},
    {"timeout", 't', OPTION_DURATION, FIELD(timeout_ns), "TIME", 10 * CLOCK_NS_PER_MS, 24 * 3600 * CLOCK_NS_PER_SECOND,
     NULL, OPTION_BRIEF("longest wait (default 30s)") "; then check's verdict says why"},
    {"tcp", 0, OPTION_FLAG, FIELD(use_tcp), NULL, 0, 0, NULL,
     OPTION_BRIEF("wait for TCP (the default; with --udp, both)")},
    {"udp", 'u', OPTION_FLAG, FIELD(use_udp), NULL, 0, 0, NULL, OPTION_BRIEF("with --free: wait for UDP")},
    {"json", 'j', OPTION_PATH, FIELD(json_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write the result file") "; '-' is stdout, and then nothing else goes there"},
    {"quiet", 'q', OPTION_FLAG, FIELD(is_quiet), NULL, 0, 0, NULL,
     OPTION_BRIEF("say nothing of ports that came") "; a time-out is still explained"},
    COMMAND_COLOR_ROW(wait_settings),
    COMMAND_ASCII_ROW(wait_settings),
    COMMAND_HELP_ROW(wait_settings),
    COMMAND_HELP_ALL_ROW(wait_settings),
    COMMAND_VERSION_ROW(wait_settings),
};

#define TABLE_ROWS (sizeof table / sizeof table[0])

static bool refuse(struct options_parsed *parsed, const char *problem) {
  snprintf(parsed->problem, sizeof parsed->problem, "%s", problem);
  return false;
}

static bool is_possible(const struct wait_settings *settings, struct options_parsed *parsed) {
  if (settings->is_free && settings->http_status != 0)
    return refuse(parsed, "--free waits until nobody has the port, and --http until a server answers; leave one out");
  if (settings->use_udp && !settings->is_free)
    return refuse(parsed,
                  "--udp goes with --free alone: a datagram port says nothing until it is asked; ask it once with "
                  "loping check --udp PORT");
  if (parsed->positional_count == 0)
    return refuse(parsed, "it is not said for which port to wait; name one, such as: loping wait 62893");
  return true;
}

bool wait_settings_parse(int argc, char **argv, struct wait_settings *settings, struct options_parsed *parsed) {
  memset(settings, 0, sizeof *settings);
  settings->timeout_ns = DEFAULT_TIMEOUT_NS;
  if (!options_parse(table, TABLE_ROWS, argc, argv, settings, parsed)) return false;
  if (settings->common.wants_help || settings->common.wants_full_help || settings->common.wants_version) return true;
  if (!is_possible(settings, parsed)) return false;
  settings->goal = settings->is_free ? WAIT_FREE : settings->http_status != 0 ? WAIT_HTTP : WAIT_ANSWERS;
  return true;
}

void wait_settings_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[options] PORT...";
  help->takes = COMPLETION_PORTS;
  help->before =
      "Waits until a server answers on each PORT: a port, a range or a list of both (8080,9000-9002), with or without a loopback host in front ([::1]:8080, localhost:8080) and a transport behind (53/udp), a URL, or a unix socket (unix:PATH, unix:@NAME). Of a host with several addresses one that answers is enough; with --free all of them are to be free.\n";
  help->before_brief = "PORT: 8080, 8080,9000-9002, [::1]:8080, 53/udp, a URL or unix:PATH.\n";
  help->after =
      "exit status: 0 all of it came; after a time-out that of check: 1 not there, 3 unknown or not finished "
      "(Ctrl-C too), 4 a firewall is in the way; 2 wrong usage; of several ports the highest.\n";
  help->rows = table;
  help->row_count = TABLE_ROWS;
}
