/* lopong, the echo server. A table of contents: read the command line, judge it, run. Only this file ends the process.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

#include "common/machine/machine.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/options/default_port.h"
#include "common/options/exit_status.h"
#include "common/options/standard_streams.h"
#include "common/schema/schema.h"
#include "common/screen/frame.h"
#include "common/text/json_line.h"
#include "common/text/layout.h"
#include "common/text/terminal.h"
#include "common/text/version.h"
#include "server/manager/given.h"
#include "server/say/announce_schema.h"
#include "server/server.h"
#include "server/settings/command_line.h"
#include "server/threads/watch_claim.h"

#define STANDARD_ERROR 2

static void complain(const char *problem) {
  char text[OPTIONS_PROBLEM_SIZE + 64];
  snprintf(text, sizeof text, "lopong: %s.\n", problem);
  layout_write(stderr, text);
}

/* What did not reach stdout is no success. */
static int finish_output(void) {
  if (fflush(stdout) == 0 && !ferror(stdout)) return EXIT_FINE;
  complain("stdout takes no more");
  return EXIT_NOT_DONE;
}

/* The library's last word is no word; what it is for want of is told in place of it, where that is known. */
static void on_abort(int number) {
  static char words[] =
      "lopong: broken off: the system refused what its event loop cannot go on without (memory, descriptors, or watches: "
      "fs.epoll.max_user_watches), or lopong is at fault\n";
  static char erase[] = FRAME_ERASE;
  uv_buf_t sentence = uv_buf_init(words, sizeof words - 1), no_view = uv_buf_init(erase, sizeof erase - 1);
  uv_fs_t request;
  (void)number;
  int reason = errno;
  /* The view of --live goes first. */
  if (uv_guess_handle(STANDARD_ERROR) == UV_TTY)
    (void)uv_fs_write(NULL, &request, STANDARD_ERROR, &no_view, 1, -1, NULL);
  errno = reason;
  if (!watch_claim_explain_abort()) (void)uv_fs_write(NULL, &request, STANDARD_ERROR, &sentence, 1, -1, NULL);
  _Exit(EXIT_NOT_DONE);
}

/* What was lacking was no fault of the command line. */
static int refuse(const char *problem) {
  if (lack_code() != 0) {
    complain("out of memory before anything was served");
    return EXIT_NOT_DONE;
  }
  complain(problem);
  layout_write(stderr, "Try 'lopong --help'.\n");
  return EXIT_WRONG_USAGE;
}

/* What is lacking shows in finish_output: of a text that could not be made nothing is printed. */
static void print_schema(void) {
  char *text = schema_write(announce_schema_make());
  if (text != NULL) printf("%s\n", text);
  memory_give_back(text);
}

/* What is asked of the program itself; false: it is to serve. */
static bool answers(const struct settings *settings) {
  if (settings->help || settings->full_help)
    command_line_print_help(settings->full_help);
  else if (settings->completion != NULL)
    command_line_print_completion(settings->completion);
  else if (settings->schema)
    print_schema();
  else if (settings->version)
    printf("lopong %s (libuv %s)\n", LOPING_VERSION, uv_version_string());
  else
    return false;
  return true;
}

int main(int argc, char **argv) {
  struct settings settings;
  struct given_sockets given;
  char problem[OPTIONS_PROBLEM_SIZE];
  terminal_know_characters();
  standard_streams_hold();
  machine_ignore_broken_pipe();
  watch_claim_on_abort(on_abort);
  memory_serve_libuv();
  json_line_watch_memory();
  if (!command_line_read(argc, argv, getenv(DEFAULT_PORT_VARIABLE), &settings, problem)) return refuse(problem);
  if (answers(&settings)) return finish_output();
  if (!given_take(&given, problem)) {
    complain(problem);
    return EXIT_NOT_DONE;
  }
  machine_raise_descriptor_limit();
  if (!machine_has_descriptors(MACHINE_LOOP_DESCRIPTORS)) {
    complain(
        "too few file descriptors are left to begin with: it takes at least 4. Raise the limit in the shell that "
        "starts lopong: ulimit -n 1024");
    return EXIT_NOT_DONE;
  }
  return server_run(&settings, &given);
}
