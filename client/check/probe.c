/*
 * One attempt to reach a port, over libuv. What libuv does not tell comes from client/sockets. Gathers; it must not
 * judge.
 *
 *   connecting --(stands)--> looking --(the server has it)--> listening --(it was quiet)--> asked --(answer)--> settled
 *   settled --> leaving --(the server's end)--> closed
 *
 * An error, words, an end or the end of the time settle it in every state.
 */
#include "client/check/probe.h"

#include <stdlib.h>
#include <string.h>

#include "client/check/socket_tables.h"
#include "client/sockets/socket_facts.h"
#include "common/io/unix_socket.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

#define READ_BYTES 2048
/* So long a server may take to say its first words before it is taken for one that waits, in ms: of one that is to be
 * asked by a guess, of one that is not asked, and for the rest of a line. */
#define GUESS_MS 60
#define QUIET_MS 250
#define LINE_MS  100
/* How long a server may take to close its end after ours, in ms. */
#define LEAVING_MS       250
#define LEAVING_MS_LEAST 50
/* The first looks for the server's acceptance are this far apart, each then twice as far, in ms. */
#define LOOK_MS_FIRST 1
#define LOOK_MS_MOST  32

enum probe_state { STATE_CONNECTING, STATE_LOOKING, STATE_LISTENING, STATE_ASKED, STATE_SETTLED };

struct probe {
  union {
    uv_handle_t handle;
    uv_stream_t stream;
    uv_tcp_t tcp;
    uv_udp_t udp;
    uv_pipe_t pipe;
  } as;
  uv_timer_t timer; /* the time for all of it */
  uv_timer_t pace;  /* the next look, or the end of a wait */
  uv_connect_t connect;
  uv_shutdown_t shutdown;
  struct probe_plan plan;
  struct probe_facts *facts;
  enum probe_state state;
  struct question_choice choice;
  bool has_choice;
  probe_settled *on_settled;
  void *owner;
  struct sockaddr_storage local;
  struct server_half_facts half;
  uint64_t start_ns;
  uint64_t look_ms;
  bool is_time_up;
  int open_handles;
  uint8_t question[PROTOCOL_QUESTION_BYTES];
  uint8_t answer[READ_BYTES];
  size_t answer_length;
};

static bool is_udp(const struct probe *probe) {
  return probe->plan.target.transport == TRANSPORT_UDP;
}

static bool is_unix(const struct probe *probe) {
  return probe->plan.target.transport == TRANSPORT_UNIX;
}

static void after_close(uv_handle_t *handle) {
  struct probe *probe = handle->data;
  if (--probe->open_handles == 0) free(probe);
}

static void close_probe(struct probe *probe, bool with_reset) {
  if (uv_is_closing(&probe->as.handle)) return;
  uv_close((uv_handle_t *)&probe->timer, after_close);
  uv_close((uv_handle_t *)&probe->pace, after_close);
  bool can_reset = !is_udp(probe) && !is_unix(probe);
  if (!can_reset || !with_reset || uv_tcp_close_reset(&probe->as.tcp, after_close) != 0)
    uv_close(&probe->as.handle, after_close);
}

/* Starts the wait anew; what blocked this loop meanwhile does not count. */
static void start_pace(struct probe *probe, uv_timer_cb on_pace, uint64_t ms) {
  uv_update_time(probe->pace.loop);
  (void)uv_timer_start(&probe->pace, on_pace, ms, 0);
}

static void on_time_up(uv_timer_t *timer);

/* The server has all of the time for each thing that it is to do: to take the connection, to speak, to answer. What
 * this process did between them, such as to look up who has the port among 10,000 connections, is not the server's. */
static int start_waiting(struct probe *probe) {
  uv_update_time(probe->timer.loop);
  probe->is_time_up = false;
  return uv_timer_start(&probe->timer, on_time_up, probe->plan.timeout_ns / CLOCK_NS_PER_MS + 1, 0);
}

static void look_at_half(struct probe *probe) {
  uv_os_fd_t descriptor;
  if (is_unix(probe)) {
    if (uv_fileno(&probe->as.handle, &descriptor) == 0) tables_read_unix_half(descriptor, &probe->half);
    return;
  }
  tables_read_server_half(&probe->plan.target, &probe->local, &probe->half);
}

/* A connection that no process has, or whose bytes nobody reads, would stay with the server as CLOSE_WAIT. */
static bool is_stuck(const struct probe *probe) {
  return probe->half.is_found && !probe->half.is_half_open &&
         (!probe->half.is_accepted || probe->half.unread_bytes > 0);
}

