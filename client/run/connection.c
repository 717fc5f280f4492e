/*
 * Connections of the client over libuv. Streams (TCP, unix) and connected UDP sockets behind one face.
 *
 * A send first asks the kernel directly (uv_try_write, direct_write): on loopback that is one system call and no
 * allocation. Only what the kernel does not take is queued.
 */
#include "client/run/connection.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "client/run/direct_connect.h"
#include "common/io/direct_io.h"
#include "common/io/unix_socket.h"
#include "common/io/unsent_bound.h"
#include "common/io/zero_copy.h"
#include "common/memory/memory.h"

/* What connection_send_file() has left to send. */
struct outgoing {
  uv_file file;
  uint64_t offset;
  const uint8_t *bytes;
  size_t length;
};

struct connection {
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_pipe_t pipe;
    uv_udp_t udp;
  } as;
  enum transport transport;
  struct endpoint endpoint;
  const struct connection_events *events;
  const struct read_buffer *buffer;
  void *owner;    /* NULL once closed by its owner */
  size_t pending; /* sends that are queued in libuv */
  struct outgoing outgoing;
  bool cannot_reach_itself;
  bool is_open_at_once;    /* TCP: it stood before the loop was asked */
  bool is_discarding;      /* what comes is not read */
  ssize_t discarded;       /* what the alloc callback did in place of a read */
  int send_error;          /* that the end of the reading will tell */
  struct spinner *spinner; /* that may ask it directly; NULL: none yet */
  struct direct_socket direct;
  struct kernel_times kernel_times;
  union {
    uv_connect_t connect;
    uv_write_t nothing;
  } opening;
  uv_shutdown_t shutdown;
};

/* A send that the kernel did not take at once. */
struct pending_send {
  union {
    uv_write_t write;
    uv_udp_send_t datagram;
  } request;
  struct connection *connection;
};

static void after_close(uv_handle_t *handle) {
  free(handle->data);
}

static void leave_spinner(struct connection *connection) {
  if (connection->spinner != NULL) spinner_remove(connection->spinner, &connection->direct);
}

void connection_close(struct connection *connection) {
  if (connection == NULL) return;
  connection->owner = NULL;
  leave_spinner(connection);
  if (!uv_is_closing(&connection->as.handle)) uv_close(&connection->as.handle, after_close);
}

static ssize_t discard(struct connection *connection) {
  uv_os_fd_t descriptor;
  int code = uv_fileno(&connection->as.handle, &descriptor);
  return code != 0 ? code : zero_copy_discard(descriptor, connection->buffer->bytes, connection->buffer->length);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct connection *connection = handle->data;
  (void)suggested;
  if (connection->is_discarding) {
    /* Leaves libuv nothing to read; on_stream_read() then finds here what a read would have returned. */
    connection->discarded = discard(connection);
    *buffer = uv_buf_init(NULL, 0);
    return;
  }
  if (connection->kernel_times.is_on) kernel_times_ask(&connection->kernel_times, handle);
  *buffer = uv_buf_init((char *)connection->buffer->bytes, (unsigned)connection->buffer->length);
}

static void end_reading(struct connection *connection, int code) {
  leave_spinner(connection);
  connection->events->on_end(connection->owner, connection->send_error != 0 ? connection->send_error : code);
}

static void on_stream_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  struct connection *connection = stream->data;
  if (length == UV_ENOBUFS && connection->is_discarding)
    length = connection->discarded == 0 ? UV_EOF : connection->discarded;
  if (connection->owner == NULL || length == 0 || length == UV_EAGAIN) return;
  if (length > 0) {
    connection->events->on_bytes(connection->owner, (const uint8_t *)buffer->base, (size_t)length);
    return;
  }
  uv_read_stop(stream);
  end_reading(connection, (int)length);
}

static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer, const struct sockaddr *from,
                        unsigned flags) {
  struct connection *connection = udp->data;
  (void)flags;
  if (connection->owner == NULL) return;
  if (length < 0) {
    uv_udp_recv_stop(udp);
    connection->events->on_end(connection->owner, (int)length);
    return;
  }
  /* No sender: libuv says that the socket is empty for now. */
  if (from == NULL) return;
  connection->events->on_bytes(connection->owner, (const uint8_t *)buffer->base, (size_t)length);
}

/* A socket reaches itself when the system lends it the very port that it wants to reach (TCP: RFC 9293 3.5,
 * simultaneous open): it would then echo everything that it sends. */
