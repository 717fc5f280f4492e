/*
 * UDP: every datagram goes back to where it came from, stamped if it is a frame of loping.
 *
 * Nothing is queued: what the system does not take at once is dropped and counted, as UDP may. Which datagrams get no
 * answer is decided in datagram_rules.c.
 */
#include <stdlib.h>

#include "common/io/direct_io.h"
#include "common/machine/machine.h"
#include "common/net/port_kind.h"
#include "common/text/clock.h"
#include "common/text/units.h"
#include "common/wire/wire.h"
#include "server/echo/datagram_guard.h"
#include "server/echo/datagram_repeats.h"
#include "server/echo/datagram_rules.h"
#include "server/echo/datagram_source.h"
#include "server/echo/faulty_datagrams.h"
#include "server/echo/kernel_watch.h"
#include "server/echo/services.h"
#include "server/threads/admission.h"
#include "server/threads/worker.h"

/* More than any datagram holds (65,507 bytes over IPv4, 65,527 over IPv6). */
#define DATAGRAM_BYTES 65536

#define ERRORS_IN_ROW_MOST 2

/* One bound socket; socket->data is this. */
struct datagrams {
  struct worker *worker;
  uv_udp_t *socket;
  void (*on_state)(uv_udp_t *socket, int code);
  unsigned errors_in_row;
  bool is_failing;             /* until a datagram is received again */
  uint16_t own_port;           /* that all UDP sockets of this server have */
  struct direct_socket direct; /* how it is read: by the loop's poller, or asked directly */
  struct kernel_watch kernel_watch;
  struct sockaddr_storage watched_client; /* that the kernel times were last for */
  struct machine_ports ports;
  struct datagram_repeats repeats;
  struct faulty_datagrams faulty;
};

static void on_alloc(uv_handle_t *handle, size_t suggested_bytes, uv_buf_t *buffer) {
  struct datagrams *datagrams = handle->data;
  (void)suggested_bytes;
  kernel_watch_before_read(&datagrams->kernel_watch, handle);
  buffer->base = (char *)datagrams->worker->buffer;
  buffer->len = DATAGRAM_BYTES;
}

static enum datagram_verdict judge(const struct datagrams *datagrams, const uint8_t *bytes, size_t length,
                                   const struct sockaddr_storage *from) {
  struct wire_frame frame = {0};
  struct datagram_facts facts = {
      .is_frame = wire_get_frame(bytes, length, &frame),
      .is_reply = (frame.flags & WIRE_FRAME_FLAG_REPLY) != 0,
      .source_port = address_port(from),
      .own_echo_port = datagrams->own_port,
      .is_from_no_host = datagram_source_is_no_host(from),
  };
  /* Compared with each of this machine's addresses, and so only where it matters. */
  if (facts.source_port == facts.own_echo_port)
    facts.is_from_this_machine = own_addresses_include(datagrams->worker->own_addresses, from);
  return datagram_rules_judge(&facts);
}

static ssize_t send_to(struct datagrams *datagrams, const uint8_t *bytes, size_t length,
                       const struct sockaddr_storage *to) {
  if (datagrams->direct.is_direct) return direct_write_to(datagrams->direct.descriptor, bytes, length, to);
  /* libuv does not change the bytes; its buffers just have no const. */
  uv_buf_t buffer = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)length);
  return uv_udp_try_send(datagrams->socket, &buffer, 1, (const struct sockaddr *)to);
}

static bool send_counted(void *owner, const uint8_t *bytes, size_t length, const struct sockaddr_storage *to) {
  struct datagrams *datagrams = owner;
  struct worker *worker = datagrams->worker;
  ssize_t sent = send_to(datagrams, bytes, length, to);
  /* EPERM from a firewall, ENOBUFS, EAGAIN from a full queue: lost, as a datagram may be, and the server goes on. */
  if (sent < 0)
    worker->stats.udp_dropped++;
  else
    worker->stats.bytes_out += (uint64_t)sent;
  return sent >= 0;
}

static void answer(struct datagrams *datagrams, size_t length, const struct sockaddr_storage *to) {
  (void)send_counted(datagrams, datagrams->worker->buffer, length, to);
}

