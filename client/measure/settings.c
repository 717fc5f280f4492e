/* The table of the client's options, and what they must not be together. Prints nothing. */
#include "client/measure/settings.h"

#include <stdio.h>
#include <string.h>

#include "client/run/workload.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"

#define FIELD(name) offsetof(struct settings, name)
#define HOUR_NS     (3600 * CLOCK_NS_PER_SECOND)
#define MIB         (UINT64_C(1024) * 1024)

static const struct {
  unsigned groups;
  struct option_row row;
} table[] = {
    {SETTINGS_MEASURING,
     {"udp", 'u', OPTION_FLAG, FIELD(use_udp), NULL, 0, 0, NULL,
      OPTION_BRIEF("send datagrams instead of a TCP stream")}},
    {SETTINGS_MEASURING,
     {"busy-poll", 'b', OPTION_FLAG, FIELD(is_busy_poll), NULL, 0, 0, NULL,
      OPTION_BRIEF("never sleep") ": ask the sockets again and again (takes a whole CPU)"}},
    {WORKLOAD_SIZED,
     {"size", 's', OPTION_SIZE, FIELD(size_bytes), "SIZE", 1, MIB, NULL,
      OPTION_BRIEF("bytes of a message, in throughput of a write") " (default 64, in throughput 512KiB)"}},
    {WORKLOAD_PARALLEL,
     {"connections", 'c', OPTION_COUNT, FIELD(connections), "N", 1, 20000, NULL,
      OPTION_BRIEF("connections at once (default 1)")}},
    {WORKLOAD_DEEP,
     {"depth", 'q', OPTION_COUNT, FIELD(depth), "N", 1, 4096, NULL,
      OPTION_BRIEF("messages in flight on each connection (default 1)")}},
    {WORKLOAD_DEEP,
     {"rate", 'r', OPTION_RATE, FIELD(messages_per_1000s), "N", 1, 1000000000, NULL,
      OPTION_BRIEF("messages a second on a schedule (open loop)") ", instead of one after the other's reply"}},
    {WORKLOAD_DEEP,
     {"floor", 0, OPTION_FLAG, FIELD(has_floor), NULL, 0, 0, NULL,
      "between slices, measure bare threads as well: this machine's limit"}},
    {WORKLOAD_TIMED,
     {"duration", 'd', OPTION_DURATION, FIELD(duration_ns), "TIME", CLOCK_NS_PER_MS, 24 * HOUR_NS, NULL,
      OPTION_BRIEF("how long to measure") ", warm-up not counted (default 3s; sweep 300ms each)"}},
    {WORKLOAD_COUNTED,
     {"count", 'n', OPTION_COUNT, FIELD(count), "N", 1, UINT64_C(1000000000000), NULL,
      OPTION_BRIEF("how many round trips to measure") " (ping: until Ctrl-C)"}},
    {WORKLOAD_TIMED,
     {"warmup", 'w', OPTION_DURATION, FIELD(warmup_ns), "TIME", 0, HOUR_NS, NULL,
      "time at the beginning that is not counted (default 200ms, sweep 100ms, and on until the rate has settled)"}},
    {WORKLOAD_PACED,
     {"interval", 'i', OPTION_DURATION, FIELD(interval_ns), "TIME", CLOCK_NS_PER_MS, HOUR_NS, NULL,
      OPTION_BRIEF("from one message to the next (default 1s)")}},
    {SETTINGS_SWEEPING,
     {"sizes", 0, OPTION_TEXT, FIELD(sizes), "LIST", 0, 0, NULL,
      OPTION_BRIEF("sizes separated by commas") " (default 1 B to 1 MiB, each four times the one before)"}},
    {WORKLOAD_STREAMING,
     {"direction", 0, OPTION_CHOICE, FIELD(direction), "WAY", 0, 0, "echo|up|down",
      OPTION_BRIEF("which way: echo (the default), up or down") "; up is to lopong, down from lopong"}},
    {WORKLOAD_STREAMING,
     {"zero-copy", 'z', OPTION_FLAG, FIELD(is_zero_copy), NULL, 0, 0, NULL,
      OPTION_BRIEF("send without copying") ", and discard what comes without reading it (nothing is compared)"}},
    {SETTINGS_MEASURING,
     {"timeout", 't', OPTION_DURATION, FIELD(timeout_ns), "TIME", 10 * CLOCK_NS_PER_MS, HOUR_NS, NULL,
      "longest wait for a connection or a reply (default 5s; udp 1s)"}},
    {WORKLOAD_SPLIT,
     {"no-nodelay", 0, OPTION_FLAG, FIELD(no_nodelay), NULL, 0, 0, NULL,
      "leave Nagle's algorithm on, to see it meet delayed ACKs"}},
    {WORKLOAD_SPLIT,
     {"writes", 0, OPTION_COUNT, FIELD(writes), "N", 1, 16, NULL,
      "send calls for each message (default 1; with --no-nodelay 2)"}},
    {WORKLOAD_TOLD,
     {"explain", 0, OPTION_FLAG, FIELD(explains), NULL, 0, 0, NULL,
      "first tell each step of one TCP connection, which is not measured (connect: with --count 1)"}},
    {SETTINGS_MEASURING, {"cpu", 0, OPTION_COUNT, FIELD(cpu), "N", 0, 65534, NULL, "keep the client on this CPU"}},
    {SETTINGS_MEASURING,
     {"seed", 0, OPTION_COUNT, FIELD(seed), "N", 0, INT64_MAX, NULL, "of the pattern that is sent (default 1)"}},
    {SETTINGS_MEASURING,
     {"fail-if", 0, OPTION_LIST, FIELD(fail_if), "EXPR", 0, 0, NULL,
      OPTION_BRIEF("exit with 1 if it is true, such as 'p99>200us'") " (repeatable)"}},
    {SETTINGS_MEASURING,
     {"json", 'j', OPTION_PATH, FIELD(json_path), "FILE", 0, 0, NULL,
      OPTION_BRIEF("write the result file") " ('-' is stdout, then without other output)"}},
    {SETTINGS_MEASURING,
     {"json-stream", 0, OPTION_PATH, FIELD(json_stream_path), "FILE", 0, 0, NULL,
      "write a JSON object each second, and the result at the end"}},
    {SETTINGS_MEASURING,
     {"csv", 0, OPTION_PATH, FIELD(csv_path), "FILE", 0, 0, NULL, "write a table, one row for each run"}},
    {WORKLOAD_DISTRIBUTED,
     {"hgrm", 0, OPTION_PATH, FIELD(hgrm_path), "FILE", 0, 0, NULL,
      "write the distribution in HdrHistogram's percentile format"}},
    {WORKLOAD_DISTRIBUTED,
     {"raw", 0, OPTION_PATH, FIELD(raw_path), "FILE", 0, 0, NULL, "write each round trip's nanoseconds, one a line"}},
    {SETTINGS_MEASURING,
     {"html", 0, OPTION_PATH, FIELD(html_path), "FILE", 0, 0, NULL,
      OPTION_BRIEF("write a page to look at") ", whole in one file"}},
    {SETTINGS_MEASURING, {"svg", 0, OPTION_PATH, FIELD(svg_path), "FILE", 0, 0, NULL, "write a picture"}},
    {SETTINGS_MEASURING,
     {"markdown", 0, OPTION_PATH, FIELD(markdown_path), "FILE", 0, 0, NULL,
      "write a table for a pull request, in Markdown"}},
    {SETTINGS_MEASURING,
     {"junit", 0, OPTION_PATH, FIELD(junit_path), "FILE", 0, 0, NULL,
      "write each --fail-if as a test case for CI, in JUnit's XML"}},
    {WORKLOAD_DISTRIBUTED,
     {"percentiles", 0, OPTION_TEXT, FIELD(percentiles), "LIST", 0, 0, NULL,
      "show these percentiles as well, such as 50,75,99.999"}},
    {SETTINGS_MEASURING,
     {"quiet", 0, OPTION_FLAG, FIELD(is_quiet), NULL, 0, 0, NULL, "no progress and no notes, only results and errors"}},
    {SETTINGS_MEASURING,
     {"no-live", 0, OPTION_FLAG, FIELD(no_live), NULL, 0, 0, NULL,
      "on a terminal, a line of progress instead of a view that is drawn while it runs"}},
    {SETTINGS_MEASURING, COMMAND_COLOR_ROW(settings)},
    {SETTINGS_MEASURING, COMMAND_ASCII_ROW(settings)},
    {SETTINGS_MEASURING,
     {"allow-remote", 0, OPTION_FLAG, FIELD(allow_remote), NULL, 0, 0, NULL,
      "measure a target that is not on this machine's loopback"}},
    {SETTINGS_PROGRAM,
     {"completion", 0, OPTION_CHOICE, FIELD(completion), "SHELL", 0, 0, COMPLETION_SHELLS "|ports|words|labs",
      "print what makes the shell complete this command line; ports and words are what its script asks for"}},
    {SETTINGS_MEASURING, COMMAND_HELP_ROW(settings)},
    {SETTINGS_MEASURING, COMMAND_HELP_ALL_ROW(settings)},
    {SETTINGS_MEASURING, COMMAND_VERSION_ROW(settings)},
};