static bool is_self_connected(const struct connection *connection) {
  struct sockaddr_storage here;
  int here_length = sizeof here;
  memset(&here, 0, sizeof here);
  if (connection->transport == TRANSPORT_UNIX) return false;
  bool is_udp = connection->transport == TRANSPORT_UDP;
  int code = is_udp ? uv_udp_getsockname(&connection->as.udp, (struct sockaddr *)&here, &here_length)
                    : uv_tcp_getsockname(&connection->as.tcp, (struct sockaddr *)&here, &here_length);
  if (code != 0) return false;
  const struct sockaddr_storage *there = &connection->endpoint.address;
  return address_port(&here) == address_port(there) && address_same_host(&here, there);
}

static void finish_opening(struct connection *connection, int status) {
  if (connection->owner == NULL) return;
  if (status == 0 && !connection->cannot_reach_itself && is_self_connected(connection))
    status = CONNECTION_REACHED_ITSELF;
  if (status == 0) status = uv_read_start(&connection->as.stream, on_alloc, on_stream_read);
  connection->events->on_open(connection->owner, status);
}

static void after_connect(uv_connect_t *request, int status) {
  finish_opening(request->handle->data, status);
}

static void after_nothing(uv_write_t *request, int status) {
  finish_opening(request->handle->data, status);
}

/* A write of no bytes is done when the socket stands, and fails as it fails. */
static int wait_open(struct connection *connection) {
  char no_bytes[1];
  uv_buf_t none = uv_buf_init(no_bytes, 0);
  return uv_write(&connection->opening.nothing, &connection->as.stream, &none, 1, after_nothing);
}

static int connect_by_loop(struct connection *connection, const struct sockaddr *to, const struct sockaddr *source) {
  int code = source == NULL ? 0 : uv_tcp_bind(&connection->as.tcp, source, 0);
  if (code == 0) code = uv_tcp_connect(&connection->opening.connect, &connection->as.tcp, to, after_connect);
  return code;
}

static int connect_tcp(struct connection *connection, const struct sockaddr *to, const struct sockaddr *source) {
  struct direct_connection direct;
  int code = direct_connect(to, source, &direct);
  if (code == UV_ENOTSUP) return connect_by_loop(connection, to, source);
  if (code != 0) return code;
  code = uv_tcp_open(&connection->as.tcp, direct.socket);
  if (code != 0) direct_connect_close(direct.socket);
  connection->is_open_at_once = direct.is_connected;
  return code == 0 && !direct.is_connected ? wait_open(connection) : code;
}

static int open_tcp(uv_loop_t *loop, struct connection *connection, const struct connection_options *options) {
  int code = uv_tcp_init(loop, &connection->as.tcp);
  if (code != 0) return code;
  connection->as.handle.data = connection;
  code = connect_tcp(connection, (const struct sockaddr *)&connection->endpoint.address,
                     (const struct sockaddr *)options->source);
  /* Needs the descriptor that connecting has made. */
  if (code == 0 && !options->keeps_nagle) code = uv_tcp_nodelay(&connection->as.tcp, 1);
  if (code != 0) connection_close(connection);
  return code;
}

/* An abstract connection stands at once, or is refused at once. Its owner is told from the loop: who opens the next one
 * from that call would never come back. */
static int open_abstract(struct connection *connection) {
  uv_os_sock_t descriptor;
  int code = unix_socket_connect_abstract(connection->endpoint.path, &descriptor);
  if (code == 0) code = uv_pipe_open(&connection->as.pipe, (uv_file)descriptor);
  if (code == 0) code = wait_open(connection);
  if (code != 0) connection_close(connection);
  return code;
}

static int open_unix(uv_loop_t *loop, struct connection *connection, const struct connection_options *options) {
  (void)options;
  int code = uv_pipe_init(loop, &connection->as.pipe, 0);
  if (code != 0) return code;
  connection->as.handle.data = connection;
  if (unix_socket_is_abstract(connection->endpoint.path)) return open_abstract(connection);
  uv_pipe_connect(&connection->opening.connect, &connection->as.pipe, connection->endpoint.path, after_connect);
  return 0;
}

static int open_udp(uv_loop_t *loop, struct connection *connection, const struct connection_options *options) {
  (void)options;
  int code = uv_udp_init(loop, &connection->as.udp);
  if (code != 0) return code;
  connection->as.handle.data = connection;
  /* Connected, so that the kernel passes on ICMP errors (nobody listens) and drops strangers' datagrams. */
  code = uv_udp_connect(&connection->as.udp, (const struct sockaddr *)&connection->endpoint.address);
  if (code == 0) code = uv_udp_recv_start(&connection->as.udp, on_alloc, on_datagram);
  if (code != 0) connection_close(connection);
  return code;
}