static void on_leaving_over(uv_timer_t *timer) {
  struct probe *probe = timer->data;
  look_at_half(probe);
  close_probe(probe, is_stuck(probe));
}

static void after_shutdown(uv_shutdown_t *shutdown, int status) {
  struct probe *probe = shutdown->data;
  if (status != 0) close_probe(probe, false);
}

/* Within the time for all of it, if enough of that is left. */
static uint64_t leaving_ms(const struct probe *probe) {
  uint64_t used_ns = clock_now_ns() - probe->start_ns;
  uint64_t left_ms = used_ns < probe->plan.timeout_ns ? (probe->plan.timeout_ns - used_ns) / CLOCK_NS_PER_MS : 0;
  if (left_ms > LEAVING_MS) return LEAVING_MS;
  return left_ms < LEAVING_MS_LEAST ? LEAVING_MS_LEAST : left_ms;
}

/* Leaves as a client of that protocol does: a word if it has one, the end of ours, and then until the end of theirs. */
static void leave(struct probe *probe) {
  enum probe_answer answer = probe->facts->answer;
  const char *goodbye = protocol_goodbye(probe->facts->protocol.protocol);
  bool stands = !is_udp(probe) && probe->facts->outcome == PROBE_CONNECTED && answer != ANSWER_END &&
                answer != ANSWER_RESET && !probe->facts->is_self;
  uv_timer_stop(&probe->timer);
  if (!stands || probe->plan.is_ours || is_stuck(probe)) {
    close_probe(probe, answer != ANSWER_END);
    return;
  }
  if (goodbye != NULL) {
    uv_buf_t words = uv_buf_init(memcpy(probe->question, goodbye, strlen(goodbye)), (unsigned)strlen(goodbye));
    (void)uv_try_write(&probe->as.stream, &words, 1);
  }
  start_pace(probe, on_leaving_over, leaving_ms(probe));
  if (uv_shutdown(&probe->shutdown, &probe->as.stream, after_shutdown) != 0) close_probe(probe, true);
}

static void read_names(struct probe *probe) {
  struct sockaddr_storage remote;
  int local_bytes = sizeof probe->local, remote_bytes = sizeof remote;
  memset(&probe->local, 0, sizeof probe->local);
  memset(&remote, 0, sizeof remote);
  if (is_unix(probe)) return; /* a path is never lent, so a connection cannot meet itself */
  struct sockaddr *local = (struct sockaddr *)&probe->local;
  int code = is_udp(probe) ? uv_udp_getsockname(&probe->as.udp, local, &local_bytes)
                           : uv_tcp_getsockname(&probe->as.tcp, local, &local_bytes);
  if (lack_note(code) != 0) return;
  code = is_udp(probe) ? uv_udp_getpeername(&probe->as.udp, (struct sockaddr *)&remote, &remote_bytes)
                       : uv_tcp_getpeername(&probe->as.tcp, (struct sockaddr *)&remote, &remote_bytes);
  if (lack_note(code) != 0) return;
  probe->facts->is_self =
      address_same_host(&probe->local, &remote) && address_port(&probe->local) == address_port(&remote);
}

static void settle(struct probe *probe) {
  struct socket_tcp_facts tcp = {.known = false};
  uv_os_fd_t descriptor;
  if (probe->state == STATE_SETTLED) return;
  probe->state = STATE_SETTLED;
  if (probe->plan.running != NULL) *probe->plan.running = NULL;
  /* Of thousands of refusals each call counts, and a socket that was refused has nothing to tell. */
  bool is_alive = probe->facts->outcome == PROBE_CONNECTED || probe->facts->outcome == PROBE_TIMED_OUT;
  bool is_tcp = !is_udp(probe) && !is_unix(probe);
  if (is_alive && is_tcp && uv_fileno(&probe->as.handle, &descriptor) == 0) socket_facts_read_tcp(descriptor, &tcp);
  probe->facts->repeats = tcp.known ? (int)tcp.repeats : FACT_UNKNOWN;
  probe->facts->unacknowledged = is_unix(probe) ? 0 : tcp.known ? (int)tcp.unacknowledged : FACT_UNKNOWN;
  if (is_alive) read_names(probe);
  if (is_alive && !is_udp(probe) && !probe->plan.is_ours) look_at_half(probe);
  size_t shown = probe->answer_length < FACTS_FIRST_BYTES ? probe->answer_length : FACTS_FIRST_BYTES;
  memcpy(probe->facts->first_bytes, probe->answer, shown);
  probe->facts->first_bytes_length = shown;
  uv_timer_stop(&probe->pace);
  probe->on_settled(probe->owner, &probe->half);
  leave(probe);
}