/* The socket is every client's: what is known of the send before goes only to the client that it was for. */
static void answer_frame(struct datagrams *datagrams, size_t length, uint64_t receive_ns,
                         const struct sockaddr_storage *client) {
  struct kernel_watch *watch = &datagrams->kernel_watch;
  uint8_t *frame = datagrams->worker->buffer;
  struct wire_kernel_times times;
  bool is_asked = wire_asks_kernel_times(frame, length);
  if (is_asked) {
    bool is_same = address_port(client) == address_port(&datagrams->watched_client) &&
                   address_same_host(client, &datagrams->watched_client);
    if (!is_same) {
      watch->previous_send_ns = 0;
      datagrams->watched_client = *client;
    }
    if (kernel_watch_fill(watch, (uv_handle_t *)datagrams->socket, &times)) wire_put_kernel_times(&times, frame);
  }
  if (datagrams->faulty.faults != NULL) {
    faulty_datagrams_pass(&datagrams->faulty, frame, length, receive_ns, true, client);
    return;
  }
  uint64_t send_ns = clock_now_ns();
  wire_stamp_frame(frame, machine_current_cpu(), receive_ns, send_ns);
  answer(datagrams, length, client);
  if (is_asked)
    kernel_watch_after_send(watch, send_ns);
  else
    watch->previous_send_ns = 0;
}

static void say_loop(struct worker *worker, const struct sockaddr_storage *from, uint32_t limit) {
  char text[ADDRESS_TEXT_SIZE], count[UNITS_TEXT_SIZE];
  if (!admission_say_once(&worker->said_loop)) return;
  address_format(from, text);
  announce_notice(worker->outbox,
                  "%s datagrams came from %s with the very bytes that had just been sent there, as from another echo "
                  "server. One in so many is not answered, which ends such a loop",
                  units_format_count(limit, count), text);
}

/* Only of plain datagrams: a frame that is an answer is known by its flag. */
static bool is_loop(struct datagrams *datagrams, size_t length, const struct sockaddr_storage *from,
                    uint64_t receive_ns) {
  struct worker *worker = datagrams->worker;
  bool is_lent = port_kind_is_lent(address_port(from), &datagrams->ports);
  uint32_t limit = is_lent ? DATAGRAM_REPEATS_FROM_LENT : DATAGRAM_REPEATS_FROM_FIXED;
  if (!datagram_repeats_note(&datagrams->repeats, from, worker->buffer, length, receive_ns, limit)) return false;
  worker->stats.udp_loops_cut++;
  say_loop(worker, from, limit);
  return true;
}

static void fail(struct datagrams *datagrams, int code) {
  datagrams->is_failing = true;
  datagrams->on_state(datagrams->socket, code);
}

/* One error may be that of a single datagram. With a second the poller would call again and again. */
static void note_error(struct datagrams *datagrams, int code) {
  datagrams->worker->stats.receive_errors++;
  if (++datagrams->errors_in_row < ERRORS_IN_ROW_MOST) return;
  uv_udp_recv_stop(datagrams->socket); /* always 0, says its source */
  fail(datagrams, code);
}

static void note_received(struct datagrams *datagrams) {
  datagrams->errors_in_row = 0;
  if (!datagrams->is_failing) return;
  datagrams->is_failing = false;
  datagrams->on_state(datagrams->socket, 0);
}

static void answer_faultily(struct datagrams *datagrams, size_t length, const struct sockaddr_storage *client,
                            uint64_t receive_ns) {
  uint8_t *bytes = datagrams->worker->buffer;
  /* The answer is longer than the question, which may have a forged source: it goes to this machine alone. */
  bool may_be_told = own_addresses_include(datagrams->worker->own_addresses, client);
  if (!may_be_told || !faulty_datagrams_tell(&datagrams->faulty, bytes, length, client))
    faulty_datagrams_pass(&datagrams->faulty, bytes, length, receive_ns, false, client);
}

