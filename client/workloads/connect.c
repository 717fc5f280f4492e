/*
 * connect: connect, one round trip, close, and again. Counts the handshake, the round trip on the fresh connection, and
 * the whole transaction.
 *
 * The side that closes first keeps the address pair in TIME_WAIT for a minute (RFC 9293 3.6.1), and that is the client.
 * When its ports run out on loopback, it goes on from further source addresses of 127.0.0.0/8.
 */
#include <stdio.h>

#include "client/run/flows.h"
#include "client/workloads/streams.h"
#include "client/workloads/workload.h"
#include "common/text/clock.h"

/* 127.0.0.1 to 127.0.0.250: with Linux's usual 28,232 ports each, more than a minute's worth of connections. */
#define SOURCES_MAX 250

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_PROBE;
}

static bool has_begun_all(const struct run *run) {
  return run->plan->count > 0 && run->measured_sends >= run->plan->count;
}

static bool may_spread(const struct run *run) {
  return run->endpoint.transport == TRANSPORT_TCP && run->endpoint.address.ss_family == AF_INET &&
         address_is_loopback(&run->endpoint.address);
}

/* The source address number `index`; 0 is the one that the system picks. */
static const struct sockaddr_storage *source_of(const struct run *run, struct sockaddr_storage *source) {
  char text[ADDRESS_TEXT_SIZE];
  if (run->source_index == 0) return NULL;
  snprintf(text, sizeof text, "127.0.0.%u", run->source_index + 1);
  return uv_ip4_addr(text, 0, (struct sockaddr_in *)source) == 0 ? source : NULL;
}

static void begin_transaction(struct flow *flow) {
  struct run *run = flow->run;
  struct sockaddr_storage source = {0};
  if (!run_may_send(run) || has_begun_all(run)) {
    flow->is_resting = true;
    if (has_begun_all(run)) run_stop(run);
    run_check_drained(run);
    return;
  }
  flow->is_measured = run->phase == RUN_MEASURING;
  if (flow->is_measured) run->measured_sends++;
  flow->sent_bytes = flow->received_bytes = 0;
  flow->transaction_ns = clock_now_ns();
  flows_reconnect(flow, source_of(run, &source));
}

/* Out of client ports: the next source address, for all flows from now on. */
static void retry_elsewhere(struct flow *flow, int status) {
  struct run *run = flow->run;
  struct sockaddr_storage source = {0};
  if (!may_spread(run) || run->source_index + 1 >= SOURCES_MAX) {
    run_fail(run, CLIENT_STEP_CONNECT, CLIENT_FINDING_NONE, status);
    return;
  }
  run->source_index++;
  run->result->source_addresses = run->source_index + 1;
  flow->transaction_ns = clock_now_ns();
  flows_reconnect(flow, source_of(run, &source));
}

static void on_reconnected(struct flow *flow, int status) {
  struct run *run = flow->run;
  if (status == UV_EADDRNOTAVAIL || status == UV_EADDRINUSE) {
    retry_elsewhere(flow, status);
    return;
  }
  if (status != 0) {
    run->result->errors.connection_failures++;
    run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, status);
    return;
  }
  flow->connected_ns = flow->last_progress_ns = clock_now_ns();
  flow->sent_bytes = run->plan->bytes;
  if (flow->is_measured) run->bytes_sent += run->plan->bytes;
  flow->send_ns = clock_now_ns();
  int code = connection_send(flow->connection, pattern_at(run->pattern, 0), run->plan->bytes);
  if (code != 0) run_fail(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_HUNG_UP, code);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  uint64_t now_ns = clock_now_ns();
  streams_check(flow, bytes, length, now_ns);
  if (flow->received_bytes > flow->sent_bytes) run->result->errors.corrupted++;
  if (flow->received_bytes < flow->sent_bytes) return;
  if (flow->is_measured)
    run_record_transaction(run, flow->connected_ns - flow->transaction_ns, now_ns - flow->send_ns,
                           now_ns - flow->transaction_ns, now_ns);
  begin_transaction(flow);
}

static void begin(struct flow *flow) {
  begin_transaction(flow);
}

static bool is_drained(const struct flow *flow) {
  return flow->is_resting;
}

const struct workload workload_connect = {
    .name = "connect",
    .read_bytes = 64 * 1024,
    .greeting = greeting,
    .begin = begin,
    .on_bytes = on_bytes,
    .on_reconnected = on_reconnected,
    .on_guard = streams_guard,
    .is_drained = is_drained,
};
