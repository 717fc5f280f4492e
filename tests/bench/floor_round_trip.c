/*
 * The floor of a 64 B round trip: two processes, one connection on this machine's loopback, send and receive, nothing
 * else. Prints one line: the p50, the p99 (ns) and the number of round trips. Knows no libuv and none of the project's
 * headers, on purpose: it is what the programs are measured against.
 *
 * usage: floor_round_trip tcp|udp|unix sleep|spin COUNT CLIENT_CPU SERVER_CPU
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
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_BYTES 64

struct floor_ends {
  int server;  // a listener, or for udp the server's socket
  struct sockaddr_storage address;
  socklen_t address_length;
};

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void pin(const char *cpu) {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  CPU_SET(strtoul(cpu, NULL, 10), &cpus);
  if (sched_setaffinity(0, sizeof cpus, &cpus) != 0) fail("sched_setaffinity");
}

static void no_delay(int descriptor, int family) {
  int on = 1;
  if (family != AF_INET) return;
  if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("TCP_NODELAY");
}

static void listen_on(struct floor_ends *ends, bool local, bool datagrams) {
  // A unix address of the family alone lets the kernel pick an abstract name, which leaves no file behind.
  struct sockaddr_in internet = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_un unix_name = {.sun_family = AF_UNIX};
  const struct sockaddr *wanted = local ? (struct sockaddr *)&unix_name : (struct sockaddr *)&internet;
  socklen_t wanted_length = local ? (socklen_t)sizeof(sa_family_t) : (socklen_t)sizeof internet;
  ends->server = socket(local ? AF_UNIX : AF_INET, datagrams ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (ends->server < 0 || bind(ends->server, wanted, wanted_length) != 0) fail("bind");
  if (!datagrams && listen(ends->server, 1) != 0) fail("listen");
  ends->address_length = sizeof ends->address;
  if (getsockname(ends->server, (struct sockaddr *)&ends->address, &ends->address_length) != 0) fail("getsockname");
}

// One receive of what has come: sleeping in the call, or asking again and again. 0 at the end of the stream.
static size_t receive_some(int descriptor, char *bytes, size_t length, int how, struct sockaddr_storage *from) {
  for (;;) {
    socklen_t from_length = sizeof *from;
    ssize_t got = from == NULL ? recv(descriptor, bytes, length, how)
                               : recvfrom(descriptor, bytes, length, how, (struct sockaddr *)from, &from_length);
    if (got >= 0) return (size_t)got;
    if (errno != EAGAIN && errno != EINTR && errno != ECONNRESET) fail("recv");
    if (errno == ECONNRESET) return 0;
  }
}

static bool receive_message(int descriptor, char *bytes, int how) {
  size_t done = 0;
  while (done < MESSAGE_BYTES) {
    size_t got = receive_some(descriptor, bytes + done, MESSAGE_BYTES - done, how, NULL);
    if (got == 0) return false;
    done += got;
  }
  return true;
}

static void echo_datagrams(const struct floor_ends *ends, int how) {
  char bytes[MESSAGE_BYTES];
  struct sockaddr_storage from;
  for (;;) {
    size_t got = receive_some(ends->server, bytes, sizeof bytes, how, &from);
    if (sendto(ends->server, bytes, got, 0, (struct sockaddr *)&from, sizeof(struct sockaddr_in)) < 0) fail("sendto");
  }
}

static void echo_stream(const struct floor_ends *ends, int how) {
  char bytes[MESSAGE_BYTES];
  int descriptor = accept(ends->server, NULL, NULL);
  if (descriptor < 0) fail("accept");
  no_delay(descriptor, ends->address.ss_family);
  while (receive_message(descriptor, bytes, how))
    if (send(descriptor, bytes, sizeof bytes, MSG_NOSIGNAL) != MESSAGE_BYTES) break;
  exit(0);
}

static int connect_to(const struct floor_ends *ends, bool datagrams) {
  int descriptor = socket(ends->address.ss_family, datagrams ? SOCK_DGRAM : SOCK_STREAM, 0);
  if (descriptor < 0 || connect(descriptor, (const struct sockaddr *)&ends->address, ends->address_length) != 0)
    fail("connect");
  if (!datagrams) no_delay(descriptor, ends->address.ss_family);
  return descriptor;
}

static void measure(int descriptor, int how, uint64_t *samples_ns, size_t count) {
  char bytes[MESSAGE_BYTES] = {0};
  size_t warmup = count / 10;
  for (size_t i = 0; i < warmup + count; i++) {
    uint64_t begin_ns = now_ns();
    if (send(descriptor, bytes, sizeof bytes, MSG_NOSIGNAL) != MESSAGE_BYTES) fail("send");
    if (!receive_message(descriptor, bytes, how)) fail("the server ended");
    if (i >= warmup) samples_ns[i - warmup] = now_ns() - begin_ns;
  }
}

static int compare(const void *one, const void *other) {
  uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return a < b ? -1 : a > b;
}

static bool is_one_of(const char *word, const char *one, const char *other) {
  return strcmp(word, one) == 0 || strcmp(word, other) == 0;
}

int main(int argc, char **argv) {
  size_t count = argc == 6 ? strtoul(argv[3], NULL, 10) : 0;
  if (count == 0 || !(is_one_of(argv[1], "tcp", "udp") || strcmp(argv[1], "unix") == 0) ||
      !is_one_of(argv[2], "sleep", "spin")) {
    fprintf(stderr, "usage: floor_round_trip tcp|udp|unix sleep|spin COUNT CLIENT_CPU SERVER_CPU\n");
    return 2;
  }
  bool datagrams = strcmp(argv[1], "udp") == 0;
  int how = strcmp(argv[2], "spin") == 0 ? MSG_DONTWAIT : 0;
  struct floor_ends ends = {.server = -1};
  listen_on(&ends, strcmp(argv[1], "unix") == 0, datagrams);
  pid_t server = fork();
  if (server < 0) fail("fork");
  pin(argv[server == 0 ? 5 : 4]);
  if (server == 0) {
    // A client that fails or is killed must not leave a spinning server.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (datagrams) echo_datagrams(&ends, how);
    echo_stream(&ends, how);
  }
  uint64_t *samples_ns = calloc(count, sizeof *samples_ns);
  if (samples_ns == NULL) fail("calloc");
  int descriptor = connect_to(&ends, datagrams);
  measure(descriptor, how, samples_ns, count);
  close(descriptor);
  kill(server, SIGKILL);
  waitpid(server, NULL, 0);
  qsort(samples_ns, count, sizeof *samples_ns, compare);
  printf("%llu %llu %zu\n", (unsigned long long)samples_ns[count / 2], (unsigned long long)samples_ns[count * 99 / 100],
         count);
  free(samples_ns);
  return 0;
}
