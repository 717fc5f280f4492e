/*
 * The floor by POSIX: blocking sockets and a second thread. libuv starts that thread, and has no part in the measuring
 * path: clock, send and recv only. Must not know whom it is compared with.
 */
#include "client/run/floor.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include "client/run/floor_cpus_posix.h"
#include "common/io/plain_socket_posix.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

#define NOBODY (-1)

struct floor {
  size_t bytes;
  int client, server; /* sockets */
  uint8_t *message, *echo;
  uv_thread_t thread;
  bool has_thread;
  struct floor_cpus cpus; /* that the echo thread may use */
  atomic_int server_cpu;
};

bool floor_exists(void) {
  return true;
}

static uint64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * CLOCK_NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

static int last_code(void) {
  return uv_translate_sys_error(errno);
}

static int send_all(int socket, const uint8_t *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t sent = send(socket, bytes + done, length - done, PLAIN_SOCKET_NO_SIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return last_code();
    done += (size_t)sent;
  }
  return 0;
}

/* UV_EOF when the other side has ended it. */
static int receive_all(int socket, uint8_t *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t got = recv(socket, bytes + done, length - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN ? UV_ETIMEDOUT : last_code();
    if (got == 0) return UV_EOF;
    done += (size_t)got;
  }
  return 0;
}

static void echo(void *argument) {
  struct floor *floor = argument;
  floor_cpus_keep_to(&floor->cpus);
  while (receive_all(floor->server, floor->echo, floor->bytes) == 0) {
    atomic_store_explicit(&floor->server_cpu, machine_current_cpu(), memory_order_relaxed);
    if (send_all(floor->server, floor->echo, floor->bytes) != 0) return;
  }
}

/* The loopback address of the family, port 0. */
static socklen_t loopback_of(int family, struct sockaddr_storage *address) {
  memset(address, 0, sizeof *address);
  address->ss_family = (sa_family_t)family;
  if (family == AF_INET6) {
    ((struct sockaddr_in6 *)address)->sin6_addr = in6addr_loopback;
    return sizeof(struct sockaddr_in6);
  }
  ((struct sockaddr_in *)address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return sizeof(struct sockaddr_in);
}

static int bind_loopback(int socket, int family, struct sockaddr_storage *address) {
  socklen_t length = loopback_of(family, address);
  if (bind(socket, (struct sockaddr *)address, length) != 0) return last_code();
  if (getsockname(socket, (struct sockaddr *)address, &length) != 0) return last_code();
  return 0;
}

static int connect_to(int socket, const struct sockaddr_storage *address) {
  struct sockaddr_storage unused;
  socklen_t length = loopback_of(address->ss_family, &unused);
  return connect(socket, (const struct sockaddr *)address, length) == 0 ? 0 : last_code();
}

static int open_socket(int family, int type, int *result) {
  *result = plain_socket_open(family, type, true);
  return *result < 0 ? last_code() : 0;
}

static int connect_streams(struct floor *floor, int family) {
  struct sockaddr_storage address;
  int listening = NOBODY, on = 1;
  int code = open_socket(family, SOCK_STREAM, &listening);
  if (code == 0) code = bind_loopback(listening, family, &address);
  if (code == 0 && listen(listening, 1) != 0) code = last_code();
  if (code == 0) code = open_socket(family, SOCK_STREAM, &floor->client);
  if (code == 0) code = connect_to(floor->client, &address);
  if (code == 0) {
    floor->server = accept(listening, NULL, NULL);
    if (floor->server < 0) code = last_code();
  }
  if (code == 0 && setsockopt(floor->client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) code = last_code();
  if (code == 0 && setsockopt(floor->server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) code = last_code();
  if (listening >= 0) close(listening);
  return code;
}

static int connect_datagrams(struct floor *floor, int family) {
  struct sockaddr_storage client, server;
  int code = open_socket(family, SOCK_DGRAM, &floor->client);
  if (code == 0) code = open_socket(family, SOCK_DGRAM, &floor->server);
  if (code == 0) code = bind_loopback(floor->client, family, &client);
  if (code == 0) code = bind_loopback(floor->server, family, &server);
  if (code == 0) code = connect_to(floor->client, &server);
  if (code == 0) code = connect_to(floor->server, &client);
  return code;
}

static int connect_pair(struct floor *floor) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return last_code();
  floor->client = pair[0];
  floor->server = pair[1];
  return 0;
}

static int connect_both(struct floor *floor, const struct endpoint *like) {
  /* So long an answer within one process means that something swallows it: a firewall. */
  static const struct timeval patience = {.tv_sec = 2};
  int code = UV_EINVAL;
  switch (like->transport) {
    case TRANSPORT_TCP:
      code = connect_streams(floor, like->address.ss_family);
      break;
    case TRANSPORT_UDP:
      code = connect_datagrams(floor, like->address.ss_family);
      break;
    case TRANSPORT_UNIX:
      code = connect_pair(floor);
      break;
  }
  if (code == 0 && setsockopt(floor->client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
    code = last_code();
  return code;
}

int floor_open(const struct endpoint *like, size_t bytes, uint32_t server_pid, struct floor **floor) {
  struct floor *opened = memory_take_zeroed(1, sizeof *opened);
  *floor = NULL;
  if (opened == NULL) return UV_ENOMEM;
  opened->client = opened->server = NOBODY;
  opened->bytes = bytes;
  opened->message = memory_take_zeroed(1, bytes);
  opened->echo = memory_take_zeroed(1, bytes);
  floor_cpus_of(server_pid, &opened->cpus);
  int code = opened->message == NULL || opened->echo == NULL ? UV_ENOMEM : connect_both(opened, like);
  if (code == 0) code = uv_thread_create(&opened->thread, echo, opened);
  if (code != 0) {
    floor_close(opened);
    return code;
  }
  opened->has_thread = true;
  *floor = opened;
  return 0;
}

int floor_run(struct floor *floor, uint64_t duration_ns, struct histogram *rtt, uint64_t *same_cpu) {
  uint64_t begin_ns = now_ns(), end_ns = begin_ns;
  while (end_ns - begin_ns < duration_ns) {
    uint64_t send_ns = now_ns();
    int code = send_all(floor->client, floor->message, floor->bytes);
    if (code == 0) code = receive_all(floor->client, floor->message, floor->bytes);
    if (code != 0) return code;
    end_ns = now_ns();
    if (rtt != NULL) histogram_record(rtt, end_ns - send_ns);
    int cpu = machine_current_cpu();
    bool is_same = cpu == atomic_load_explicit(&floor->server_cpu, memory_order_relaxed);
    if (is_same && cpu != MACHINE_CPU_UNKNOWN) (*same_cpu)++;
  }
  return 0;
}

void floor_close(struct floor *floor) {
  if (floor == NULL) return;
  if (floor->has_thread) {
    /* Wakes the thread's recv, that of a connected UDP socket, too. */
    shutdown(floor->server, SHUT_RDWR);
    uv_thread_join(&floor->thread);
  }
  if (floor->client >= 0) close(floor->client);
  if (floor->server >= 0) close(floor->server);
  free(floor->message);
  free(floor->echo);
  free(floor);
}
