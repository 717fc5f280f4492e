/* A given descriptor on Linux: socket(7), ipv6(7), unix(7). */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "server/manager/given_facts.h"

static int ask(int descriptor, int level, int option) {
  int value = 0;
  socklen_t bytes = sizeof value;
  return getsockopt(descriptor, level, option, &value, &bytes) == 0 ? value : -1;
}

/* A path may lack its end mark, and an abstract name begins with a zero byte. A zero byte within one stays unseen. */
static void note_path(const struct sockaddr_un *address, socklen_t bytes, struct given_facts *facts) {
  char path[sizeof address->sun_path + 1] = "";
  size_t length = bytes > offsetof(struct sockaddr_un, sun_path) ? bytes - offsetof(struct sockaddr_un, sun_path) : 0;
  if (length > sizeof address->sun_path) length = sizeof address->sun_path;
  memcpy(path, address->sun_path, length);
  path[length] = '\0';
  if (length > 0 && path[0] == '\0') path[0] = '@';
  facts->endpoint.transport = TRANSPORT_UNIX;
  facts->is_path_long = strlen(path) >= sizeof facts->endpoint.path;
  memcpy(facts->endpoint.path, path, sizeof facts->endpoint.path - 1);
}

static void note_address(int descriptor, struct given_facts *facts) {
  struct sockaddr_storage address;
  socklen_t bytes = sizeof address;
  memset(&address, 0, sizeof address);
  if (getsockname(descriptor, (struct sockaddr *)&address, &bytes) != 0) return;
  facts->is_internet = address.ss_family == AF_INET || address.ss_family == AF_INET6;
  facts->is_unix = address.ss_family == AF_UNIX;
  if (facts->is_unix) note_path((const struct sockaddr_un *)&address, bytes, facts);
  if (!facts->is_internet) return;
  facts->endpoint.transport = facts->is_stream ? TRANSPORT_TCP : TRANSPORT_UDP;
  facts->endpoint.address = address;
  facts->is_dual_stack =
      address.ss_family == AF_INET6 && address_is_any(&address) && ask(descriptor, IPPROTO_IPV6, IPV6_V6ONLY) == 0;
}

static bool is_of_known_protocol(int descriptor, const struct given_facts *facts) {
  int protocol = ask(descriptor, SOL_SOCKET, SO_PROTOCOL);
  return facts->is_unix || protocol == (facts->is_stream ? IPPROTO_TCP : IPPROTO_UDP);
}

static int set_flags(int descriptor) {
  int status = fcntl(descriptor, F_GETFL);
  bool is_set = status >= 0 && fcntl(descriptor, F_SETFL, status | O_NONBLOCK) == 0 &&
                fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
  return is_set ? 0 : uv_translate_sys_error(errno);
}

int given_look(int descriptor, struct given_facts *facts) {
  struct sockaddr_storage peer;
  socklen_t bytes = sizeof peer;
  memset(facts, 0, sizeof *facts);
  facts->is_open = fcntl(descriptor, F_GETFD) >= 0;
  int type = ask(descriptor, SOL_SOCKET, SO_TYPE);
  facts->is_socket = type >= 0;
  if (!facts->is_socket) return 0;
  facts->is_stream = type == SOCK_STREAM;
  facts->is_datagram = type == SOCK_DGRAM;
  facts->is_listening = ask(descriptor, SOL_SOCKET, SO_ACCEPTCONN) == 1;
  facts->is_connected = getpeername(descriptor, (struct sockaddr *)&peer, &bytes) == 0;
  note_address(descriptor, facts);
  facts->is_known = is_of_known_protocol(descriptor, facts);
  return set_flags(descriptor);
}