int connection_open(uv_loop_t *loop, const struct endpoint *endpoint, const struct connection_events *events,
                    const struct connection_options *options, const struct read_buffer *buffer, void *owner,
                    struct connection **result) {
  static const struct connection_options usual = {0};
  static int (*const openers[])(uv_loop_t *, struct connection *, const struct connection_options *) = {
      [TRANSPORT_TCP] = open_tcp, [TRANSPORT_UDP] = open_udp, [TRANSPORT_UNIX] = open_unix};
  struct connection *connection = memory_take_zeroed(1, sizeof *connection);
  *result = NULL;
  if (connection == NULL) return UV_ENOMEM;
  connection->transport = endpoint->transport;
  connection->endpoint = *endpoint;
  connection->events = events;
  connection->buffer = buffer;
  connection->owner = owner;
  connection->cannot_reach_itself = options != NULL && options->cannot_reach_itself;
  int code = openers[endpoint->transport](loop, connection, options != NULL ? options : &usual);
  if (code != 0) {
    /* A handle that libuv never saw is ours to free; one that it did see is freed by after_close(). */
    if (connection->as.handle.data == NULL) free(connection);
    return code;
  }
  *result = connection;
  if (endpoint->transport == TRANSPORT_UDP)
    events->on_open(owner, is_self_connected(connection) ? CONNECTION_REACHED_ITSELF : 0);
  else if (connection->is_open_at_once)
    finish_opening(connection, 0);
  return 0;
}

static int send_outgoing(struct connection *connection);

/* A peer that is gone can have sent something before, which is still to be read. The reading comes to its end, too:
 * then the sending's error is told. */
static bool is_left_to_reading(struct connection *connection, int status) {
  bool is_read = connection->direct.is_direct || uv_is_active(&connection->as.handle);
  if (connection->transport == TRANSPORT_UDP || !is_read) return false;
  if (status != UV_ECONNRESET && status != UV_EPIPE) return false;
  connection->send_error = status;
  return true;
}

static void after_send(struct pending_send *pending, int status) {
  struct connection *connection = pending->connection;
  free(pending);
  connection->pending--;
  if (connection->owner == NULL) return;
  if (status == 0 && connection->outgoing.length > 0) {
    status = send_outgoing(connection);
    if (status == 0) return;
  }
  if (status != 0 && is_left_to_reading(connection, status)) return;
  if (status != 0)
    connection->events->on_end(connection->owner, status);
  else if (connection->pending == 0)
    connection->events->on_sent(connection->owner);
}

static void after_write(uv_write_t *request, int status) {
  after_send((struct pending_send *)request, status);
}

static void after_datagram(uv_udp_send_t *request, int status) {
  after_send((struct pending_send *)request, status);
}

static int send_queued(struct connection *connection, const uint8_t *bytes, size_t length) {
  struct pending_send *pending = memory_take(sizeof *pending);
  if (pending == NULL) return UV_ENOMEM;
  /* libuv does not write to the bytes that it sends. */
  uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
  pending->connection = connection;
  int code;
  if (connection->transport == TRANSPORT_UDP)
    code = uv_udp_send(&pending->request.datagram, &connection->as.udp, &buffer, 1, NULL, after_datagram);
  else
    code = uv_write(&pending->request.write, &connection->as.stream, &buffer, 1, after_write);
  if (code != 0) {
    free(pending);
    return code;
  }
  connection->pending++;
  return 0;
}

static ssize_t send_now(struct connection *connection, const uint8_t *bytes, size_t length) {
  if (connection->direct.is_direct && connection->pending == 0)
    return direct_write(connection->direct.descriptor, bytes, length);
  uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
  return connection->transport == TRANSPORT_UDP ? uv_udp_try_send(&connection->as.udp, &buffer, 1, NULL)
                                                : uv_try_write(&connection->as.stream, &buffer, 1);
}

int connection_send(struct connection *connection, const uint8_t *bytes, size_t length) {
  ssize_t taken = send_now(connection, bytes, length);
  if (taken == (ssize_t)length) return 0;
  if (taken == UV_EAGAIN) taken = 0;
  if (taken < 0) return (int)taken;
  return send_queued(connection, bytes + taken, length - (size_t)taken);
}

int connection_send_paced(struct connection *connection, const uint8_t *bytes, size_t length) {
  return send_queued(connection, bytes, length);
}

