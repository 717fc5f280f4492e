/* loping: a table of commands, and what is common to all of them. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/check/command_check.h"
#include "client/compare/command_compare.h"
#include "client/complete/complete.h"
#include "client/explain/command_explain.h"
#include "client/frame/command.h"
#include "client/frame/command_help.h"
#include "client/frame/give_up.h"
#include "client/frame/last_words.h"
#include "client/grade/command_grade.h"
#include "client/lab/command_lab.h"
#include "client/ladder/command_ladder.h"
#include "client/measure/command_measure.h"
#include "client/ports/command_ports.h"
#include "client/ports/ports_settings.h"
#include "client/report/command_report.h"
#include "client/schema/command_schema.h"
#include "client/wait/command_wait.h"
#include "client/wait/wait_settings.h"
#include "client/workloads/workloads.h"
#include "common/machine/machine.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/options/standard_streams.h"
#include "common/text/json_line.h"
#include "common/text/safe_text.h"
#include "common/text/terminal.h"

/* One workload, and the report of its runs. */
#define MEASURE(workload, report)   \
  &(const struct measure_kind) {    \
    1, {&(workload)}, false, report \
  }
#define MEASURE_BOTH(is_sweep, report)                                  \
  &(const struct measure_kind) {                                        \
    2, {&workload_latency, &workload_throughput_echo}, is_sweep, report \
  }

/* The first row is what loping does without a command. */
static const struct command commands[] = {
    {"",
     "the report card: 3 s of latency, then 3 s of echo throughput",
     command_measure,
     command_measure_describe,
     {{"loping", "what the loopback can do, with lopong"}, {"loping check 8080", "what is wrong with a port"}},
     MEASURE_BOTH(false, report_card),
     false,
     false},
    {"ping",
     "one timed message a second, until Ctrl-C or --count",
     command_measure,
     command_measure_describe,
     {{"loping ping", "lopong, a line for each reply"},
      {"loping ping -n 5 -i 200ms localhost:7", "five, to another echo server"}},
     MEASURE(workload_ping, report_ping),
     false,
     false},
    {"latency",
     "round trips back to back, and how long they take",
     command_measure,
     command_measure_describe,
     {{"loping latency", "3 s of one message after the other"},
      {"loping latency -c 8 -s 1KiB -d 10s", "8 connections, 1 KiB, for 10 s"}},
     MEASURE(workload_latency, report_runs),
     false,
     false},
    {"anatomy",
     "where the time of one round trip goes, part by part (Linux)",
     command_measure,
     command_measure_describe,
     {{"loping anatomy", "each part of a round trip of 64 bytes"},
      {"loping anatomy -s 16KiB -n 1000", "1000 round trips of 16 KiB"}},
     MEASURE(workload_anatomy, report_anatomy),
     false,
     false},
    {"throughput",
     "a stream there and back, and how many bits a second",
     command_measure,
     command_measure_describe,
     {{"loping throughput", "3 s of one stream to lopong and back"},
      {"loping throughput --direction up -c 4", "four streams, to lopong alone"}},
     MEASURE(workload_throughput_echo, report_runs),
     false,
     false},
    {"connect",
     "connect, one round trip, close: how many a second, how long",
     command_measure,
     command_measure_describe,
     {{"loping connect", "one handshake after the other, for 3 s"},
      {"loping connect -c 16 -d 10s", "16 of them at once, for 10 s"}},
     MEASURE(workload_connect, report_runs),
     false,
     false},
    {"sweep",
     "latency and throughput over payload sizes, as a table",
     command_measure,
     command_measure_describe,
     {{"loping sweep", "from 1 B to 1 MiB"}, {"loping sweep --sizes 64,1KiB,64KiB", "these three sizes alone"}},
     MEASURE_BOTH(true, report_sweep),
     false,
     false},
    {"compare",
     "result files side by side, with a verdict that knows noise",
     command_compare,
     command_compare_describe,
     {{"loping compare before.json after.json", "what became better or worse"},
      {"loping compare --base a* --new b*", "several runs of each side"}},
     NULL,
     false,
     false},
    {"report",
     "result files as a page to look at, a picture, or a table",
     command_report,
     command_report_describe,
     {{"loping report run.json -o page.html", "a page to look at, in one file"},
      {"loping report a.json b.json -o b.html", "both drawn over each other, and judged"}},
     NULL,
     false,
     false},
    {"check",
     "is a port open, closed, blocked, stuck: a verdict, and why",
     command_check,
     command_check_describe,
     {{"loping check 8080", "what is at this port, and what to do"},
      {"loping check --udp 53", "the same of a UDP port"}},
     NULL,
     false,
     false},
    {"wait",
     "until a port answers or is free; on time-out why not",
     command_wait,
     wait_settings_describe,
     {{"loping wait 8080 && ./run-tests", "tests begin when the server answers"},
      {"loping wait --free 8080 -t 5s", "until nobody has the port, at most 5 s"}},
     NULL,
     false,
     false},
    {"ports",
     "who listens here, and what other machines can reach",
     command_ports,
     ports_settings_describe,
     {{"loping ports --exposed", "what other machines can reach"},
      {"loping ports --watch", "what comes and goes, until Ctrl-C"}},
     NULL,
     false,
     false},
    {"grade",
     "a student's echo server, examined as a teacher would",
     command_grade,
     command_grade_describe,
     {{"loping grade 8080", "what is wrong with the server there"},
      {"loping grade -u --junit r.xml 7", "over UDP, with a file for CI"}},
     NULL,
     false,
     false},
    {"explain",
     "an error, a port, an address or a word in plain sentences",
     command_explain,
     command_explain_describe,
     {{"loping explain ECONNREFUSED", "what the error means, and what to do"},
      {"loping explain 62893", "what this port is, and who has it"}},
     NULL,
     false,
     false},
    {"lab",
     "exercises: a situation made real in a namespace of its own",
     command_lab,
     command_lab_describe,
     {{"loping lab", "the list of lessons and situations"},
      {"loping lab --random", "something is wrong: find out what"}},
     NULL,
     false,
     true},
    {"ladder",
     "the packets of one connection, both ways, with each end's state",
     command_ladder,
     command_ladder_describe,
     {{"loping ladder", "to lopong; the packets as root or in a lab"},
      {"loping ladder 8080 --pcap web.pcapng", "to another server, for Wireshark too"}},
     NULL,
     false,
     false},
    {"schema",
     "the JSON schema of what loping writes as JSON",
     command_schema,
     command_schema_describe,
     {{"loping schema", "of everything, for a validator"}, {"loping schema result", "of the result file alone"}},
     NULL,
     true,
     false},
    {"help",
     "this list, or the help of a COMMAND",
     command_help,
     command_help_describe,
     {{"loping help latency", "as loping latency --help"}, {"loping help --all latency", "with all of its options"}},
     NULL,
     true,
     false},
};