static void on_receive(uv_udp_t *socket, ssize_t nread, const uv_buf_t *buffer, const struct sockaddr *from,
                       unsigned flags) {
  struct datagrams *datagrams = socket->data;
  struct worker *worker = datagrams->worker;
  (void)buffer;
  if (nread < 0) {
    note_error(datagrams, (int)nread);
    return;
  }
  /* An empty datagram has a sender; without one there is nothing more to read. */
  if (from == NULL) return;
  note_received(datagrams);
  uint64_t receive_ns = clock_now_ns();
  size_t length = (size_t)nread;
  if (worker->spinner.is_on && worker_ask_directly(worker, &datagrams->direct, (uv_handle_t *)socket))
    uv_udp_recv_stop(socket); /* always 0, says its source */
  worker->stats.bytes_in += length;
  worker->stats.messages++;
  if ((flags & UV_UDP_PARTIAL) != 0) {
    worker->stats.udp_dropped++;
    return;
  }
  /* libuv hands over a sockaddr_storage of its own. */
  const struct sockaddr_storage *client = (const struct sockaddr_storage *)(const void *)from;
  switch (judge(datagrams, worker->buffer, length, client)) {
    case DATAGRAM_REFUSE:
      worker->stats.udp_refused++;
      return;
    case DATAGRAM_STAMP:
      answer_frame(datagrams, length, receive_ns, client);
      return;
    case DATAGRAM_ECHO:
      if (is_loop(datagrams, length, client, receive_ns)) return;
      if (datagrams->faulty.faults != NULL)
        answer_faultily(datagrams, length, client, receive_ns);
      else
        answer(datagrams, length, client);
      return;
  }
}

static struct datagrams *datagrams_of(struct direct_socket *socket) {
  return (struct datagrams *)(void *)((char *)socket - offsetof(struct datagrams, direct));
}

static void watch(struct direct_socket *socket) {
  struct datagrams *datagrams = datagrams_of(socket);
  int code = uv_udp_recv_start(datagrams->socket, on_alloc, on_receive);
  if (code != 0) fail(datagrams, code);
}

/* What libuv does when its poller tells of a datagram, without the poller. */
static bool poll_once(struct direct_socket *socket) {
  struct datagrams *datagrams = datagrams_of(socket);
  struct sockaddr_storage from;
  uv_buf_t buffer;
  on_alloc((uv_handle_t *)datagrams->socket, 0, &buffer);
  if (kernel_watch_is_early(&datagrams->kernel_watch)) return false;
  ssize_t nread = direct_read_from(socket->descriptor, buffer.base, buffer.len, &from);
  if (nread < 0) return false;
  on_receive(datagrams->socket, nread, &buffer, (const struct sockaddr *)&from, 0);
  return true;
}

static const struct direct_ops reading = {.poll = poll_once, .watch = watch};

static int ask_port(const uv_udp_t *socket, uint16_t *port) {
  struct sockaddr_storage here = {0};
  int length = sizeof here;
  int code = uv_udp_getsockname(socket, (struct sockaddr *)&here, &length);
  if (code == 0) *port = address_port(&here);
  return code;
}

int echo_udp_begin(struct worker *worker, uv_udp_t *socket, void (*on_state)(uv_udp_t *socket, int code)) {
  uv_os_fd_t descriptor;
  struct datagrams *datagrams = calloc(1, sizeof *datagrams);
  if (datagrams == NULL) return UV_ENOMEM;
  datagrams->worker = worker;
  datagrams->socket = socket;
  datagrams->on_state = on_state;
  datagrams->direct.ops = &reading;
  datagrams->faulty = (struct faulty_datagrams){.faults = worker->faults, .send = send_counted, .owner = datagrams};
  machine_port_settings(&datagrams->ports);
  socket->data = datagrams;
  worker->datagram_sockets++;
  /* Without it datagram_rules.c still holds; only a loop between two servers of different ports is not cut. */
  if (uv_fileno((uv_handle_t *)socket, &descriptor) == 0) (void)datagram_guard_attach(descriptor);
  int code = ask_port(socket, &datagrams->own_port);
  return code != 0 ? code : uv_udp_recv_start(socket, on_alloc, on_receive);
}

int echo_udp_resume(uv_udp_t *socket) {
  return uv_udp_recv_start(socket, on_alloc, on_receive);
}

void echo_udp_end(uv_udp_t *socket) {
  struct datagrams *datagrams = socket->data;
  if (datagrams == NULL) return;
  spinner_remove(&datagrams->worker->spinner, &datagrams->direct);
  datagrams->worker->datagram_sockets--;
  faulty_datagrams_end(&datagrams->faulty);
  socket->data = NULL;
  free(datagrams);
}
