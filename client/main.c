/* loping: a table of commands, and what is common to all of them: help, version, wrong usage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/command.h"
#include "client/reports/text.h"
#include "client/workloads/workloads.h"
#include "common/clock.h"
#include "common/machine.h"
#include "common/safe_text.h"
#include "common/version.h"

#define SECONDS(n) ((n)*CLOCK_NS_PER_SECOND)
#define WARMUP_NS  (200 * CLOCK_NS_PER_MS)
#define ALWAYS     (SETTINGS_ALWAYS | SETTINGS_MEASURING)

static void report_runs(const struct result *result, bool with_notes, const struct style *style) {
  for (size_t i = 0; i < result->run_count; i++)
    report_text_write(&result->runs[i], with_notes, style, stdout);
}

static void report_ping(const struct result *result, bool with_notes, const struct style *style) {
  for (size_t i = 0; i < result->run_count; i++)
    report_text_write_ping_summary(&result->runs[i], with_notes, style, stdout);
}

static void report_card(const struct result *result, bool with_notes, const struct style *style) {
  report_text_write_card(result, with_notes, style, stdout);
}

/* The first row is what loping does without a command. */
static const struct command commands[] = {
    {"",
     "the report card: 3 s of latency, then 3 s of echo throughput",
     ALWAYS | SETTINGS_CARD,
     2,
     {{&workload_latency, 64, SECONDS(3), WARMUP_NS, 0, false},
      {&workload_throughput, 128 * 1024, SECONDS(3), WARMUP_NS, 0, true}},
     false,
     report_card},
    {"ping",
     "one timed payload a second, a line for each reply, until Ctrl-C or --count",
     ALWAYS | SETTINGS_PING,
     1,
     {{&workload_ping, 64, 0, 0, SECONDS(1), false}},
     true,
     report_ping},
    {"latency",
     "round trips back to back, and how long they take",
     ALWAYS | SETTINGS_LATENCY,
     1,
     {{&workload_latency, 64, SECONDS(3), WARMUP_NS, 0, false}},
     false,
     report_runs},
    {"throughput",
     "a stream there and back, and how many bits a second",
     ALWAYS | SETTINGS_THROUGHPUT,
     1,
     {{&workload_throughput, 128 * 1024, SECONDS(3), WARMUP_NS, 0, true}},
     false,
     report_runs},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static void write_line(void *owner, const char *line) {
  fputs(line, owner);
}

static void print_help(const struct command *command) {
  bool is_card = command->name[0] == '\0';
  printf("usage: loping %s%s[options] [TARGET]\n", is_card ? "[COMMAND] " : command->name, is_card ? "" : " ");
  printf("Measures this machine's loopback against an echo server such as lopong.\n\n");
  if (is_card) {
    printf("commands:\n  %-12s %s\n", "(none)", commands[0].summary);
    for (size_t i = 1; i < COMMANDS; i++)
      printf("  %-12s %s\n", commands[i].name, commands[i].summary);
    printf("`loping COMMAND --help` lists the options of a command.\n\n");
  } else {
    printf("%s: %s\n\n", command->name, command->summary);
  }
  printf("TARGET is PORT, HOST:PORT, [::1]:PORT or unix:PATH; the default is %s:%d.\n\noptions:\n",
         ADDRESS_DEFAULT_HOST, ADDRESS_DEFAULT_PORT);
  settings_write_help(command->options, write_line, stdout);
  printf("\nexit status: 0 fine, 1 data was lost or corrupted, 2 wrong usage, 3 could not connect or finish.\n");
}

static const struct command *find_command(const char *word) {
  for (size_t i = 1; i < COMMANDS; i++)
    if (strcmp(commands[i].name, word) == 0) return &commands[i];
  return NULL;
}

/* A word that is neither a command nor a plausible target is taken for a mistyped command. */
static bool looks_like_command(const char *word) {
  return word[0] != '\0' && strspn(word, "abcdefghijklmnopqrstuvwxyz-") == strlen(word) &&
         strcmp(word, "localhost") != 0;
}

static int refuse(const char *problem, const char *command) {
  fprintf(stderr, "loping: %s\nTry 'loping %s%s--help'.\n", problem, command, command[0] == '\0' ? "" : " ");
  return EXIT_WRONG_USAGE;
}

static int refuse_command(const char *word) {
  char problem[OPTIONS_PROBLEM_SIZE], shown[64];
  const char *names[COMMANDS];
  for (size_t i = 1; i < COMMANDS; i++)
    names[i - 1] = commands[i].name;
  const char *nearest = options_nearest(word, names, COMMANDS - 1);
  safe_text_copy(word, strlen(word), shown, sizeof shown);
  if (nearest != NULL)
    snprintf(problem, sizeof problem, "there is no command '%s'; the nearest is '%s'", shown, nearest);
  else
    snprintf(problem, sizeof problem,
             "'%s' is neither a command nor a target; a target is PORT, HOST:PORT or unix:PATH", shown);
  return refuse(problem, "");
}

static int run(int argc, char **argv) {
  struct settings settings;
  char problem[OPTIONS_PROBLEM_SIZE];
  const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
  int skipped = command != NULL ? 1 : 0;
  if (command == NULL) command = &commands[0];
  if (skipped == 0 && argc > 1 && looks_like_command(argv[1])) return refuse_command(argv[1]);
  if (!settings_parse(command->options, argc - skipped, argv + skipped, &settings, problem))
    return refuse(problem, command->name);
  if (settings.wants_help) {
    print_help(command);
    return EXIT_FINE;
  }
  if (settings.wants_version) {
    printf("loping %s (libuv %s)\n", LOPING_VERSION, uv_version_string());
    return EXIT_FINE;
  }
  return command_measure(command, &settings, argc, argv);
}

int main(int argc, char **argv) {
  machine_ignore_broken_pipe();
  machine_raise_descriptor_limit();
  int status = run(argc, argv);
  /* Results that did not reach stdout are no success. */
  bool is_written = fflush(stdout) == 0 && !ferror(stdout);
  if (!is_written) fprintf(stderr, "loping: stdout takes no more; the results are not complete\n");
  return is_written ? status : EXIT_NOT_DONE;
}
