/*
 * One attempt to reach a port, over libuv. What libuv does not tell comes from common/socket_facts. Gathers; it must
 * not judge.
 *
 *   connecting --(stands)--> asking --(answer, end, error)--> settled --> closed
 *        \--(refused, error)----------------------------------/
 *         \--(time is up, in any state)----------------------/
 */
#include "client/check/probe.h"

#include <stdlib.h>
#include <string.h>

#include "client/peer/greeting.h"
#include "client/sockets/socket_facts.h"
#include "common/text/clock.h"

#define READ_BYTES 512

struct probe {
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_udp_t udp;
  } as;
  uv_timer_t timer;
  uv_connect_t connect;
  struct probe_plan plan;
  struct probe_facts *facts;
  probe_settled *on_settled; /* NULL once called */
  void *owner;
  uint64_t start_ns;
  bool is_time_up;
  int open_handles;
  uint8_t greeting[GREETING_BYTES];
  uint8_t answer[READ_BYTES];
  size_t answer_length;
};

enum probe_outcome probe_outcome_of(int code) {
  static const struct {
    int code;
    enum probe_outcome outcome;
  } outcomes[] = {
      {0, PROBE_CONNECTED},
      {UV_ECONNREFUSED, PROBE_REFUSED},
      {UV_ECONNRESET, PROBE_RESET},
      {UV_ETIMEDOUT, PROBE_TIMED_OUT},
      {UV_EHOSTUNREACH, PROBE_HOST_UNREACHABLE},
      {UV_ENETUNREACH, PROBE_NET_UNREACHABLE},
      {UV_EACCES, PROBE_FORBIDDEN},
      {UV_EPERM, PROBE_NOT_PERMITTED},
      {UV_EINVAL, PROBE_INVALID},
      {UV_EADDRNOTAVAIL, PROBE_NO_ADDRESS},
  };
  for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
    if (outcomes[i].code == code) return outcomes[i].outcome;
  return PROBE_FAILED;
}

static bool is_udp(const struct probe *probe) {
  return probe->plan.target.transport == TRANSPORT_UDP;
}

static void after_close(uv_handle_t *handle) {
  struct probe *probe = handle->data;
  if (--probe->open_handles == 0) free(probe);
}

static void close_probe(struct probe *probe) {
  uv_close((uv_handle_t *)&probe->timer, after_close);
  /* A reset leaves no CLOSE_WAIT with a server that is stuck, and no TIME_WAIT here. */
  if (is_udp(probe) || uv_tcp_close_reset(&probe->as.tcp, after_close) != 0) uv_close(&probe->as.handle, after_close);
}

static void read_names(struct probe *probe, struct sockaddr_storage *local) {
  struct sockaddr_storage remote;
  int local_bytes = sizeof *local, remote_bytes = sizeof remote;
  memset(local, 0, sizeof *local);
  memset(&remote, 0, sizeof remote);
  int code = is_udp(probe) ? uv_udp_getsockname(&probe->as.udp, (struct sockaddr *)local, &local_bytes)
                           : uv_tcp_getsockname(&probe->as.tcp, (struct sockaddr *)local, &local_bytes);
  if (code != 0) return;
  code = is_udp(probe) ? uv_udp_getpeername(&probe->as.udp, (struct sockaddr *)&remote, &remote_bytes)
                       : uv_tcp_getpeername(&probe->as.tcp, (struct sockaddr *)&remote, &remote_bytes);
  if (code != 0) return;
  probe->facts->is_self = address_same_host(local, &remote) && address_port(local) == address_port(&remote);
}

