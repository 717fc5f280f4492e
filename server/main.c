/* lopong, the echo server. A table of contents: read the command line, judge it, run. Only this file ends the process.
 */
#include <stdio.h>
#include <uv.h>

#include "common/machine/machine.h"
#include "common/options/standard_streams.h"
#include "common/text/layout.h"
#include "common/text/terminal.h"
#include "common/text/version.h"
#include "server/server.h"
#include "server/settings/command_line.h"

#define EXIT_WRONG_USAGE 2

int main(int argc, char **argv) {
  struct settings settings;
  char problem[OPTIONS_PROBLEM_SIZE];
  terminal_know_characters();
  standard_streams_hold();
  machine_ignore_broken_pipe();
  if (!command_line_read(argc, argv, &settings, problem)) {
    char text[OPTIONS_PROBLEM_SIZE + 64];
    snprintf(text, sizeof text, "lopong: %s.\nTry 'lopong --help'.\n", problem);
    layout_write(stderr, text);
    return EXIT_WRONG_USAGE;
  }
  if (settings.help) {
    command_line_print_help();
    return 0;
  }
  if (settings.version) {
    printf("lopong %s (libuv %s)\n", LOPING_VERSION, uv_version_string());
    return 0;
  }
  machine_raise_descriptor_limit();
  return server_run(&settings);
}