#define TABLE_ROWS (sizeof table / sizeof table[0])

_Static_assert(TABLE_ROWS <= SETTINGS_ROWS_MAX, "settings_rows() has room for every row");

size_t settings_rows(unsigned groups, struct option_row rows[SETTINGS_ROWS_MAX]) {
  size_t count = 0;
  for (size_t i = 0; i < TABLE_ROWS; i++)
    if ((table[i].groups & groups) != 0) rows[count++] = table[i].row;
  return count;
}

static void set_defaults(struct settings *settings) {
  memset(settings, 0, sizeof *settings);
  settings->size_bytes = settings->connections = settings->depth = SETTING_UNSET;
  settings->duration_ns = settings->count = settings->warmup_ns = SETTING_UNSET;
  settings->interval_ns = settings->timeout_ns = settings->messages_per_1000s = SETTING_UNSET;
  settings->cpu = settings->writes = SETTING_UNSET;
  settings->seed = 1;
  settings->direction = "echo";
}

/* What the target's own words say of the transport. */
static bool choose_transport(const char *shown, struct settings *settings, char *problem) {
  const struct target *target = &settings->target;
  bool is_udp = target->transport == TRANSPORT_UDP;
  if (!target->has_transport) return true;
  if (settings->use_udp && !is_udp) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "the target '%s' is TCP, and --udp contradicts that; leave one out", shown);
    return false;
  }
  settings->use_udp = is_udp;
  return true;
}

