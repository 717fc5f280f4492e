/*
 * UDP: every datagram goes back to where it came from, stamped if it is a frame of loping.
 *
 * Nothing is queued: what the system does not take at once is dropped and counted, as UDP may. Which datagrams get no
 * answer is decided in limits.c.
 */
#include "common/io/direct_io.h"
#include "common/machine/machine.h"
#include "common/text/clock.h"
#include "common/wire/wire.h"
#include "server/busy_poll.h"
#include "server/echo/datagram_guard.h"
#include "server/echo/policy.h"
#include "server/listen/listeners.h"
#include "server/server.h"

/* More than any datagram holds (65,507 bytes over IPv4, 65,527 over IPv6). */
#define DATAGRAM_BYTES 65536

static void on_alloc(uv_handle_t *handle, size_t suggested_bytes, uv_buf_t *buffer) {
  struct listener *listener = handle->data;
  (void)suggested_bytes;
  kernel_watch_before_read(&listener->kernel_watch, handle);
  buffer->base = (char *)listener->server->buffer;
  buffer->len = DATAGRAM_BYTES;
}

static enum datagram_verdict judge(const struct server *server, const uint8_t *bytes, size_t length,
                                   const struct sockaddr_storage *from) {
  struct wire_frame frame = {0};
  struct datagram_facts facts = {
      .is_frame = wire_get_frame(bytes, length, &frame),
      .is_reply = (frame.flags & WIRE_FRAME_FLAG_REPLY) != 0,
      .source_port = address_port(from),
      .own_echo_port = server->udp_port,
  };
  /* Compared with each of this machine's addresses, and so only where it matters. */
  if (facts.source_port == facts.own_echo_port)
    facts.is_from_this_machine = own_addresses_include(&server->own_addresses, from);
  return limits_judge_datagram(&facts);
}

static ssize_t send_to(struct listener *listener, const uint8_t *bytes, size_t length,
                       const struct sockaddr_storage *to) {
  if (listener->is_direct) return direct_write_to(listener->descriptor, bytes, length, to);
  /* libuv does not change the bytes; its buffers just have no const. */
  uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
  return uv_udp_try_send(&listener->as.udp, &buffer, 1, (const struct sockaddr *)to);
}

static void answer(struct listener *listener, size_t length, const struct sockaddr_storage *to) {
  struct server *server = listener->server;
  ssize_t sent = send_to(listener, server->buffer, length, to);
  /* EPERM from a firewall, ENOBUFS, EAGAIN from a full queue: lost, as a datagram may be, and the server goes on. */
  if (sent < 0)
    server->stats.udp_dropped++;
  else
    server->stats.bytes_out += (uint64_t)sent;
}

/* The socket is every client's: what is known of the send before goes only to the client that it was for. */
static void answer_frame(struct listener *listener, size_t length, uint64_t receive_ns,
                         const struct sockaddr_storage *client) {
  struct kernel_watch *watch = &listener->kernel_watch;
  uint8_t *frame = listener->server->buffer;
  struct wire_kernel_times times;
  bool is_asked = wire_asks_kernel_times(frame, length);
  if (is_asked) {
    bool is_same = address_port(client) == address_port(&listener->watched_client) &&
                   address_same_host(client, &listener->watched_client);
    if (!is_same) {
      watch->previous_send_ns = 0;
      listener->watched_client = *client;
    }
    if (kernel_watch_fill(watch, &listener->as.handle, &times)) wire_put_kernel_times(&times, frame);
  }
  uint64_t send_ns = clock_now_ns();
  wire_stamp_frame(frame, machine_current_cpu(), receive_ns, send_ns);
  answer(listener, length, client);
  if (is_asked)
    kernel_watch_after_send(watch, send_ns);
  else
    watch->previous_send_ns = 0;
}

/* From now on it is asked directly; see unwatch() of echo_stream.c for why. */
static void unwatch(struct listener *listener) {
  if (uv_fileno(&listener->as.handle, &listener->descriptor) != 0) return;
  uv_udp_recv_stop(&listener->as.udp); /* always 0, says its source */
  listener->is_direct = true;
  listener->heard_ns = listener->server->busy_poll.turn_ns;
  listener->server->busy_poll.direct_listeners++;
}

static void on_receive(uv_udp_t *socket, ssize_t nread, const uv_buf_t *buffer, const struct sockaddr *from,
                       unsigned flags) {
  struct listener *listener = socket->data;
  struct server *server = listener->server;
  (void)buffer;
  /* An empty datagram has a sender; without one there is nothing more to read, or an error that concerns no datagram.
   */
  if (nread < 0 || from == NULL) return;
  uint64_t receive_ns = clock_now_ns();
  size_t length = (size_t)nread;
  if (busy_poll_note(server) && !listener->is_direct) unwatch(listener);
  server->stats.bytes_in += length;
  server->stats.messages++;
  if ((flags & UV_UDP_PARTIAL) != 0) {
    server->stats.udp_dropped++;
    return;
  }
  /* libuv hands over a sockaddr_storage of its own. */
  const struct sockaddr_storage *client = (const struct sockaddr_storage *)(const void *)from;
  switch (judge(server, server->buffer, length, client)) {
    case DATAGRAM_REFUSE:
      server->stats.udp_refused++;
      return;
    case DATAGRAM_STAMP:
      answer_frame(listener, length, receive_ns, client);
      return;
    case DATAGRAM_ECHO:
      answer(listener, length, client);
      return;
  }
}

static int watch_listener(union listener_handle *handle) {
  struct listener *listener = handle->handle.data;
  if (listener->is_direct) listener->server->busy_poll.direct_listeners--;
  listener->is_direct = false;
  return uv_udp_recv_start(&handle->udp, on_alloc, on_receive);
}

/* What libuv does when its poller tells of a datagram, without the poller. */
static bool poll_listener(union listener_handle *handle) {
  struct listener *listener = handle->handle.data;
  struct sockaddr_storage from;
  uv_buf_t buffer;
  on_alloc(&handle->handle, 0, &buffer);
  if (kernel_watch_is_early(&listener->kernel_watch)) return false;
  ssize_t nread = direct_read_from(listener->descriptor, buffer.base, buffer.len, &from);
  if (nread < 0) return false;
  listener->heard_ns = listener->server->busy_poll.turn_ns;
  on_receive(&handle->udp, nread, &buffer, (const struct sockaddr *)&from, 0);
  return true;
}

static int init_listener(uv_loop_t *loop, union listener_handle *handle) {
  return uv_udp_init(loop, &handle->udp);
}

static int bind_listener(union listener_handle *handle, const struct plan_row *row) {
  unsigned options = row->is_ipv6_only ? UV_UDP_IPV6ONLY : 0;
  return uv_udp_bind(&handle->udp, (const struct sockaddr *)&row->endpoint.address, options);
}

static int ask_address(union listener_handle *handle, struct endpoint *endpoint) {
  int length = sizeof endpoint->address;
  return uv_udp_getsockname(&handle->udp, (struct sockaddr *)&endpoint->address, &length);
}

static int start_listener(union listener_handle *handle) {
  uv_os_fd_t descriptor;
  /* Without it the rules of limits.c still hold; only a loop between two servers of different ports is not cut. */
  if (uv_fileno(&handle->handle, &descriptor) == 0) (void)datagram_guard_attach(descriptor);
  return watch_listener(handle);
}

const struct listener_kind echo_udp_listener = {
    .init = init_listener,
    .bind = bind_listener,
    .ask_address = ask_address,
    .start = start_listener,
    .poll = poll_listener,
    .watch = watch_listener,
};
