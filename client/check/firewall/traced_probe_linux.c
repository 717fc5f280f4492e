/* See traced_probe.h. Plain sockets: the port must be bound before anything is sent, and nothing else is wanted. */
#include "client/check/firewall/traced_probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/memory/lack.h"
#include "common/memory/memory.h"

struct traced_probe {
  int descriptor;
  bool is_udp;
  bool is_connected;
  const uint8_t *words;
  size_t length;
  bool has_answer;
  struct sockaddr_storage target;
};

int traced_probe_open(const struct endpoint *target, struct traced_probe **probe, struct sockaddr_storage *source) {
  *probe = NULL;
  struct traced_probe *made = memory_take_zeroed(1, sizeof *made);
  if (made == NULL) return UV_ENOMEM;
  made->is_udp = target->transport == TRANSPORT_UDP;
  made->target = target->address;
  /* Any address: the system picks the one that every other client gets. */
  memset(source, 0, sizeof *source);
  source->ss_family = target->address.ss_family;
  socklen_t length = sizeof *source;
  made->descriptor = lack_descriptor(
      socket(target->address.ss_family, (made->is_udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (made->descriptor < 0 ||
      bind(made->descriptor, (struct sockaddr *)source, (socklen_t)address_bytes(source)) != 0 ||
      getsockname(made->descriptor, (struct sockaddr *)source, &length) != 0) {
    int code = -errno;
    traced_probe_close(made);
    return code;
  }
  *probe = made;
  return 0;
}

void traced_probe_send(struct traced_probe *probe, const uint8_t *words, size_t length) {
  probe->words = words;
  probe->length = length;
  (void)connect(probe->descriptor, (struct sockaddr *)&probe->target, (socklen_t)address_bytes(&probe->target));
  if (!probe->is_udp) return;
  if (length > 0) (void)send(probe->descriptor, words, length, MSG_NOSIGNAL);
  probe->is_connected = true;
}

void traced_probe_source(const struct traced_probe *probe, struct sockaddr_storage *source) {
  socklen_t length = sizeof *source;
  memset(source, 0, sizeof *source);
  (void)getsockname(probe->descriptor, (struct sockaddr *)source, &length);
}

/* The connecting ended: does the connection stand? */
static bool is_connected(const struct traced_probe *probe) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(probe->descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

bool traced_probe_wait(struct traced_probe *probe, int wait_ms) {
  struct pollfd wanted = {.fd = probe->descriptor, .events = probe->is_connected ? POLLIN : POLLOUT};
  char answer[512];
  if (poll(&wanted, 1, wait_ms) <= 0) return false;
  if (!probe->is_connected) {
    if ((wanted.revents & (POLLERR | POLLHUP)) != 0 || !is_connected(probe)) return true;
    probe->is_connected = true;
    if (probe->length == 0) return probe->has_answer = true;
    (void)send(probe->descriptor, probe->words, probe->length, MSG_NOSIGNAL);
    return false;
  }
  probe->has_answer = recv(probe->descriptor, answer, sizeof answer, 0) >= 0;
  return true;
}

void traced_probe_close(struct traced_probe *probe) {
  const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  if (probe == NULL) return;
  if (probe->descriptor >= 0) {
    /* What a firewall holds up would be sent again and again by a socket that nobody has any more. */
    if (!probe->has_answer && !probe->is_udp)
      (void)setsockopt(probe->descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(probe->descriptor);
  }
  free(probe);
}
