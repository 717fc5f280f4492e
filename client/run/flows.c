/* The flows of a run: opening, greeting, events. Knows no workload by name. */
#include "client/run/flows.h"

#include <string.h>

#include "client/run/account.h"
#include "client/run/fault_account.h"
#include "client/run/fault_question.h"
#include "client/run/sources.h"
#include "common/io/direct_io.h"
#include "common/text/clock.h"

/* Lanes that may be connecting at once: fewer than the shortest usual accept queue (128). */
#define OPENING_MAX 64
/* RFC 9293 3.7.1: the size that every peer takes. */
#define LEAST_SEGMENT_BYTES 536
/* So many flows that carry much send as the system lets them, and no more. Of 1,000 streams what stood unsent pressed
 * the machine: in 8 s some 12,000 time-outs and 80,000 packets sent again, and the slowest stream at 0.4 of the
 * fastest; bounded, no time-out, a quarter more throughput, 0.6 and more. Of 100 the slowest is at 0.99 instead of
 * 0.78, with the same throughput. Of 10 the free ones are the more even. */
#define FREE_FLOWS_MAX 64
#define MUCH_BYTES     (64 * 1024)

void flows_note(struct flow *flow) {
  struct run *run = flow->run;
  if (!run->spinner.is_on || run->phase == RUN_CLOSING) return;
  spinner_note(&run->spinner);
  /* Beyond so many flows the loop's poller, which does not wait while the spinner is at work, is cheaper. */
  if (flow->phase == FLOW_READY && flow->connection != NULL && run->opening.total <= DIRECT_IO_SOCKETS_MAX)
    connection_ask_directly(flow->connection, &run->spinner);
}

static void flow_is_ready(struct flow *flow) {
  struct run *run = flow->run;
  const struct run_plan *plan = run->plan;
  uint64_t in_flight = plan->depth > 1 ? plan->depth : 1;
  if (plan->connections > FREE_FLOWS_MAX && plan->bytes * in_flight > MUCH_BYTES)
    connection_bound_unsent(flow->connection);
  flow->phase = FLOW_READY;
  run->opening.ready++;
  if (run->opening.ready < run->opening.total) {
    flows_open(run);
    return;
  }
  if ((run->peer.welcome_flags & WIRE_HELLO_FLAG_FAULTS) != 0) fault_account_ask(run);
  run_begin(run);
}

static void greet(struct flow *flow) {
  struct run *run = flow->run;
  flow->phase = FLOW_GREETING;
  flow->since_ns = clock_now_ns();
  if (run->peer.greeting == GREETING_NONE) {
    flow_is_ready(flow);
    return;
  }
  greeting_write(run->peer.greeting, (uint32_t)run->plan->bytes, run->plan->is_zero_copy, flow->greeting);
  int code = connection_send(flow->connection, flow->greeting, sizeof flow->greeting);
  if (code != 0) run_fail(run, flow, CLIENT_STEP_GREET, CLIENT_FINDING_NONE, code);
}

/* The target's name may mean several addresses ("localhost": ::1 and 127.0.0.1): the next one is tried. */
static bool try_next_candidate(struct run *run, struct flow *flow) {
  bool is_first = run->opening.begun == 1;
  if (!is_first || run->peer.candidate + 1 >= run->plan->candidate_count) return false;
  connection_close(flow->connection);
  flow->connection = NULL;
  run->peer.endpoint = run->plan->candidates[++run->peer.candidate];
  run->opening.begun = 0;
  flows_open(run);
  return true;
}

static int open_flow(struct run *run, struct flow *flow);

/* The flow could not be opened: it is tried from another source address where client ports are out, or at the next
 * candidate. */
static void open_otherwise(struct run *run, struct flow *flow, int status) {
  while (sources_move_on(run, status)) {
    connection_close(flow->connection);
    flow->connection = NULL;
    status = open_flow(run, flow);
    if (status == 0) return;
  }
  run->result->errors.connection_failures++;
  if (!try_next_candidate(run, flow)) run_fail(run, flow, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, status);
}

