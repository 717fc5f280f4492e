/* The options of `loping ports`, and what they must not be together. Prints nothing. */
#include "client/ports/ports_settings.h"

#include <stdio.h>
#include <string.h>

#include "client/ports/port_words.h"
#include "common/options/options.h"
#include "common/text/clock.h"
#include "common/text/units.h"

#define FIELD(name) offsetof(struct ports_settings, name)

static const struct option_row table[] = {
    {"tcp", 0, OPTION_FLAG, FIELD(filter.only_tcp), NULL, 0, 0, NULL, OPTION_BRIEF("only TCP")},
    {"udp", 'u', OPTION_FLAG, FIELD(filter.only_udp), NULL, 0, 0, NULL, OPTION_BRIEF("only UDP")},
    {"exposed", 0, OPTION_FLAG, FIELD(filter.only_exposed), NULL, 0, 0, NULL,
     OPTION_BRIEF("only what other machines can reach")},
    {"local", 0, OPTION_FLAG, FIELD(filter.only_local), NULL, 0, 0, NULL,
     OPTION_BRIEF("only what other machines cannot reach")},
    {"process", 'p', OPTION_TEXT, FIELD(process), "NAME|PID", 0, 0, NULL, OPTION_BRIEF("only what this process has")},
    {"expect", 'e', OPTION_PATH, FIELD(expect_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("exit 1 if something listens that is not in FILE") " (lines: 62893[/tcp|/udp] [PROCESS] [# remark])"},
    {"write", 0, OPTION_PATH, FIELD(write_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write what listens now as a file for --expect") "; '-' is stdout, and then nothing else goes there"},
    {"watch", 'w', OPTION_FLAG, FIELD(watches), NULL, 0, 0, NULL,
     OPTION_BRIEF(
         "show what comes and goes, until Ctrl-C") ": what comes (+), goes (-), is unexpected (!) and unused; in a pipe, the changes alone"},
    {"interval", 'i', OPTION_DURATION, FIELD(interval_ns), "TIME", 50 * CLOCK_NS_PER_MS, 3600 * CLOCK_NS_PER_SECOND,
     NULL, "from one look to the next (default 1s)"},
    {"tree", 0, OPTION_FLAG, FIELD(shows_tree), NULL, 0, 0, NULL,
     OPTION_BRIEF("say of each what started it") ", in which folder, and what stops it for good"},
    {"peers", 0, OPTION_FLAG, FIELD(shows_peers), NULL, 0, 0, NULL,
     OPTION_BRIEF("say of each who is connected") ": the processes of this machine and other addresses, with counts"},
    {"json", 'j', OPTION_PATH, FIELD(json_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF(
         "write the list as JSON") ", with --watch an object for each event; '-' is stdout, and then nothing else goes there"},
    {"junit", 0, OPTION_PATH, FIELD(junit_path), "FILE", 0, 0, NULL,
     "write what --expect found as a test case for each port, for CI, in JUnit's XML"},
    {"quiet", 0, OPTION_FLAG, FIELD(is_quiet), NULL, 0, 0, NULL, "the tables without warnings and notes"},
    COMMAND_COLOR_ROW(ports_settings),
    COMMAND_ASCII_ROW(ports_settings),
    COMMAND_HELP_ROW(ports_settings),
    COMMAND_HELP_ALL_ROW(ports_settings),
    COMMAND_VERSION_ROW(ports_settings),
};

#define TABLE_ROWS (sizeof table / sizeof table[0])

/* Options that contradict each other. */
static const struct {
  size_t one, other;
  const char *problem;
} contradictions[] = {
    {FIELD(filter.only_tcp), FIELD(filter.only_udp),
     "--tcp and --udp together leave nothing; leave both out to see both transports"},
    {FIELD(filter.only_exposed), FIELD(filter.only_local),
     "--exposed and --local together leave nothing; leave both out to see everything"},
};

static bool is_set(const struct ports_settings *settings, size_t offset) {
  return *(const bool *)((const char *)settings + offset);
}

static bool read_ranges(const struct options_parsed *parsed, struct ports_settings *settings, char *problem) {
  for (int i = 0; i < parsed->positional_count; i++)
    if (!port_words_read(parsed->positionals[i], &settings->filter, problem)) return false;
  return true;
}

static bool read_process(struct ports_settings *settings, char *problem) {
  uint64_t pid;
  const char *text = settings->process;
  settings->filter.pid = -1;
  if (text == NULL) return true;
  if (text[0] == '\0') {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--process: the name is empty; give a name or a process id");
    return false;
  }
  if (units_parse_count(text, &pid) == UNITS_OK && pid <= INT32_MAX)
    settings->filter.pid = (int64_t)pid;
  else
    settings->filter.process = text;
  return true;
}

static bool is_possible(const struct ports_settings *settings, char *problem) {
  for (size_t i = 0; i < sizeof contradictions / sizeof contradictions[0]; i++) {
    if (!is_set(settings, contradictions[i].one) || !is_set(settings, contradictions[i].other)) continue;
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s", contradictions[i].problem);
    return false;
  }
  if (settings->write_path != NULL && (settings->watches || settings->expect_path != NULL)) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--write makes the file that --%s then reads; leave one out",
             settings->watches ? "watch --expect" : "expect");
    return false;
  }
  if (settings->junit_path != NULL && (settings->watches || settings->expect_path == NULL)) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--junit tells what one look with --expect found; %s",
             settings->watches ? "leave --watch out" : "add --expect");
    return false;
  }
  if (settings->watches && settings->shows_peers) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--watch does not go with --peers, which is about one look; leave one out");
    return false;
  }
  if (!settings->watches && settings->interval_ns != 0) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "--interval says how often --watch looks; add --watch");
    return false;
  }
  return true;
}

bool ports_settings_parse(int argc, char **argv, struct ports_settings *settings, char *problem) {
  struct options_parsed parsed;
  memset(settings, 0, sizeof *settings);
  if (!options_parse(table, TABLE_ROWS, argc, argv, settings, &parsed)) {
    memcpy(problem, parsed.problem, OPTIONS_PROBLEM_SIZE);
    return false;
  }
  if (!read_ranges(&parsed, settings, problem) || !read_process(settings, problem)) return false;
  const struct port_filter *filter = &settings->filter;
  settings->is_filtered = filter->range_count > 0 || settings->process != NULL || filter->only_exposed ||
                          filter->only_local || filter->only_tcp || filter->only_udp;
  return is_possible(settings, problem);
}

void ports_settings_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[options] [PORT]...";
  help->takes = COMPLETION_PORTS;
  help->before =
      "Lists TCP sockets that listen, UDP sockets without a peer, and TCP sockets that have a port and do not "
      "listen. Without ports, all of them. PORT is a port, a range or a list of both (8000-8100,62893), a "
      "transport's (53/udp), that of a host (127.0.0.1:62893: what it reaches), or a URL.\n";
  help->before_brief = "PORT: 62893, 8000-8100,62893, 53/udp, 127.0.0.1:62893 or a URL.\n";
  help->after =
      "exit status: 0 fine, 1 something listens that --expect does not name, 2 wrong usage, 3 could not look.\n";
  help->rows = table;
  help->row_count = TABLE_ROWS;
}
