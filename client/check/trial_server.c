/* An echo server for the moment of a check. Must not know what is being checked. */
#include "client/check/trial_server.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "client/sockets/bound_socket.h"
#include "common/machine/machine.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/sockets/waiting_socket.h"

/* The listener, who asks it, and the connection. */
#define DESCRIPTORS_LEAST 3
#define CLIENTS_MAX       4
#define READ_BYTES        512

struct own_server {
  union {
    uv_handle_t handle;
    uv_poll_t poll; /* of a listening socket */
    uv_udp_t udp;
  } as;
  uv_os_sock_t listening; /* closed when `poll` is */
  struct endpoint where;
  uv_tcp_t clients[CLIENTS_MAX];
  int client_count; /* accepted so far */
  int failure;      /* why one was not served: a negative UV_ code, or 0 */
  int open_handles;
  bool is_given_up; /* by its owner */
  char bytes[READ_BYTES];
};

static void after_close(uv_handle_t *handle) {
  struct own_server *server = handle->data;
  if (--server->open_handles == 0 && server->is_given_up) free(server);
}

static void after_listener_close(uv_handle_t *handle) {
  struct own_server *server = handle->data;
  bound_socket_close(server->listening);
  after_close(handle);
}

static void close_client(uv_tcp_t *client) {
  if (uv_is_closing((uv_handle_t *)client)) return;
  if (uv_tcp_close_reset(client, after_close) != 0) uv_close((uv_handle_t *)client, after_close);
}

void own_server_close(struct own_server *server) {
  if (server == NULL) return;
  server->is_given_up = true;
  if (server->open_handles == 0) {
    free(server);
    return;
  }
  for (int i = 0; i < server->client_count; i++)
    close_client(&server->clients[i]);
  if (!uv_is_closing(&server->as.handle))
    uv_close(&server->as.handle, server->where.transport == TRANSPORT_UDP ? after_close : after_listener_close);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct own_server *server = handle->data;
  (void)suggested;
  *buffer = uv_buf_init(server->bytes, sizeof server->bytes);
}

static void on_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  if (length == 0) return;
  uv_buf_t echo = uv_buf_init(buffer->base, length > 0 ? (unsigned)length : 0);
  /* So few bytes go out at once or never. */
  if (length < 0 || uv_try_write(stream, &echo, 1) < 0) close_client((uv_tcp_t *)stream);
}

/* Who still waits stays in the queue. The poll would tell of them for ever. */
static void stop(struct own_server *server, int code) {
  server->failure = lack_note(code);
  (void)uv_poll_stop(&server->as.poll);
}

static int serve(struct own_server *server, uv_os_sock_t taken) {
  uv_tcp_t *client = &server->clients[server->client_count];
  int code = uv_tcp_init(server->as.poll.loop, client);
  if (code != 0) {
    waiting_socket_close(taken);
    return code;
  }
  client->data = server;
  server->client_count++;
  server->open_handles++;
  code = uv_tcp_open(client, taken);
  if (code != 0) waiting_socket_close(taken);
  if (code == 0) code = uv_read_start((uv_stream_t *)client, on_alloc, on_read);
  if (code != 0) close_client(client);
  return code;
}

static void on_connection(uv_poll_t *poll, int status, int events) {
  struct own_server *server = poll->data;
  uv_os_sock_t taken;
  (void)events;
  if (status != 0 || server->client_count == CLIENTS_MAX) {
    stop(server, status);
    return;
  }
  int code = waiting_socket_take((uv_os_fd_t)server->listening, &taken);
  if (code == UV_EAGAIN || waiting_socket_is_of_connection(code)) return;
  if (code != 0)
    stop(server, code);
  else if ((code = serve(server, taken)) != 0)
    server->failure = lack_note(code);
}

static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer, const struct sockaddr *from,
                        unsigned flags) {
  (void)flags;
  if (length <= 0 || from == NULL) return;
  uv_buf_t echo = uv_buf_init(buffer->base, (unsigned)length);
  /* A firewall may refuse it: then the probe stays without an answer, and that is the finding. */
  (void)uv_udp_try_send(udp, &echo, 1, from);
}

static int listen_stream(uv_loop_t *loop, struct own_server *server, uv_os_sock_t descriptor, bool *is_taken) {
  int code = waiting_socket_listen((uv_os_fd_t)descriptor, CLIENTS_MAX);
  if (code != 0) return code;
  code = uv_poll_init_socket(loop, &server->as.poll, descriptor);
  if (code != 0) return code;
  *is_taken = true;
  server->listening = descriptor;
  server->open_handles++;
  server->as.handle.data = server;
  return uv_poll_start(&server->as.poll, UV_READABLE, on_connection);
}

static int receive_datagrams(uv_loop_t *loop, struct own_server *server, uv_os_sock_t descriptor, bool *is_taken) {
  int code = uv_udp_init(loop, &server->as.udp);
  if (code != 0) return code;
  server->open_handles++;
  server->as.handle.data = server;
  code = uv_udp_open(&server->as.udp, descriptor);
  *is_taken = code == 0;
  return code != 0 ? code : uv_udp_recv_start(&server->as.udp, on_alloc, on_datagram);
}

int own_server_start(uv_loop_t *loop, const struct endpoint *where, struct own_server **server) {
  uv_os_sock_t descriptor;
  bool is_taken = false;
  *server = NULL;
  /* Without them the probe would wait for an answer that cannot come. */
  if (!machine_has_descriptors(DESCRIPTORS_LEAST)) return lack_note(UV_EMFILE);
  int code = bound_socket_make(where->transport, &where->address, &descriptor);
  if (code != 0) return code;
  struct own_server *made = memory_take_zeroed(1, sizeof *made);
  if (made == NULL) {
    code = UV_ENOMEM;
    goto close_descriptor;
  }
  made->where = *where;
  code = bound_socket_address(descriptor, &made->where.address);
  if (code == 0)
    code = where->transport == TRANSPORT_UDP ? receive_datagrams(loop, made, descriptor, &is_taken)
                                             : listen_stream(loop, made, descriptor, &is_taken);
  if (code == 0) {
    *server = made;
    return 0;
  }
  (void)lack_note(code);
  if (made->open_handles > 0)
    own_server_close(made);
  else
    free(made);

close_descriptor:
  if (!is_taken) bound_socket_close(descriptor);
  return code;
}

const struct endpoint *own_server_endpoint(const struct own_server *server) {
  return &server->where;
}

int own_server_failure(const struct own_server *server) {
  return server->failure;
}