/* The connecting, or the first datagram, ended with this code. */
static void settle_failed(struct probe *probe, int code) {
  struct socket_icmp icmp = {.came = false};
  uv_os_fd_t descriptor;
  if (!is_unix(probe) && uv_fileno(&probe->as.handle, &descriptor) == 0) socket_facts_take_error(descriptor, &icmp);
  probe->facts->icmp_came = icmp.came;
  probe->facts->icmp_type = icmp.type;
  probe->facts->icmp_code = icmp.code;
  probe->facts->code = icmp.came && icmp.error != 0 ? icmp.error : code;
  probe->facts->outcome =
      is_unix(probe) ? probe_unix_outcome_of(lack_note(code)) : probe_outcome_of(lack_note(probe->facts->code));
  settle(probe);
}

static void settle_answer(struct probe *probe, enum probe_answer answer, int code) {
  if (code == UV_ENOMEM || code == UV_ENOBUFS) {
    /* No answer at all, but a call of this process's own. */
    settle_failed(probe, code);
    return;
  }
  probe->facts->answer = answer;
  probe->facts->code = code;
  settle(probe);
}

/* Settles if what came so far says enough. */
static void judge(struct probe *probe, bool is_all) {
  static const enum probe_answer answers[] = {[PROTOCOL_ANSWER_ECHO] = ANSWER_ECHO,
                                              [PROTOCOL_ANSWER_KNOWN] = ANSWER_KNOWN,
                                              [PROTOCOL_ANSWER_OTHER] = ANSWER_OTHER,
                                              [PROTOCOL_ANSWER_PARTIAL] = ANSWER_OTHER};
  is_all = is_all || probe->answer_length == sizeof probe->answer;
  enum protocol_answer answer = protocol_judge(probe->facts->question, probe->question, probe->facts->sent_bytes,
                                               probe->answer, probe->answer_length, is_all, &probe->facts->protocol);
  if (answer == PROTOCOL_ANSWER_PARTIAL && !is_all) return;
  settle_answer(probe, answers[answer], 0);
}

static void on_time_up(uv_timer_t *timer) {
  struct probe *probe = timer->data;
  /* A loop that was kept busy comes to its timers before it looks at its sockets: the answer may have been there for
   * long. So the sockets get one more look. */
  if (!probe->is_time_up && uv_timer_start(timer, on_time_up, 1, 0) == 0) {
    probe->is_time_up = true;
    return;
  }
  if (probe->facts->outcome != PROBE_CONNECTED)
    /* The error packet of a firewall may be there although the connecting goes on (tcp(7): soft errors). */
    settle_failed(probe, UV_ETIMEDOUT);
  else if (probe->answer_length > 0)
    judge(probe, true);
  else
    settle_answer(probe, probe->facts->sent_bytes > 0 ? ANSWER_SILENT : ANSWER_QUIET, 0);
}

static void on_line_over(uv_timer_t *timer) {
  judge(timer->data, true);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buffer) {
  struct probe *probe = handle->data;
  (void)suggested;
  /* Who leaves reads on, and forgets. */
  size_t used = probe->state == STATE_SETTLED ? 0 : probe->answer_length;
  *buffer = uv_buf_init((char *)probe->answer + used, (unsigned)(sizeof probe->answer - used));
}

static void on_stream_read(uv_stream_t *stream, ssize_t length, const uv_buf_t *buffer) {
  struct probe *probe = stream->data;
  (void)buffer;
  if (length == 0) return;
  if (probe->state == STATE_SETTLED) {
    if (length < 0) close_probe(probe, false);
    return;
  }
  if (length < 0 && probe->answer_length > 0) {
    judge(probe, true);
    return;
  }
  if (length < 0) {
    settle_answer(probe, length == UV_EOF ? ANSWER_END : ANSWER_RESET, (int)length);
    return;
  }
  probe->answer_length += (size_t)length;
  judge(probe, false);
  if (probe->state != STATE_SETTLED && probe->state != STATE_ASKED) start_pace(probe, on_line_over, LINE_MS);
}

