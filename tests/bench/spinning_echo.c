/*
 * An echo server that is slower by a known time: it spins for so long before each reply. Serves one connection after
 * the other on 127.0.0.1, on a port of the system's choice that its ready line names. Knows no libuv and none of the
 * project's headers, on purpose.
 *
 * usage: spinning_echo CPU SPIN_NS [poll]
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define READ_BYTES 65536
#define BACKLOG    16

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void pin(const char *cpu) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(strtoul(cpu, NULL, 10), &cpus);
  if (sched_setaffinity(0, sizeof cpus, &cpus) != 0) fail("sched_setaffinity");
}

static int listen_somewhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0) fail("socket");
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
  if (listen(listener, BACKLOG) != 0) fail("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) fail("getsockname");
  printf("listening on 127.0.0.1:%u (tcp)\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

/* The clock is asked in either case, so that two servers differ by the spinning alone. */
static void spin(uint64_t spin_ns) {
  uint64_t end_ns = now_ns() + spin_ns;
  while (now_ns() < end_ns)
    continue;
}

static int send_all(int descriptor, const char *bytes, ssize_t length) {
  while (length > 0) {
    ssize_t sent = send(descriptor, bytes, (size_t)length, MSG_NOSIGNAL);
    if (sent <= 0) return -1;
    bytes += sent;
    length -= sent;
  }
  return 0;
}

/* A server that polls asks for bytes again and again instead of sleeping until some come. */
static ssize_t receive(int descriptor, char *bytes, size_t room, bool polls) {
  ssize_t got;
  do
    got = recv(descriptor, bytes, room, polls ? MSG_DONTWAIT : 0);
  while (got < 0 && polls && (errno == EAGAIN || errno == EWOULDBLOCK));
  return got;
}

static void serve(int listener, uint64_t spin_ns, bool polls) {
  static char bytes[READ_BYTES];
  for (int on = 1;;) {
    int descriptor = accept(listener, NULL, NULL);
    if (descriptor < 0) fail("accept");
    if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("TCP_NODELAY");
    for (ssize_t got; (got = receive(descriptor, bytes, sizeof bytes, polls)) > 0;) {
      spin(spin_ns);
      if (send_all(descriptor, bytes, got) != 0) break;
    }
    close(descriptor);
  }
}

int main(int argc, char **argv) {
  bool polls = argc == 4 && strcmp(argv[3], "poll") == 0;
  if (argc != 3 && !polls) {
    fprintf(stderr, "usage: spinning_echo CPU SPIN_NS [poll]\n");
    return 2;
  }
  /* It ends with whoever started it. */
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) fail("prctl");
  pin(argv[1]);
  serve(listen_somewhere(), strtoull(argv[2], NULL, 10), polls);
}
