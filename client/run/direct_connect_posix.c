/* Connecting at once by POSIX: connect(2), poll(2). */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/run/direct_connect.h"
#include "common/io/plain_socket_posix.h"
#include "common/memory/lack.h"

static socklen_t length_of(const struct sockaddr *address) {
  return address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

/* Neither an error nor an end stands beside the room for writing. */
static bool is_through(int descriptor) {
  struct pollfd asked = {.fd = descriptor, .events = POLLOUT};
  return poll(&asked, 1, 0) == 1 && asked.revents == POLLOUT;
}

int direct_connect(const struct sockaddr *to, const struct sockaddr *source, struct direct_connection *out) {
  int code = 0;
  int on = 1;
  int made = plain_socket_open(to->sa_family, SOCK_STREAM, false);
  if (made < 0) return uv_translate_sys_error(errno);
  /* As libuv binds: a pair of addresses that an earlier connection left behind is no obstacle. */
  if (source != NULL &&
      (setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 || bind(made, source, length_of(source)) != 0))
    code = uv_translate_sys_error(errno);
  if (code == 0) {
    int connected;
    do
      connected = connect(made, to, length_of(to));
    while (connected != 0 && errno == EINTR);
    if (connected != 0 && errno != EINPROGRESS) code = uv_translate_sys_error(errno);
  }
  if (code != 0) {
    (void)lack_note(code);
    (void)close(made);
    return code;
  }
  *out = (struct direct_connection){.socket = made, .is_connected = is_through(made)};
  return 0;
}

void direct_connect_close(uv_os_sock_t socket) {
  (void)close(socket);
}
