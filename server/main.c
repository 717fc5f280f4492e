/* lopong, the echo server. A table of contents: read the command line, judge it, run. Only this file ends the process.
 */
#include <stdio.h>
#include <uv.h>

#include "common/machine.h"
#include "common/version.h"
#include "server/server.h"
#include "server/settings.h"

#define EXIT_WRONG_USAGE 2

/* A program started with a closed stdout would get that descriptor for a socket, and print into it. */
static void hold_standard_streams(void) {
  for (int descriptor = 0; descriptor <= 2; descriptor++) {
    uv_fs_t request;
    int code = uv_fs_fstat(NULL, &request, descriptor, NULL);
    uv_fs_req_cleanup(&request);
    if (code != UV_EBADF) continue;
    /* The lowest free descriptor is taken, which is this one. Where there is no such file, nothing is lost. */
    uv_fs_open(NULL, &request, "/dev/null", UV_FS_O_RDWR, 0, NULL);
    uv_fs_req_cleanup(&request);
  }
}

int main(int argc, char **argv) {
  struct settings settings;
  char problem[OPTIONS_PROBLEM_SIZE];
  hold_standard_streams();
  machine_ignore_broken_pipe();
  if (!settings_read(argc, argv, &settings, problem)) {
    fprintf(stderr, "lopong: %s.\nTry 'lopong --help'.\n", problem);
    return EXIT_WRONG_USAGE;
  }
  if (settings.help) {
    settings_print_help();
    return 0;
  }
  if (settings.version) {
    printf("lopong %s (libuv %s)\n", LOPING_VERSION, uv_version_string());
    return 0;
  }
  machine_raise_descriptor_limit();
  return server_run(&settings);
}
