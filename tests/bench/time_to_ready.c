/*
 * How long a command takes from just before its exec to the first line on its stdout; then it gets SIGTERM. Does that
 * COUNT times and prints the median in nanoseconds.
 *
 * usage: time_to_ready COUNT COMMAND [ARGUMENT]...
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void become(char **command, const int *line) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(line[1], STDOUT_FILENO);
  close(line[0]);
  close(line[1]);
  // The child says itself when it begins, so that the fork is not counted: 8 bytes ahead of what the command prints.
  uint64_t begin_ns = now_ns();
  if (write(STDOUT_FILENO, &begin_ns, sizeof begin_ns) != sizeof begin_ns) fail("write");
  execvp(command[0], command);
  fail(command[0]);
}

static uint64_t time_once(char **command) {
  int line[2];
  char bytes[4096];
  uint64_t begin_ns = 0;
  if (pipe(line) != 0) fail("pipe");
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) become(command, line);
  close(line[1]);
  if (read(line[0], &begin_ns, sizeof begin_ns) != sizeof begin_ns) fail("read");
  for (ssize_t got = 0; got <= 0 || memchr(bytes, '\n', (size_t)got) == NULL;) {
    got = read(line[0], bytes, sizeof bytes);
    if (got <= 0) {
      fprintf(stderr, "time_to_ready: %s ended before it printed a line\n", command[0]);
      exit(1);
    }
  }
  uint64_t taken_ns = now_ns() - begin_ns;
  kill(child, SIGTERM);
  waitpid(child, NULL, 0);
  close(line[0]);
  return taken_ns;
}

static int compare(const void *one, const void *other) {
  uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return a < b ? -1 : a > b;
}

int main(int argc, char **argv) {
  size_t count = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
  if (count == 0) {
    fprintf(stderr, "usage: time_to_ready COUNT COMMAND [ARGUMENT]...\n");
    return 2;
  }
  uint64_t *taken_ns = calloc(count, sizeof *taken_ns);
  if (taken_ns == NULL) fail("calloc");
  for (size_t i = 0; i < count; i++)
    taken_ns[i] = time_once(argv + 2);
  qsort(taken_ns, count, sizeof *taken_ns, compare);
  printf("%llu\n", (unsigned long long)taken_ns[count / 2]);
  free(taken_ns);
  return 0;
}