/* Sent by a copy, through libuv's queue, which calls back when the socket has room again. */
#define TAIL_BYTES 4096

static int send_outgoing(struct connection *connection) {
  struct outgoing *outgoing = &connection->outgoing;
  uv_os_fd_t descriptor;
  int code = uv_fileno(&connection->as.handle, &descriptor);
  while (code == 0 && outgoing->length > TAIL_BYTES) {
    ssize_t sent = zero_copy_send(descriptor, outgoing->file, outgoing->offset, outgoing->length - TAIL_BYTES);
    if (sent == 0 || sent == UV_EAGAIN) break;
    if (sent < 0) return (int)sent;
    outgoing->offset += (uint64_t)sent;
    outgoing->bytes += sent;
    outgoing->length -= (size_t)sent;
  }
  size_t tail = outgoing->length < TAIL_BYTES ? outgoing->length : TAIL_BYTES;
  const uint8_t *bytes = outgoing->bytes;
  outgoing->offset += tail;
  outgoing->bytes += tail;
  outgoing->length -= tail;
  return code != 0 ? code : send_queued(connection, bytes, tail);
}

int connection_send_file(struct connection *connection, uv_file file, uint64_t offset, const uint8_t *bytes,
                         size_t length) {
  connection->outgoing = (struct outgoing){.file = file, .offset = offset, .bytes = bytes, .length = length};
  return send_outgoing(connection);
}

void connection_bound_unsent(struct connection *connection) {
  uv_os_fd_t descriptor;
  if (connection->transport == TRANSPORT_TCP && uv_fileno(&connection->as.handle, &descriptor) == 0)
    unsent_bound(descriptor);
}

void connection_discard(struct connection *connection) {
  connection->is_discarding = connection->transport == TRANSPORT_TCP && zero_copy_is_possible();
}

int connection_watch_kernel_times(struct connection *connection) {
  return kernel_times_start(&connection->kernel_times, &connection->as.handle);
}

const struct kernel_times *connection_kernel_times(const struct connection *connection) {
  return &connection->kernel_times;
}

static struct connection *connection_of(struct direct_socket *direct) {
  return (struct connection *)(void *)((char *)direct - offsetof(struct connection, direct));
}

static void watch(struct direct_socket *direct) {
  struct connection *connection = connection_of(direct);
  int code = connection->transport == TRANSPORT_UDP ? uv_udp_recv_start(&connection->as.udp, on_alloc, on_datagram)
                                                    : uv_read_start(&connection->as.stream, on_alloc, on_stream_read);
  if (code != 0) connection->events->on_end(connection->owner, code);
}

/* Kept short: what it does between two tries is time in which a message may lie there unread. */
static bool poll_directly(struct direct_socket *direct) {
  struct connection *connection = connection_of(direct);
  if (connection->kernel_times.is_on) {
    kernel_times_ask(&connection->kernel_times, &connection->as.handle);
    /* What comes only now is read, with its time, the next time. */
    if (!connection->kernel_times.has_found) return false;
  }
  ssize_t length = connection->is_discarding
                       ? discard(connection)
                       : direct_read(direct->descriptor, connection->buffer->bytes, connection->buffer->length);
  if (length == UV_EAGAIN) return false;
  if (length == 0 && connection->transport != TRANSPORT_UDP) length = UV_EOF;
  if (length >= 0)
    connection->events->on_bytes(connection->owner, connection->is_discarding ? NULL : connection->buffer->bytes,
                                 (size_t)length);
  else
    end_reading(connection, (int)length);
  return true;
}

static const struct direct_ops direct_ops = {poll_directly, watch};

void connection_ask_directly(struct connection *connection, struct spinner *spinner) {
  if (connection->direct.is_direct) return;
  connection->spinner = spinner;
  connection->direct.ops = &direct_ops;
  if (!spinner_add(spinner, &connection->direct, &connection->as.handle)) return;
  /* Both are always 0, say their manual and source. */
  if (connection->transport == TRANSPORT_UDP)
    uv_udp_recv_stop(&connection->as.udp);
  else
    uv_read_stop(&connection->as.stream);
}

static void after_shutdown(uv_shutdown_t *request, int status) {
  /* A failure here means that the peer is gone; the reading side says so as well, and is believed. */
  (void)request;
  (void)status;
}

int connection_finish(struct connection *connection) {
  if (connection->transport == TRANSPORT_UDP) return 0;
  return uv_shutdown(&connection->shutdown, &connection->as.stream, after_shutdown);
}
