/*
 * Bare echo servers, one page of C each: what a stream's echo and a message's echo cost at the least. On 127.0.0.1, on
 * a port of the system's choice that the ready line names. Knows no libuv and none of the project's headers, on
 * purpose.
 *
 * usage: floor_echo copy|splice|epoll
 *
 *   copy    recv and send of 256 KiB, blocking, a thread for each connection
 *   splice  the same through a pipe of 1 MiB, without a copy to this process
 *   epoll   one process, one epoll, recv and send of what is there
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES (256 * 1024)
#define PIPE_BYTES (1024 * 1024)
#define BACKLOG    1024
#define EVENTS_MAX 256

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int listen_somewhere(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) fail("socket");
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
  if (listen(listener, BACKLOG) != 0) fail("listen");
  if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) fail("getsockname");
  printf("listening on 127.0.0.1:%u (tcp)\n", ntohs(address.sin_port));
  fflush(stdout);
  return listener;
}

static int accept_one(int listener, int flags) {
  int on = 1;
  int descriptor = accept4(listener, NULL, NULL, SOCK_CLOEXEC | flags);
  if (descriptor < 0) fail("accept");
  if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("TCP_NODELAY");
  return descriptor;
}

static int send_all(int descriptor, const char *bytes, ssize_t length) {
  while (length > 0) {
    ssize_t sent = send(descriptor, bytes, (size_t)length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) {
      struct pollfd room = {.fd = descriptor, .events = POLLOUT};
      if (poll(&room, 1, -1) < 0) return -1;
      continue;
    }
    if (sent <= 0) return -1;
    bytes += sent;
    length -= sent;
  }
  return 0;
}

static void copy(int descriptor) {
  static _Thread_local char bytes[READ_BYTES];
  for (ssize_t got; (got = recv(descriptor, bytes, sizeof bytes, 0)) > 0;)
    if (send_all(descriptor, bytes, got) != 0) break;
}

static void splice_all(int descriptor) {
  int ends[2];
  if (pipe(ends) != 0) fail("pipe");
  if (fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES) < 0) fail("F_SETPIPE_SZ");
  for (ssize_t got = 1, put = 1; got > 0 && put > 0;) {
    got = splice(descriptor, NULL, ends[1], NULL, PIPE_BYTES, SPLICE_F_MOVE);
    for (ssize_t left = got; left > 0 && put > 0; left -= put)
      put = splice(ends[0], NULL, descriptor, NULL, (size_t)left, SPLICE_F_MOVE);
  }
  close(ends[0]);
  close(ends[1]);
}

struct service {
  int descriptor;
  void (*serve)(int descriptor);
};

static void *run_service(void *argument) {
  struct service service = *(struct service *)argument;
  free(argument);
  service.serve(service.descriptor);
  close(service.descriptor);
  return NULL;
}

static void serve_each(int listener, void (*serve)(int descriptor)) {
  for (;;) {
    pthread_t thread;
    struct service *service = malloc(sizeof *service);
    if (service == NULL) fail("malloc");
    *service = (struct service){accept_one(listener, 0), serve};
    if (pthread_create(&thread, NULL, run_service, service) != 0 || pthread_detach(thread) != 0) fail("pthread_create");
  }
}

static void serve_all(int listener) {
  static char bytes[READ_BYTES];
  struct epoll_event events[EVENTS_MAX], one = {.events = EPOLLIN, .data.fd = listener};
  int poller = epoll_create1(EPOLL_CLOEXEC);
  if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &one) != 0) fail("epoll");
  for (;;) {
    int count = epoll_wait(poller, events, EVENTS_MAX, -1);
    if (count < 0) fail("epoll_wait");
    for (int i = 0; i < count; i++) {
      int descriptor = events[i].data.fd;
      if (descriptor == listener) {
        one.data.fd = accept_one(listener, SOCK_NONBLOCK);
        if (epoll_ctl(poller, EPOLL_CTL_ADD, one.data.fd, &one) != 0) fail("epoll_ctl");
        continue;
      }
      ssize_t got = recv(descriptor, bytes, sizeof bytes, 0);
      if (got < 0 && errno == EAGAIN) continue;
      if (got <= 0 || send_all(descriptor, bytes, got) != 0) close(descriptor);
    }
  }
}

int main(int argc, char **argv) {
  const char *how = argc == 2 ? argv[1] : "";
  /* It ends with whoever started it. */
  if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) fail("prctl");
  signal(SIGPIPE, SIG_IGN);
  if (strcmp(how, "copy") == 0) serve_each(listen_somewhere(), copy);
  if (strcmp(how, "splice") == 0) serve_each(listen_somewhere(), splice_all);
  if (strcmp(how, "epoll") == 0) serve_all(listen_somewhere());
  fprintf(stderr, "usage: floor_echo copy|splice|epoll\n");
  return 2;
}