static void ask(struct probe *probe, enum question question) {
  char host[ADDRESS_TEXT_SIZE];
  if (is_unix(probe))
    memcpy(host, "localhost", sizeof "localhost");
  else
    address_format(&probe->plan.target.address, host);
  size_t length = question_write(question, host, false, probe->question);
  uv_buf_t bytes = uv_buf_init((char *)probe->question, (unsigned)length);
  probe->state = STATE_ASKED;
  probe->facts->question = question;
  probe->facts->sent_bytes = length;
  int code = uv_try_write(&probe->as.stream, &bytes, 1);
  /* libuv calls a lack of buffers so too, and there is room for a first question. */
  if (code == UV_EAGAIN) code = UV_ENOBUFS;
  if (code < 0)
    settle_answer(probe, ANSWER_RESET, code);
  else
    (void)start_waiting(probe);
}

static void on_listening_over(uv_timer_t *timer) {
  struct probe *probe = timer->data;
  if (probe->choice.question != QUESTION_NONE)
    ask(probe, probe->choice.question);
  else
    settle_answer(probe, ANSWER_QUIET, 0);
}

/* The server has the connection: now it may speak, and then it is asked. */
static void listen_first(struct probe *probe) {
  const struct question_choice *choice = &probe->choice;
  probe->state = STATE_LISTENING;
  /* One more turn of the loop for words that came while the choice was made. */
  uint64_t quiet_ms = probe->plan.quiet_ms != 0 ? probe->plan.quiet_ms : QUIET_MS;
  uint64_t wait_ms = choice->question == QUESTION_NONE ? quiet_ms : choice->is_guess ? GUESS_MS : 1;
  (void)start_waiting(probe);
  if (choice->speaks_first)
    uv_timer_stop(&probe->pace);
  else
    start_pace(probe, on_listening_over, wait_ms);
}

/* A server may want its connections only with their first bytes (TCP_DEFER_ACCEPT): it is asked if it is known which.
 */
static void on_look(uv_timer_t *timer) {
  struct probe *probe = timer->data;
  look_at_half(probe);
  bool is_half_open = probe->half.is_found && probe->half.is_half_open;
  bool is_had = !probe->half.is_found || probe->half.is_accepted;
  /* The handshake's last packet may still be under way. */
  bool may_be_deferred = is_half_open && probe->look_ms == LOOK_MS_MOST;
  if ((is_had || may_be_deferred) && !probe->has_choice) {
    probe->choice = probe->plan.choose(probe->owner, &probe->half);
    probe->has_choice = true;
  }
  bool is_deferred = may_be_deferred && probe->choice.question != QUESTION_NONE && !probe->choice.is_guess;
  if (is_had || is_deferred) {
    listen_first(probe);
    return;
  }
  start_pace(probe, on_look, probe->look_ms);
  if (probe->look_ms < LOOK_MS_MOST) probe->look_ms *= 2;
}

static void begin_talk(struct probe *probe) {
  int code = uv_read_start(&probe->as.stream, on_alloc, on_stream_read);
  if (code != 0) {
    settle_answer(probe, ANSWER_RESET, code);
  } else if (probe->plan.manner == PROBE_ASKS) {
    ask(probe, probe->plan.question);
  } else if (probe->plan.manner == PROBE_LOOKS && !probe->facts->is_self) {
    probe->state = STATE_LOOKING;
    probe->look_ms = LOOK_MS_FIRST;
    on_look(&probe->pace);
  } else {
    settle(probe);
  }
}

static void on_connected(uv_connect_t *connect, int status) {
  struct probe *probe = connect->data;
  struct sockaddr_storage remote;
  int remote_bytes = sizeof remote;
  if (probe->state == STATE_SETTLED) return;
  probe->facts->connect_ns = clock_now_ns() - probe->start_ns;
  /* An error packet in the queue wakes libuv, which then finds SO_ERROR 0 and takes that for success. */
  if (status == 0 && !is_unix(probe))
    status = uv_tcp_getpeername(&probe->as.tcp, (struct sockaddr *)&remote, &remote_bytes);
  if (status == UV_ENOTCONN) status = UV_ETIMEDOUT;
  if (status != 0) {
    settle_failed(probe, status);
    return;
  }
  probe->facts->outcome = PROBE_CONNECTED;
  read_names(probe);
  begin_talk(probe);
}

static void on_datagram(uv_udp_t *udp, ssize_t length, const uv_buf_t *buffer, const struct sockaddr *from,
                        unsigned flags) {
  struct probe *probe = udp->data;
  (void)buffer;
  (void)flags;
  if (probe->state == STATE_SETTLED) return;
  if (length < 0) {
    settle_failed(probe, (int)length);
    return;
  }
  if (from == NULL) return; /* the socket is empty for now */
  probe->answer_length = (size_t)length;
  judge(probe, true);
}

