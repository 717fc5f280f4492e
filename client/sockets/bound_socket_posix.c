/* A socket that is bound to a port alone, by POSIX's calls. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/sockets/bound_socket.h"
#include "common/io/plain_socket_posix.h"
#include "common/memory/lack.h"

int bound_socket_make(enum transport transport, const struct sockaddr_storage *address, uv_os_sock_t *descriptor) {
  int type = transport == TRANSPORT_UDP ? SOCK_DGRAM : SOCK_STREAM;
  int on = 1;
  int made = plain_socket_open(address->ss_family, type, false);
  if (made < 0) return -errno;
  /* Only this family: a dual-stack socket would stand in the way of IPv4, too. */
  if (address->ss_family == AF_INET6) (void)setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  if (bind(made, (const struct sockaddr *)address, (socklen_t)address_bytes(address)) != 0) {
    int code = lack_note(-errno);
    close(made);
    return code;
  }
  *descriptor = made;
  return 0;
}

void bound_socket_close(uv_os_sock_t descriptor) {
  close(descriptor);
}

int bound_socket_address(uv_os_sock_t descriptor, struct sockaddr_storage *address) {
  socklen_t length = sizeof *address;
  memset(address, 0, sizeof *address);
  return getsockname(descriptor, (struct sockaddr *)address, &length) == 0 ? 0 : -errno;
}
