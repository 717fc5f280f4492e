/* Adding up; see account.h. */
#include "client/run/account.h"

#include <string.h>

#include "common/text/clock.h"

/* Has nothing come on it for the time limit? The loop's time is that of its last turn, so it is asked for half. */
static bool is_silent_too(const struct run *run, const struct flow *flow) {
  uint64_t limit_ms = run->plan->timeout_ns / CLOCK_NS_PER_MS / 2;
  return flow->phase == FLOW_READY && uv_now(&run->loop) - flow->account.last_ms > limit_ms;
}

static uint64_t affected(const struct run *run, const struct flow *flow, bool is_silent) {
  uint64_t count = 1;
  for (size_t i = 0; is_silent && run->flows != NULL && i < run->opening.begun; i++)
    if (&run->flows[i] != flow && is_silent_too(run, &run->flows[i])) count++;
  return count;
}

/* How much of the echo that is waited for has come: of the greeting's, or of a message's on a stream. */
static void note_partial(const struct run *run, const struct flow *flow, struct run_account *out) {
  bool is_greeting = flow->phase == FLOW_GREETING;
  if (run->peer.endpoint.transport == TRANSPORT_UDP || (out->is_stream && !is_greeting)) return;
  out->partial_of = is_greeting ? GREETING_BYTES : run->plan->bytes;
  out->partial_bytes = is_greeting ? flow->answer_length : flow->account.bytes % run->plan->bytes;
}

uint64_t account_sum_bytes(const struct run *run) {
  uint64_t bytes = 0;
  for (size_t i = 0; i < run->opening.total; i++)
    bytes += run->flows[i].account.bytes;
  return bytes;
}

void account_make(const struct run *run, const struct flow *flow, bool is_silent, struct run_account *out) {
  const struct tally *tally = &run->tally;
  memset(out, 0, sizeof *out);
  out->is_stream = run->workload->direction != NULL;
  out->is_sent = run->workload->counts_sent;
  out->connections = run->opening.total;
  for (size_t i = 0; run->flows != NULL && i < run->opening.total; i++) {
    out->bytes += run->flows[i].account.bytes;
    out->round_trips += run->flows[i].account.round_trips;
  }
  uint64_t measured_bytes = out->is_sent ? tally->bytes_sent : tally->bytes_received;
  out->warmup_bytes = out->bytes > measured_bytes ? out->bytes - measured_bytes : 0;
  out->warmup_round_trips = out->round_trips > tally->round_trips ? out->round_trips - tally->round_trips : 0;
  out->has_echoed = run->peer.has_echoed || out->round_trips > 0 || (!out->is_sent && out->bytes > 0);
  if (run->begin_ns > 0) out->elapsed_ns = clock_now_ns() - run->begin_ns;
  if (flow == NULL) return;
  note_partial(run, flow, out);
  if (flow->phase < FLOW_READY) return;
  out->affected = affected(run, flow, is_silent);
  out->connection_bytes = flow->account.bytes;
  out->connection_round_trips = flow->account.round_trips;
}
