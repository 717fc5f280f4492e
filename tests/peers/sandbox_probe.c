/*
 * Stands in lopong by LD_PRELOAD and does at SIGUSR1 what somebody would who has found a fault in it: SANDBOX_PROBE
 * says what. Tells on stderr what came of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *what;

static int connect_somewhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int made = socket(AF_INET, SOCK_STREAM, 0);
  return made < 0 ? -1 : connect(made, (struct sockaddr *)&address, sizeof address);
}

static int do_it(void) {
  char *const words[] = {(char[]){"true"}, NULL};
  if (strcmp(what, "exec") == 0) return execve("/bin/true", words, words + 1);
  if (strcmp(what, "read") == 0) return open("/etc/passwd", O_RDONLY);
  if (strcmp(what, "write") == 0) return open("/tmp/sandbox_probe_must_not_be", O_WRONLY | O_CREAT, 0600);
  if (strcmp(what, "connect") == 0) return connect_somewhere();
  if (strcmp(what, "ptrace") == 0) return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
  if (strcmp(what, "unlink") == 0) return unlink(getenv("SANDBOX_PROBE_FILE"));
  return 0;
}

/* strerrorname_np() is younger than some C libraries, and musl has none. */
static const char *name_of(int error) {
  switch (error) {
    case EPERM:
      return "EPERM";
    case EACCES:
      return "EACCES";
    case ECONNREFUSED:
      return "ECONNREFUSED";
    default:
      return strerror(error);
  }
}

static void on_signal(int number) {
  char line[80];
  (void)number;
  errno = 0;
  int result = do_it();
  int length = snprintf(line, sizeof line, "probe %s: %s\n", what, result < 0 ? name_of(errno) : "done");
  if (write(STDERR_FILENO, line, (size_t)length) != length) _exit(9);
}

__attribute__((constructor)) static void begin(void) {
  what = getenv("SANDBOX_PROBE");
  if (what != NULL) (void)signal(SIGUSR1, on_signal);
}
