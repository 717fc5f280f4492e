/* What differs between TCP, UDP and unix sockets when one is bound. */
#ifndef LOPING_SERVER_LISTEN_TRANSPORTS_H
#define LOPING_SERVER_LISTEN_TRANSPORTS_H

#include <uv.h>

#include "common/io/unix_socket.h"
#include "server/listen/plan.h"

union listener_handle {
  uv_handle_t handle;
  uv_stream_t stream;
  uv_tcp_t tcp;
  uv_pipe_t pipe;
  uv_udp_t udp;
};

/* Each returns 0 or a negative UV_ code. */
struct transport_row {
  int (*init)(uv_loop_t *loop, union listener_handle *handle);
  /* Takes the address; `file` is what a unix socket made at its path, for who closes it to remove. A code that libuv
   * holds back until listen() must come out here. */
  int (*bind)(union listener_handle *handle, const struct plan_row *row, struct unix_socket_file *file);
  /* Takes over a socket that is bound, and listens where it is a stream's. */
  int (*open)(union listener_handle *handle, int descriptor);
  /* Asks which address was taken, for a port that the system picked. */
  int (*ask_address)(union listener_handle *handle, struct endpoint *endpoint);
};

const struct transport_row *transports_find(enum transport transport);

#endif
