/* The bound on Linux: TCP_NOTSENT_LOWAT of tcp(7), since 3.12. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "common/io/unsent_bound.h"

/* Of 64, 128 and 256 KiB the smallest with which bulk is not slower than without, within the noise. */
#define UNSENT_BYTES    (128 * 1024)
#define UNSENT_NO_LIMIT (-1)

static void set(uv_os_fd_t socket, int bytes) {
  (void)setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes);
}

void unsent_bound(uv_os_fd_t socket) {
  set(socket, UNSENT_BYTES);
}

void unsent_unbound(uv_os_fd_t socket) {
  set(socket, UNSENT_NO_LIMIT);
}
