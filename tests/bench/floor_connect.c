/*
 * The floor of a connection's life: connect, one 64 B round trip, close, again and again between two processes on
 * 127.0.0.1. Prints how many a second. Knows no libuv and none of the project's headers, on purpose.
 *
 * usage: floor_connect SECONDS CLIENT_CPU SERVER_CPU sleep|epoll
 *
 *   sleep   both block in each call
 *   epoll   both wait in an epoll alone, as an event loop does
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
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE_BYTES 64
#define BACKLOG       128

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

static void no_delay(int descriptor) {
  int on = 1;
  if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("TCP_NODELAY");
}

static void serve(int listener) {
  char bytes[MESSAGE_BYTES];
  for (;;) {
    int descriptor = accept(listener, NULL, NULL);
    if (descriptor < 0) fail("accept");
    no_delay(descriptor);
    for (ssize_t got; (got = recv(descriptor, bytes, sizeof bytes, 0)) > 0;)
      if (send(descriptor, bytes, (size_t)got, MSG_NOSIGNAL) != got) break;
    close(descriptor);
  }
}

static void watch(int poller, int operation, int descriptor, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = descriptor};
  if (epoll_ctl(poller, operation, descriptor, &event) != 0) fail("epoll_ctl");
}

static int wait_for(int poller) {
  struct epoll_event event;
  if (epoll_wait(poller, &event, 1, -1) != 1) fail("epoll_wait");
  return event.data.fd;
}

static void serve_by_epoll(int listener) {
  char bytes[MESSAGE_BYTES];
  int poller = epoll_create1(0);
  watch(poller, EPOLL_CTL_ADD, listener, EPOLLIN);
  for (;;) {
    int descriptor = wait_for(poller);
    if (descriptor == listener) {
      descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
      if (descriptor < 0) fail("accept");
      no_delay(descriptor);
      watch(poller, EPOLL_CTL_ADD, descriptor, EPOLLIN);
      continue;
    }
    ssize_t got = recv(descriptor, bytes, sizeof bytes, 0);
    if (got <= 0 || send(descriptor, bytes, (size_t)got, MSG_NOSIGNAL) != got) close(descriptor);
  }
}

static void live_once_by_epoll(int poller, const struct sockaddr_in *address) {
  char bytes[MESSAGE_BYTES] = {0};
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (descriptor < 0) fail("socket");
  if (connect(descriptor, (const struct sockaddr *)address, sizeof *address) != 0 && errno != EINPROGRESS)
    fail("connect");
  no_delay(descriptor);
  watch(poller, EPOLL_CTL_ADD, descriptor, EPOLLOUT);
  wait_for(poller);
  if (send(descriptor, bytes, sizeof bytes, MSG_NOSIGNAL) != MESSAGE_BYTES) fail("send");
  watch(poller, EPOLL_CTL_MOD, descriptor, EPOLLIN);
  wait_for(poller);
  if (recv(descriptor, bytes, sizeof bytes, 0) != MESSAGE_BYTES) fail("recv");
  close(descriptor);
}

static void live_once(const struct sockaddr_in *address) {
  char bytes[MESSAGE_BYTES] = {0};
  int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  if (descriptor < 0 || connect(descriptor, (const struct sockaddr *)address, sizeof *address) != 0) fail("connect");
  no_delay(descriptor);
  if (send(descriptor, bytes, sizeof bytes, MSG_NOSIGNAL) != MESSAGE_BYTES) fail("send");
  if (recv(descriptor, bytes, sizeof bytes, MSG_WAITALL) != MESSAGE_BYTES) fail("recv");
  close(descriptor);
}

int main(int argc, char **argv) {
  double seconds = argc == 5 ? strtod(argv[1], NULL) : 0;
  bool is_by_epoll = argc == 5 && strcmp(argv[4], "epoll") == 0;
  if (seconds <= 0 || (!is_by_epoll && strcmp(argv[4], "sleep") != 0)) {
    fprintf(stderr, "usage: floor_connect SECONDS CLIENT_CPU SERVER_CPU sleep|epoll\n");
    return 2;
  }
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t address_length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(listener, BACKLOG) != 0 || getsockname(listener, (struct sockaddr *)&address, &address_length) != 0)
    fail("listen");
  pid_t server = fork();
  if (server < 0) fail("fork");
  pin(argv[server == 0 ? 3 : 2]);
  if (server == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (is_by_epoll) serve_by_epoll(listener);
    serve(listener);
  }
  int poller = epoll_create1(0);
  if (poller < 0) fail("epoll_create1");
  uint64_t begin_ns = now_ns(), end_ns = begin_ns + (uint64_t)(seconds * 1e9), last_ns = begin_ns, count = 0;
  for (; last_ns < end_ns; last_ns = now_ns(), count++) {
    if (is_by_epoll)
      live_once_by_epoll(poller, &address);
    else
      live_once(&address);
  }
  kill(server, SIGKILL);
  waitpid(server, NULL, 0);
  printf("%.1f\n", (double)count * 1e9 / (double)(last_ns - begin_ns));
  return 0;
}