/* Does the command go on and on, unless a count ends it at once? One message a second leaves time to tell. */
static bool groups_need_count(unsigned groups) {
  return (groups & WORKLOAD_PACED) == 0;
}

/* Can one target be measured with these options? */
static bool judge_target(const char *shown, unsigned groups, const struct settings *settings, char *problem) {
  const struct target *target = &settings->target;
  const char *why = NULL;
  if (settings->no_nodelay && target->is_unix)
    why = "--no-nodelay is about TCP, and a unix socket has no Nagle's algorithm; leave one of the two out";
  else if (settings->no_nodelay && settings->use_udp)
    why = "--no-nodelay is about TCP, and --udp has no Nagle's algorithm; leave one of the two out";
  else if (settings->explains && (target->is_unix || settings->use_udp))
    why =
        "--explain tells the steps of a TCP connection, and UDP and unix sockets have others; leave it out, or name a TCP port";
  else if (settings->explains && groups_need_count(groups) && settings->count != 1)
    why = "--explain goes with connect for one connection alone; add --count 1";
  else if (settings->is_zero_copy && target->is_unix)
    why = "--zero-copy is about TCP: what a unix socket delivers has to be read; leave it out, or name a port";
  else if (settings->use_udp && settings->writes != SETTING_UNSET)
    why = "--writes and --udp contradict each other: a datagram leaves in one send call; leave one out";
  if (why != NULL)
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s", why);
  else if (target->is_list)
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "the target '%s' names several ports, and only one is measured at a time; name one", shown);
  else if (!target->is_unix && target->port == 0)
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "the target '%s' names port 0, which nobody can listen on; give a port from 1 to 65535", shown);
  else if (target->is_unix && settings->use_udp)
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "--udp and the target '%s' contradict each other: a unix socket carries no UDP; leave one out", shown);
  else
    return true;
  return false;
}

static bool read_target(const char *text, unsigned groups, struct settings *settings, char *problem) {
  char shown[ADDRESS_TEXT_SIZE], what[TARGET_PROBLEM_SIZE];
  enum target_status status = target_parse(text, &settings->target);
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  if (status == TARGET_NEEDS_BRACKETS || status == TARGET_BARE_PATH) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "the target '%s' %s?", shown, target_problem(status, text, what));
    return false;
  }
  if (status != TARGET_OK) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "the target '%s' %s; give " TARGET_FORMS ", such as %s:%d", shown,
             target_problem(status, text, what), ADDRESS_DEFAULT_HOST, ADDRESS_DEFAULT_PORT);
    return false;
  }
  return choose_transport(shown, settings, problem) && judge_target(shown, groups, settings, problem);
}

bool settings_parse(unsigned groups, int argc, char **argv, struct settings *settings, char *problem) {
  struct option_row rows[SETTINGS_ROWS_MAX];
  struct options_parsed parsed;
  size_t count = settings_rows(groups, rows);
  set_defaults(settings);
  if (!options_parse(rows, count, argc, argv, settings, &parsed)) {
    memcpy(problem, parsed.problem, OPTIONS_PROBLEM_SIZE);
    return false;
  }
  if (parsed.positional_count > 1) {
    char shown[ADDRESS_TEXT_SIZE];
    safe_text_copy(parsed.positionals[1], strlen(parsed.positionals[1]), shown, sizeof shown);
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "'%s' is a second target, and only one is measured at a time; leave it out",
             shown);
    return false;
  }
  settings->target_text = parsed.positional_count == 1 ? parsed.positionals[0] : ADDRESS_DEFAULT_HOST;
  return read_target(settings->target_text, groups, settings, problem);
}