#define COMMANDS (sizeof commands / sizeof commands[0])

static const struct command_table table = {commands, COMMANDS, complete_print};

/* A word that is neither a command nor a plausible target is taken for a mistyped command. */
static bool looks_like_command(const char *word) {
  return word[0] != '\0' && word[0] != '-' && strspn(word, "abcdefghijklmnopqrstuvwxyz-") == strlen(word) &&
         strcmp(word, "localhost") != 0;
}

static int refuse_word(const char *word) {
  char problem[OPTIONS_PROBLEM_SIZE], shown[64];
  if (!command_suggest(&table, word, problem)) {
    safe_text_copy(word, strlen(word), shown, sizeof shown);
    snprintf(problem, sizeof problem,
             "'%s' is neither a command nor a target; a target is PORT, HOST:PORT or unix:PATH", shown);
  }
  return command_refuse(&commands[0], problem);
}

static int run(int argc, char **argv, char **typed) {
  const struct command *command = argc > 1 ? command_find(&table, argv[1]) : NULL;
  if (command == NULL && argc > 1 && looks_like_command(argv[1])) return refuse_word(argv[1]);
  int skipped = command != NULL ? 1 : 0;
  struct invocation invocation = {
      .command = command != NULL ? command : &commands[0],
      .commands = table,
      .argc = argc - skipped,
      .argv = argv + skipped,
      .full_argc = argc,
      .full_argv = typed,
  };
  if (!invocation.command->starts_programs) give_up_programs();
  return invocation.command->run(&invocation);
}

/* What a run was refused it went without, wherever that was: its results are not whole. */
static int end_with_lack(int status) {
  int code = lack_code();
  if (code == 0) return status;
  if (code == UV_EMFILE || code == UV_ENFILE)
    command_complain(
        "out of file descriptors (%s): not everything was looked into. Raise the limit in the shell that starts "
        "loping: ulimit -n 1024",
        uv_err_name(code));
  else
    command_complain("out of memory (%s): not everything was done. End other programs, or raise the limit: ulimit -v",
                     uv_err_name(code));
  return EXIT_NOT_DONE;
}

/* libuv's pipe for signals is made with its first loop and stays: later loops cannot end the process for want of it,
 * however many descriptors result files take meanwhile. */
static bool make_first_loop(void) {
  uv_loop_t loop;
  return uv_loop_init(&loop) == 0 && uv_loop_close(&loop) == 0;
}

static void on_abort(int number) {
  (void)number;
  last_words_say();
  _Exit(EXIT_NOT_DONE);
}

int main(int argc, char **argv) {
  last_words_prepare(on_abort);
  memory_serve_libuv();
  json_line_watch_memory();
  terminal_know_characters();
  standard_streams_hold();
  machine_ignore_broken_pipe();
  machine_raise_descriptor_limit();
  if (!machine_has_descriptors(MACHINE_LOOP_DESCRIPTORS) || !make_first_loop()) {
    command_complain(
        "too few file descriptors are left to begin with: it takes at least %d. Raise the limit in the shell that "
        "starts loping: ulimit -n 1024",
        MACHINE_LOOP_DESCRIPTORS);
    return EXIT_NOT_DONE;
  }
  /* Reading the options changes the order of argv (getopt_long(3)); the result file has it as it was typed. */
  char **typed = memory_take((size_t)(argc + 1) * sizeof *typed);
  if (typed == NULL) {
    command_complain("out of memory before anything was done");
    return EXIT_NOT_DONE;
  }
  memcpy(typed, argv, (size_t)(argc + 1) * sizeof *typed);
  int status = run(argc, argv, typed);
  free(typed);
  /* Results that did not reach stdout are no success. */
  bool is_written = fflush(stdout) == 0 && !ferror(stdout);
  if (!is_written) command_complain("stdout takes no more; the results are not complete");
  status = end_with_lack(status);
  return is_written ? status : EXIT_NOT_DONE;
}
