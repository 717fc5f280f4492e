/*
 * The floor of a sleeping round trip: two processes, one TCP connection on 127.0.0.1, blocking send and recv, nothing
 * else. Prints one line: the p50, p99 and the number of round trips, in nanoseconds. No libuv, on purpose.
 *
 * usage: floor_tcp [ROUND_TRIPS] [BYTES] [CLIENT_CPU SERVER_CPU]
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BYTES_MAX 65536

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void pin(int argc, char **argv, int argument) {
  cpu_set_t cpus;
  if (argc <= argument) return;
  CPU_ZERO(&cpus);
  CPU_SET(strtoul(argv[argument], NULL, 10), &cpus);
  if (sched_setaffinity(0, sizeof cpus, &cpus) != 0) fail("sched_setaffinity");
}

static int receive_all(int descriptor, char *bytes, size_t length) {
  size_t done = 0;
  while (done < length) {
    ssize_t got = recv(descriptor, bytes + done, length - done, 0);
    if (got <= 0) return -1;
    done += (size_t)got;
  }
  return 0;
}

static void no_delay(int descriptor) {
  int on = 1;
  if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("TCP_NODELAY");
}

static void echo(int listener, size_t length) {
  static char bytes[BYTES_MAX];
  int descriptor = accept(listener, NULL, NULL);
  if (descriptor < 0) fail("accept");
  no_delay(descriptor);
  while (receive_all(descriptor, bytes, length) == 0)
    if (send(descriptor, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) break;
  exit(0);
}

static int compare(const void *one, const void *other) {
  uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return a < b ? -1 : a > b;
}

int main(int argc, char **argv) {
  static char bytes[BYTES_MAX];
  size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 50000;
  size_t length = argc > 2 ? strtoul(argv[2], NULL, 10) : 64;
  size_t warmup = count / 10;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t address_length = sizeof address;
  if (count == 0 || length == 0 || length > BYTES_MAX) {
    fprintf(stderr, "usage: floor_tcp [ROUND_TRIPS] [BYTES up to %d] [CLIENT_CPU SERVER_CPU]\n", BYTES_MAX);
    return 2;
  }
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0)
    fail("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &address_length) != 0) fail("getsockname");
  pid_t server = fork();
  if (server < 0) fail("fork");
  pin(argc, argv, server == 0 ? 4 : 3);
  if (server == 0) echo(listener, length);
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  if (descriptor < 0 || connect(descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
  no_delay(descriptor);
  uint64_t *samples = malloc(count * sizeof *samples);
  if (samples == NULL) fail("malloc");
  for (size_t i = 0; i < warmup + count; i++) {
    uint64_t begin = now_ns();
    if (send(descriptor, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) fail("send");
    if (receive_all(descriptor, bytes, length) != 0) fail("recv");
    if (i >= warmup) samples[i - warmup] = now_ns() - begin;
  }
  close(descriptor);
  waitpid(server, NULL, 0);
  qsort(samples, count, sizeof *samples, compare);
  printf("%llu %llu %zu\n", (unsigned long long)samples[count / 2], (unsigned long long)samples[count * 99 / 100],
         count);
  free(samples);
  return 0;
}
