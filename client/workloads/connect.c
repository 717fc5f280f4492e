/*
 * connect: connect, one round trip, close, and again. Counts the handshake, the round trip on the fresh connection, and
 * the whole transaction.
 *
 * The side that closes first keeps the address pair in TIME_WAIT for a minute (RFC 9293 3.6.1), and that is the client.
 * When its ports run out on loopback, it goes on from further source addresses of 127.0.0.0/8.
 */
#include "client/run/flows.h"
#include "client/run/sources.h"
#include "client/workloads/streams.h"
#include "client/workloads/workloads.h"
#include "common/text/clock.h"

/* The transaction under way. */
struct connect_flow {
  struct streams_flow stream;
  uint64_t begin_ns; /* just before connect() */
  uint64_t connected_ns;
  uint64_t send_ns;
  bool is_measured;
  bool is_resting; /* none is under way, and none will follow */
};

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_PROBE;
}

static void begin_transaction(struct flow *flow) {
  struct run *run = flow->run;
  struct connect_flow *own = flow->state;
  struct sockaddr_storage source = {0};
  if (!run_may_send(run) || run_has_sent_all(run)) {
    own->is_resting = true;
    if (run_has_sent_all(run)) run_stop(run);
    run_check_drained(run);
    return;
  }
  own->is_measured = run->phase == RUN_MEASURING;
  if (own->is_measured) run->tally.sends++;
  own->stream.sent_bytes = own->stream.received_bytes = 0;
  own->begin_ns = clock_now_ns();
  flows_reconnect(flow, sources_pick(run, &source));
}

static void on_reconnected(struct flow *flow, int status) {
  struct run *run = flow->run;
  struct connect_flow *own = flow->state;
  /* Out of client ports: the next source address, for all flows from now on. */
  if (sources_move_on(run, status)) {
    struct sockaddr_storage source = {0};
    own->begin_ns = clock_now_ns();
    flows_reconnect(flow, sources_pick(run, &source));
    return;
  }
  if (status == UV_EADDRNOTAVAIL || status == UV_EADDRINUSE) {
    run_fail(run, flow, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, status);
    return;
  }
  if (status != 0) {
    run->result->errors.connection_failures++;
    run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, status);
    return;
  }
  own->connected_ns = own->stream.last_progress_ns = clock_now_ns();
  own->stream.sent_bytes = run->plan->bytes;
  if (own->is_measured) run->tally.bytes_sent += run->plan->bytes;
  own->send_ns = clock_now_ns();
  int code = connection_send(flow->connection, pattern_at(run->pattern, 0), run->plan->bytes);
  if (code != 0) run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_HUNG_UP, code);
}

static void record(struct run *run, const struct connect_flow *own, uint64_t now_ns) {
  tally_record(&run->tally, FIGURE_HANDSHAKE, own->connected_ns - own->begin_ns);
  tally_record(&run->tally, FIGURE_TRANSACTION, now_ns - own->begin_ns);
  tally_record_round_trip(&run->tally, now_ns - own->send_ns, run->plan->bytes, now_ns);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  const struct connect_flow *own = flow->state;
  uint64_t now_ns = clock_now_ns();
  streams_check(flow, bytes, length, now_ns);
  if (own->stream.received_bytes > own->stream.sent_bytes) run->result->errors.corrupted++;
  if (own->stream.received_bytes < own->stream.sent_bytes) return;
  flow->account.round_trips++;
  if (own->is_measured) record(run, own, now_ns);
  begin_transaction(flow);
}

/* However slowly it comes: the echo has --timeout in all. */
static void on_guard(struct flow *flow, uint64_t now_ns) {
  struct run *run = flow->run;
  const struct connect_flow *own = flow->state;
  if (own->is_resting || now_ns <= own->send_ns || now_ns - own->send_ns <= run->plan->timeout_ns) return;
  run->result->errors.timed_out++;
  run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
}

static bool is_drained(const struct flow *flow) {
  const struct connect_flow *own = flow->state;
  return own->is_resting;
}

const struct workload workload_connect = {
    .name = "connect",
    .traits =
        WORKLOAD_SIZED | WORKLOAD_COUNTED | WORKLOAD_PARALLEL | WORKLOAD_TIMED | WORKLOAD_DISTRIBUTED | WORKLOAD_TOLD,
    .defaults = {64, 3 * CLOCK_NS_PER_SECOND, 200 * CLOCK_NS_PER_MS, 0},
    .needs_stream = true,
    .read_bytes = 64 * 1024,
    .run_bytes = sizeof(struct streams_run),
    .flow_bytes = sizeof(struct connect_flow),
    .figure_count = 3,
    .figures = {FIGURE_RTT, FIGURE_HANDSHAKE, FIGURE_TRANSACTION},
    .greeting = greeting,
    .begin = begin_transaction,
    .on_bytes = on_bytes,
    .on_reconnected = on_reconnected,
    .on_guard = on_guard,
    .is_drained = is_drained,
};
