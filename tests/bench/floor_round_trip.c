/*
 * The floor of a 64 B round trip: two processes, one connection on this machine's loopback, send and receive, nothing
 * else. Prints one line: the p50, the p99 (ns), the number of round trips, and the client's user CPU time of each (ns).
 * Knows no libuv and none of the project's headers, on purpose: it is what the programs are measured against.
 *
 * Each end waits for a message in the receiving call (sleep), in epoll, as every event loop does on Linux (epoll), or
 * by asking again and again (spin).
 *
 * usage: floor_round_trip tcp|udp|unix sleep|epoll|spin SECONDS CLIENT_CPU SERVER_CPU
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
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_BYTES 64
#define NS_PER_SECOND UINT64_C(1000000000)
// More than a loopback can do; the memory of those that it does not do is never touched. A longer run ends with the
// last.
#define TRIPS_PER_SECOND_MAX 1000000u
#define CAPACITY_SECONDS_MAX 20
#define SECONDS_MAX          1000

struct floor_ends {
  int server;  // a listener, or for udp the server's socket
  struct sockaddr_storage address;
  socklen_t address_length;
};

// One end's socket, and how it waits for what comes.
struct floor_socket {
  int descriptor;
  int flags;   // of recv()
  int poller;  // -1: none
};

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static double user_cpu_ns(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_utime.tv_sec * 1e9 + (double)usage.ru_utime.tv_usec * 1e3;
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

static struct floor_socket wait_for(int descriptor, const char *wait) {
  struct floor_socket socket = {.descriptor = descriptor, .poller = -1};
  if (strcmp(wait, "sleep") == 0) return socket;
  socket.flags = MSG_DONTWAIT;
  if (strcmp(wait, "spin") == 0) return socket;
  struct epoll_event event = {.events = EPOLLIN};
  socket.poller = epoll_create1(0);
  if (socket.poller < 0 || epoll_ctl(socket.poller, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll");
  return socket;
}

// One receive of what has come: sleeping in the call or in epoll, or asking again and again. 0 at the end of the
// stream.
static size_t receive_some(const struct floor_socket *socket, char *bytes, size_t length,
                           struct sockaddr_storage *from) {
  for (;;) {
    struct epoll_event event;
    socklen_t from_length = sizeof *from;
    if (socket->poller >= 0 && epoll_wait(socket->poller, &event, 1, -1) < 0 && errno != EINTR) fail("epoll_wait");
    ssize_t got = from == NULL ? recv(socket->descriptor, bytes, length, socket->flags)
                               : recvfrom(socket->descriptor, bytes, length, socket->flags, (struct sockaddr *)from,
                                          &from_length);
    if (got >= 0) return (size_t)got;
    if (errno != EAGAIN && errno != EINTR && errno != ECONNRESET) fail("recv");
    if (errno == ECONNRESET) return 0;
  }
}

static bool receive_message(const struct floor_socket *socket, char *bytes) {
  size_t done = 0;
  while (done < MESSAGE_BYTES) {
    size_t got = receive_some(socket, bytes + done, MESSAGE_BYTES - done, NULL);
    if (got == 0) return false;
    done += got;
  }
  return true;
}

static void echo_datagrams(const struct floor_ends *ends, const char *wait) {
  struct floor_socket socket = wait_for(ends->server, wait);
  char bytes[MESSAGE_BYTES];
  struct sockaddr_storage from;
  for (;;) {
    size_t got = receive_some(&socket, bytes, sizeof bytes, &from);
    if (sendto(ends->server, bytes, got, 0, (struct sockaddr *)&from, sizeof(struct sockaddr_in)) < 0) fail("sendto");
  }
}

static void echo_stream(const struct floor_ends *ends, const char *wait) {
  char bytes[MESSAGE_BYTES];
  int descriptor = accept(ends->server, NULL, NULL);
  if (descriptor < 0) fail("accept");
  no_delay(descriptor, ends->address.ss_family);
  struct floor_socket socket = wait_for(descriptor, wait);
  while (receive_message(&socket, bytes))
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

struct floor_result {
  uint64_t *samples_ns;
  size_t count;
  double cpu_ns;  // the client's user time of one round trip
};

// For so many seconds, after a tenth of that as warm-up: as long as the others are measured, since a virtual CPU wakes
// faster after a while of waking often.
static struct floor_result measure(const struct floor_socket *socket, size_t seconds) {
  char bytes[MESSAGE_BYTES] = {0};
  size_t capacity = (seconds < CAPACITY_SECONDS_MAX ? seconds : CAPACITY_SECONDS_MAX) * TRIPS_PER_SECOND_MAX, all = 0;
  struct floor_result result = {.samples_ns = malloc(capacity * sizeof *result.samples_ns)};
  if (result.samples_ns == NULL) fail("malloc");
  double begin_cpu_ns = user_cpu_ns();
  uint64_t warm_ns = now_ns() + seconds * NS_PER_SECOND / 10, end_ns = warm_ns + seconds * NS_PER_SECOND;
  for (uint64_t begin_ns = 0; begin_ns < end_ns && result.count < capacity; all++) {
    begin_ns = now_ns();
    if (send(socket->descriptor, bytes, sizeof bytes, MSG_NOSIGNAL) != MESSAGE_BYTES) fail("send");
    if (!receive_message(socket, bytes)) fail("the server ended");
    uint64_t received_ns = now_ns();
    if (begin_ns >= warm_ns) result.samples_ns[result.count++] = received_ns - begin_ns;
  }
  result.cpu_ns = (user_cpu_ns() - begin_cpu_ns) / (double)all;
  return result;
}

static int compare(const void *one, const void *other) {
  uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return a < b ? -1 : a > b;
}

static bool is_one_of(const char *word, const char *const words[3]) {
  for (size_t i = 0; i < 3; i++)
    if (strcmp(word, words[i]) == 0) return true;
  return false;
}

int main(int argc, char **argv) {
  static const char *const transports[] = {"tcp", "udp", "unix"};
  static const char *const waits[] = {"sleep", "epoll", "spin"};
  size_t seconds = argc == 6 ? strtoul(argv[3], NULL, 10) : 0;
  if (seconds == 0 || seconds > SECONDS_MAX || !is_one_of(argv[1], transports) || !is_one_of(argv[2], waits)) {
    fprintf(stderr, "usage: floor_round_trip tcp|udp|unix sleep|epoll|spin SECONDS CLIENT_CPU SERVER_CPU\n");
    return 2;
  }
  bool datagrams = strcmp(argv[1], "udp") == 0;
  const char *wait = argv[2];
  struct floor_ends ends = {.server = -1};
  listen_on(&ends, strcmp(argv[1], "unix") == 0, datagrams);
  pid_t server = fork();
  if (server < 0) fail("fork");
  pin(argv[server == 0 ? 5 : 4]);
  if (server == 0) {
    // A client that fails or is killed must not leave a spinning server.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (datagrams) echo_datagrams(&ends, wait);
    echo_stream(&ends, wait);
  }
  struct floor_socket client = wait_for(connect_to(&ends, datagrams), wait);
  struct floor_result result = measure(&client, seconds);
  close(client.descriptor);
  kill(server, SIGKILL);
  waitpid(server, NULL, 0);
  if (result.count == 0) {
    fprintf(stderr, "not one round trip in %zu s\n", seconds);
    return 1;
  }
  qsort(result.samples_ns, result.count, sizeof *result.samples_ns, compare);
  printf("%llu %llu %zu %.0f\n", (unsigned long long)result.samples_ns[result.count / 2],
         (unsigned long long)result.samples_ns[result.count * 99 / 100], result.count, result.cpu_ns);
  free(result.samples_ns);
  return 0;
}
