/* A pipe between two sockets: pipe(7), splice(2). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "server/threads/relay.h"

struct relay {
  int in, out; /* of the pipe, as the kernel names them: bytes are written to `out` and read from `in` */
  size_t held_bytes;
};

struct relay *relay_create(void) {
  int ends[2];
  struct relay *relay = malloc(sizeof *relay);
  if (relay != NULL && pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0) {
    /* Where the user's share of pages is used up it stays smaller. */
    (void)fcntl(ends[1], F_SETPIPE_SZ, RELAY_BYTES);
    *relay = (struct relay){.in = ends[0], .out = ends[1]};
    return relay;
  }
  free(relay);
  return NULL;
}

void relay_free(struct relay *relay) {
  if (relay == NULL) return;
  (void)close(relay->in);
  (void)close(relay->out);
  free(relay);
}

size_t relay_held_bytes(const struct relay *relay) {
  return relay == NULL ? 0 : relay->held_bytes;
}

static ssize_t to_code(ssize_t moved) {
  if (moved >= 0) return moved;
  return errno == EINTR ? UV_EAGAIN : uv_translate_sys_error(errno);
}

ssize_t relay_fill(struct relay *relay, uv_os_fd_t socket, size_t most) {
  ssize_t moved = splice(socket, NULL, relay->out, NULL, most, SPLICE_F_NONBLOCK);
  if (moved > 0) relay->held_bytes += (size_t)moved;
  return to_code(moved);
}

ssize_t relay_drain(struct relay *relay, uv_os_fd_t socket) {
  ssize_t moved = splice(relay->in, NULL, socket, NULL, relay->held_bytes, SPLICE_F_NONBLOCK);
  if (moved > 0) relay->held_bytes -= (size_t)moved;
  return to_code(moved);
}

bool relay_is_unfit(int code) {
  return code == UV_EINVAL || code == UV_ENOSYS || code == UV_EPERM || code == UV_ENOMEM;
}

ssize_t relay_take(struct relay *relay, uint8_t *bytes, size_t length) {
  ssize_t moved = read(relay->in, bytes, length);
  if (moved > 0) relay->held_bytes -= (size_t)moved;
  return to_code(moved);
}