static void settle(struct probe *probe) {
  struct sockaddr_storage local;
  struct socket_tcp_facts tcp = {.known = false};
  uv_os_fd_t descriptor;
  probe_settled *on_settled = probe->on_settled;
  if (on_settled == NULL) return;
  probe->on_settled = NULL;
  memset(&local, 0, sizeof local);
  /* Of thousands of refusals each call counts, and a socket that was refused has nothing to tell. */
  bool is_alive = probe->facts->outcome == PROBE_CONNECTED || probe->facts->outcome == PROBE_TIMED_OUT;
  if (is_alive && !is_udp(probe) && uv_fileno(&probe->as.handle, &descriptor) == 0)
    socket_facts_read_tcp(descriptor, &tcp);
  probe->facts->repeats = tcp.known ? (int)tcp.repeats : FACT_UNKNOWN;
  probe->facts->unacknowledged = tcp.known ? (int)tcp.unacknowledged : FACT_UNKNOWN;
  if (is_alive) read_names(probe, &local);
  size_t shown = probe->answer_length < FACTS_FIRST_BYTES ? probe->answer_length : FACTS_FIRST_BYTES;
  memcpy(probe->facts->first_bytes, probe->answer, shown);
  probe->facts->first_bytes_length = shown;
  on_settled(probe->owner, &local);
  close_probe(probe);
}

/* The connecting, or the first datagram, ended with this code. */
static void settle_failed(struct probe *probe, int code) {
  struct socket_icmp icmp = {.came = false};
  uv_os_fd_t descriptor;
  if (uv_fileno(&probe->as.handle, &descriptor) == 0) socket_facts_take_error(descriptor, &icmp);
  probe->facts->icmp_came = icmp.came;
  probe->facts->icmp_type = icmp.type;
  probe->facts->icmp_code = icmp.code;
  probe->facts->code = icmp.came && icmp.error != 0 ? icmp.error : code;
  probe->facts->outcome = probe_outcome_of(probe->facts->code);
  settle(probe);
}

static void settle_answer(struct probe *probe, enum probe_answer answer, int code) {
  probe->facts->answer = answer;
  probe->facts->code = code;
  settle(probe);
}

static void on_time_up(uv_timer_t *timer) {
  struct probe *probe = timer->data;
  /* A loop that was kept busy comes to its timers before it looks at its sockets: the answer may have been there for
   * long. So the sockets get one more look. */
  if (!probe->is_time_up && uv_timer_start(timer, on_time_up, 1, 0) == 0) {
    probe->is_time_up = true;
    return;
  }
  if (probe->facts->outcome == PROBE_CONNECTED) {
    settle_answer(probe, ANSWER_SILENT, 0);
    return;
  }
  /* The error packet of a firewall may be there although the connecting goes on (tcp(7): soft errors). */
  settle_failed(probe, UV_ETIMEDOUT);
}

static void on_answer(struct probe *probe, size_t length) {
  struct wire_welcome welcome;
  size_t judged;
  probe->answer_length += length;
  judged = probe->answer_length < GREETING_BYTES ? probe->answer_length : GREETING_BYTES;
  switch (greeting_judge(probe->greeting, probe->answer, judged, &welcome)) {
    case GREETING_ANSWER_PARTIAL:
      return;
    case GREETING_ANSWER_ECHO:
    case GREETING_ANSWER_LOPONG:
      settle_answer(probe, ANSWER_ECHO, 0);
      return;
    case GREETING_ANSWER_OTHER:
      settle_answer(probe, ANSWER_OTHER, 0);
      return;
  }
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct probe *probe = handle->data;
  (void)suggested;
  *buffer = uv_buf_init((char *)probe->answer + probe->answer_length,
                        (unsigned)(sizeof probe->answer - probe->answer_length));
}

static void on_stream_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  struct probe *probe = stream->data;
  (void)buffer;
  if (length == 0 || probe->on_settled == NULL) return;
  if (length > 0)
    on_answer(probe, (size_t)length);
  else
    settle_answer(probe, length == UV_EOF ? ANSWER_END : ANSWER_RESET, (int)length);
}

static void ask_stream(struct probe *probe) {
  uv_buf_t line = uv_buf_init((char *)probe->greeting, GREETING_BYTES);
  int code = uv_read_start(&probe->as.stream, on_alloc, on_stream_read);
  if (code == 0) code = uv_try_write(&probe->as.stream, &line, 1);
  if (code < 0) settle_answer(probe, ANSWER_RESET, code);
}