/* Returns a code when the call itself failed. */
static int begin_unix(struct probe *probe) {
  uv_os_sock_t descriptor;
  const char *path = probe->plan.target.path;
  if (!unix_socket_is_abstract(path)) {
    uv_pipe_connect(&probe->connect, &probe->as.pipe, path, on_connected);
    return 0;
  }
  int code = unix_socket_connect_abstract(path, &descriptor);
  if (code == 0) code = uv_pipe_open(&probe->as.pipe, (uv_file)descriptor);
  if (code == 0) on_connected(&probe->connect, 0);
  return code;
}

static int begin_stream(struct probe *probe) {
  if (is_unix(probe)) return begin_unix(probe);
  return uv_tcp_connect(&probe->connect, &probe->as.tcp, (const struct sockaddr *)&probe->plan.target.address,
                        on_connected);
}

static int begin_datagram(struct probe *probe) {
  struct question_choice choice = {.question = probe->plan.question};
  int code = uv_udp_connect(&probe->as.udp, (const struct sockaddr *)&probe->plan.target.address);
  if (code == 0) code = uv_udp_recv_start(&probe->as.udp, on_alloc, on_datagram);
  if (code != 0) return code;
  if (probe->plan.manner == PROBE_LOOKS) choice = probe->plan.choose(probe->owner, &probe->half);
  probe->facts->question = choice.question;
  probe->facts->sent_bytes = question_write(choice.question, "", true, probe->question);
  uv_buf_t bytes = uv_buf_init((char *)probe->question, (unsigned)probe->facts->sent_bytes);
  if (bytes.len > 0) code = uv_udp_try_send(&probe->as.udp, &bytes, 1, NULL);
  if (code < 0) return code;
  probe->state = STATE_ASKED;
  probe->facts->outcome = PROBE_CONNECTED;
  probe->facts->connect_ns = clock_now_ns() - probe->start_ns;
  if (bytes.len > 0) return start_waiting(probe);
  settle_answer(probe, ANSWER_QUIET, 0);
  return 0;
}

static void add_timer(uv_loop_t *loop, struct probe *probe, uv_timer_t *timer) {
  uv_timer_init(loop, timer); /* always 0 */
  timer->data = probe;
  probe->open_handles++;
}

static int open_socket(uv_loop_t *loop, struct probe *probe) {
  unsigned family = probe->plan.target.address.ss_family;
  uv_os_fd_t descriptor;
  int code = is_unix(probe)  ? uv_pipe_init(loop, &probe->as.pipe, 0)
             : is_udp(probe) ? uv_udp_init_ex(loop, &probe->as.udp, family)
                             : uv_tcp_init_ex(loop, &probe->as.tcp, family);
  if (code != 0) return code;
  probe->as.handle.data = probe;
  probe->open_handles++;
  add_timer(loop, probe, &probe->timer);
  add_timer(loop, probe, &probe->pace);
  if (!is_unix(probe) && uv_fileno(&probe->as.handle, &descriptor) == 0)
    socket_facts_keep_errors(descriptor, (int)family);
  return start_waiting(probe);
}

int probe_start(uv_loop_t *loop, const struct probe_plan *plan, struct probe_facts *facts, probe_settled *on_settled,
                void *owner) {
  struct probe *probe = memory_take_zeroed(1, sizeof *probe);
  memset(facts, 0, sizeof *facts);
  facts->repeats = facts->unacknowledged = FACT_UNKNOWN;
  if (probe == NULL) return UV_ENOMEM;
  probe->plan = *plan;
  probe->facts = facts;
  probe->on_settled = on_settled;
  probe->owner = owner;
  probe->connect.data = probe->shutdown.data = probe;
  int code = open_socket(loop, probe);
  if (code != 0) goto failed;
  probe->start_ns = clock_now_ns();
  if (plan->running != NULL) *plan->running = probe;
  code = is_udp(probe) ? begin_datagram(probe) : begin_stream(probe);
  if (code != 0) {
    facts->is_immediate = true;
    settle_failed(probe, code);
  }
  return 0;

failed:
  if (probe->open_handles > 0)
    close_probe(probe, false);
  else
    free(probe);
  return lack_note(code);
}

void probe_give_up(struct probe *probe) {
  probe->state = STATE_SETTLED;
  if (!is_udp(probe) && probe->facts->outcome == PROBE_CONNECTED) look_at_half(probe);
  close_probe(probe, is_stuck(probe));
}