static void on_open(void *owner, int status) {
  struct flow *flow = owner;
  struct run *run = flow->run;
  flows_note(flow);
  if (flow->phase == FLOW_RECONNECTING && status != CONNECTION_REACHED_ITSELF) {
    flow->phase = FLOW_READY;
    run->workload->on_reconnected(flow, status);
    return;
  }
  if (status == 0) {
    greet(flow);
    return;
  }
  if (status == CONNECTION_REACHED_ITSELF) {
    run_fail(run, flow, CLIENT_STEP_CONNECT, CLIENT_FINDING_SELF_CONNECT, 0);
    return;
  }
  open_otherwise(run, flow, status);
}

/* The answer is no echo: its beginning is kept for the explanation. */
static void fail_not_echo(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  size_t kept = flow->answer_length;
  size_t room = sizeof run->failure.first_bytes - kept;
  memcpy(run->failure.first_bytes, flow->answer, kept);
  memcpy(run->failure.first_bytes + kept, bytes, length < room ? length : room);
  run->failure.first_bytes_length = kept + (length < room ? length : room);
  run_fail(run, flow, CLIENT_STEP_GREET, CLIENT_FINDING_NOT_ECHO, 0);
}

static void take_greeting(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  struct wire_welcome welcome;
  uint8_t answer[GREETING_BYTES];
  size_t room = GREETING_BYTES - flow->answer_length;
  size_t taken = length < room ? length : room;
  size_t total = flow->answer_length + taken;
  /* Only a source has anything to say beyond its welcome. */
  if (length > taken && run->peer.greeting != GREETING_SOURCE) {
    fail_not_echo(flow, bytes, length);
    return;
  }
  memcpy(answer, flow->answer, flow->answer_length);
  memcpy(answer + flow->answer_length, bytes, taken);
  switch (greeting_judge(flow->greeting, answer, total, &welcome)) {
    case GREETING_ANSWER_OTHER:
      fail_not_echo(flow, bytes, length);
      return;
    case GREETING_ANSWER_PARTIAL:
      memcpy(flow->answer, answer, total);
      flow->answer_length = total;
      return;
    case GREETING_ANSWER_LOPONG:
      run->result->peer.kind = PEER_LOPONG;
      run->result->peer.pid = welcome.pid;
      run->peer.welcome_flags = welcome.flags;
      break;
    case GREETING_ANSWER_ECHO:
      run->peer.has_echoed = true;
      if (greeting_needs_lopong(run->peer.greeting)) {
        run_fail(run, flow, CLIENT_STEP_GREET, CLIENT_FINDING_PLAIN_ECHO, 0);
        return;
      }
      /* The probe does not tell lopong from others. */
      if (run->peer.greeting == GREETING_HELLO) run->result->peer.kind = PEER_PLAIN_ECHO;
      break;
  }
  flow_is_ready(flow);
  if (length == taken || flow->phase != FLOW_READY) return;
  if (!run->workload->counts_sent) account_add_bytes(flow, length - taken);
  run->workload->on_bytes(flow, bytes + taken, length - taken);
}

/* Of datagrams: the server's answer to what run_check_drained() asked it, behind all else that it had. */
static bool is_last_answer(const struct flow *flow, const uint8_t *bytes, size_t length) {
  struct wire_fault_report report;
  return flow->run->peer.endpoint.transport == TRANSPORT_UDP && fault_question_read(bytes, length, &report);
}

static void on_bytes(void *owner, const uint8_t *bytes, size_t length) {
  struct flow *flow = owner;
  struct run *run = flow->run;
  flows_note(flow);
  if (flow->phase == FLOW_GREETING) {
    take_greeting(flow, bytes, length);
  } else if (flow->phase == FLOW_FINISHING && is_last_answer(flow, bytes, length)) {
    flow->phase = FLOW_ENDED;
    run_check_drained(run);
  } else if (flow->phase == FLOW_READY || flow->phase == FLOW_FINISHING) {
    if (!run->workload->counts_sent) account_add_bytes(flow, length);
    run->workload->on_bytes(flow, bytes, length);
  }
}

static void on_sent(void *owner) {
  struct flow *flow = owner;
  flows_note(flow);
  const struct workload *workload = flow->run->workload;
  if (flow->phase == FLOW_READY && workload->on_sent != NULL) workload->on_sent(flow);
}