static void on_connected(uv_connect_t *connect, int status) {
  struct probe *probe = connect->data;
  struct sockaddr_storage remote;
  int remote_bytes = sizeof remote;
  if (probe->on_settled == NULL) return;
  probe->facts->connect_ns = clock_now_ns() - probe->start_ns;
  /* An error packet in the queue wakes libuv, which then finds SO_ERROR 0 and takes that for success. */
  if (status == 0 && uv_tcp_getpeername(&probe->as.tcp, (struct sockaddr *)&remote, &remote_bytes) != 0)
    status = UV_ETIMEDOUT;
  if (status != 0) {
    settle_failed(probe, status);
    return;
  }
  probe->facts->outcome = PROBE_CONNECTED;
  if (probe->plan.asks)
    ask_stream(probe);
  else
    settle(probe);
}

static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer, const struct sockaddr *from,
                        unsigned flags) {
  struct probe *probe = udp->data;
  (void)buffer;
  (void)flags;
  if (probe->on_settled == NULL) return;
  if (length < 0) {
    settle_failed(probe, (int)length);
    return;
  }
  if (from == NULL) return; /* the socket is empty for now */
  if (length < GREETING_BYTES) {
    probe->answer_length = (size_t)length;
    settle_answer(probe, ANSWER_OTHER, 0);
    return;
  }
  on_answer(probe, (size_t)length);
}

/* Returns a code when the call itself failed. */
static int begin_stream(struct probe *probe) {
  return uv_tcp_connect(&probe->connect, &probe->as.tcp, (const struct sockaddr *)&probe->plan.target.address,
                        on_connected);
}

static int begin_datagram(struct probe *probe) {
  uv_buf_t line = uv_buf_init((char *)probe->greeting, GREETING_BYTES);
  int code = uv_udp_connect(&probe->as.udp, (const struct sockaddr *)&probe->plan.target.address);
  if (code == 0) code = uv_udp_recv_start(&probe->as.udp, on_alloc, on_datagram);
  if (code == 0) code = uv_udp_try_send(&probe->as.udp, &line, 1, NULL);
  if (code < 0) return code;
  probe->facts->outcome = PROBE_CONNECTED;
  probe->facts->connect_ns = clock_now_ns() - probe->start_ns;
  return 0;
}

static int open_socket(uv_loop_t *loop, struct probe *probe) {
  unsigned family = probe->plan.target.address.ss_family;
  uv_os_fd_t descriptor;
  int code =
      is_udp(probe) ? uv_udp_init_ex(loop, &probe->as.udp, family) : uv_tcp_init_ex(loop, &probe->as.tcp, family);
  if (code != 0) return code;
  probe->as.handle.data = probe;
  probe->open_handles++;
  code = uv_timer_init(loop, &probe->timer);
  if (code != 0) return code;
  probe->timer.data = probe;
  probe->open_handles++;
  if (uv_fileno(&probe->as.handle, &descriptor) == 0) socket_facts_keep_errors(descriptor, (int)family);
  return uv_timer_start(&probe->timer, on_time_up, probe->plan.timeout_ns / CLOCK_NS_PER_MS + 1, 0);
}

int probe_start(uv_loop_t *loop, const struct probe_plan *plan, struct probe_facts *facts, probe_settled *on_settled,
                void *owner) {
  struct probe *probe = calloc(1, sizeof *probe);
  memset(facts, 0, sizeof *facts);
  facts->repeats = facts->unacknowledged = FACT_UNKNOWN;
  if (probe == NULL) return UV_ENOMEM;
  probe->plan = *plan;
  probe->facts = facts;
  probe->on_settled = on_settled;
  probe->owner = owner;
  probe->connect.data = probe;
  greeting_write(GREETING_PROBE, 0, false, probe->greeting);
  int code = open_socket(loop, probe);
  if (code != 0) goto failed;
  probe->start_ns = clock_now_ns();
  code = is_udp(probe) ? begin_datagram(probe) : begin_stream(probe);
  if (code != 0) {
    facts->is_immediate = true;
    settle_failed(probe, code);
  }
  return 0;

failed:
  if (probe->open_handles > 1) uv_close((uv_handle_t *)&probe->timer, after_close);
  if (probe->open_handles > 0)
    uv_close(&probe->as.handle, after_close);
  else
    free(probe);
  return code;
}