static void on_end(void *owner, int code) {
  struct flow *flow = owner;
  struct run *run = flow->run;
  bool is_awaited = run->phase == RUN_DRAINING && run->workload->is_drained(flow);
  flow->phase = FLOW_ENDED;
  if (is_awaited) {
    run_check_drained(run);
    return;
  }
  enum client_step step = run->phase == RUN_OPENING ? CLIENT_STEP_GREET : CLIENT_STEP_MEASURE;
  /* A connected UDP socket learns only with its first datagram that nobody listens. */
  if (run->peer.endpoint.transport == TRANSPORT_UDP && !run->peer.has_answer) step = CLIENT_STEP_CONNECT;
  if (code == UV_EOF || code == UV_ECONNRESET || code == UV_EPIPE)
    run_fail(run, flow, step, CLIENT_FINDING_HUNG_UP, code);
  else
    run_fail(run, flow, step, CLIENT_FINDING_NONE, code);
}

static const struct connection_events events = {on_open, on_bytes, on_sent, on_end};

/* Returns 0, or a UV_ code when the flow could not even begin to connect. */
static int open_flow(struct run *run, struct flow *flow) {
  flow->phase = FLOW_CONNECTING;
  flow->since_ns = clock_now_ns();
  flow->answer_length = 0;
  struct sockaddr_storage source = {0};
  struct connection_options options = {.source = sources_pick(run, &source),
                                       .keeps_nagle = run->plan->keeps_nagle,
                                       .cannot_reach_itself = run->opening.cannot_reach_itself};
  return connection_open(&run->loop, &run->peer.endpoint, &events, &options, &run->buffer, flow, &flow->connection);
}

/* The first flow goes alone, so that a dead address or a server that is no echo meets one connection, not many. */
static bool may_open_another(const struct run *run) {
  size_t most = run->opening.ready == 0 ? 1 : OPENING_MAX;
  return run->phase == RUN_OPENING && run->opening.begun < run->opening.total &&
         run->opening.begun - run->opening.ready < most;
}

void flows_open(struct run *run) {
  /* A UDP flow is ready at once, from inside connection_open(): the outermost call opens the next. */
  if (run->opening.is_going_on) return;
  run->opening.is_going_on = true;
  while (may_open_another(run)) {
    struct flow *flow = &run->flows[run->opening.begun++];
    int code = open_flow(run, flow);
    if (code != 0) open_otherwise(run, flow, code);
  }
  run->opening.is_going_on = false;
}

void flows_reconnect(struct flow *flow, const struct sockaddr_storage *source) {
  struct run *run = flow->run;
  connection_close(flow->connection);
  flow->connection = NULL;
  flow->phase = FLOW_RECONNECTING;
  flow->since_ns = clock_now_ns();
  /* A whole message that fits into any segment leaves at once: Nagle's algorithm keeps back only what follows
   * unanswered data (RFC 896), and here nothing has been sent before. */
  struct connection_options options = {.source = source,
                                       .keeps_nagle = run->plan->keeps_nagle || run->plan->bytes <= LEAST_SEGMENT_BYTES,
                                       .cannot_reach_itself = run->opening.cannot_reach_itself};
  int code = connection_open(&run->loop, &run->peer.endpoint, &events, &options, &run->buffer, flow, &flow->connection);
  if (code == 0) return;
  flow->phase = FLOW_READY;
  run->workload->on_reconnected(flow, code);
}

void flows_guard(struct run *run, uint64_t now_ns) {
  const struct workload *workload = run->workload;
  for (size_t i = 0; i < run->opening.begun && run->phase != RUN_CLOSING; i++) {
    struct flow *flow = &run->flows[i];
    bool is_late = now_ns > flow->since_ns && now_ns - flow->since_ns > run->plan->timeout_ns;
    if (flow->phase == FLOW_CONNECTING && is_late) {
      run->result->errors.connection_failures++;
      if (!try_next_candidate(run, flow)) run_fail(run, flow, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, UV_ETIMEDOUT);
    } else if (flow->phase == FLOW_RECONNECTING && is_late) {
      run->result->errors.connection_failures++;
      run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, UV_ETIMEDOUT);
    } else if (flow->phase == FLOW_GREETING && is_late) {
      run_fail(run, flow, CLIENT_STEP_GREET, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
    } else if (flow->phase == FLOW_READY && workload->on_guard != NULL) {
      workload->on_guard(flow, now_ns);
    }
  }
}
