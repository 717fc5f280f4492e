/* throughput --direction down: an endless stream of pattern from lopong, compared byte for byte as it comes. Counts
 * what was read in the measured time. */
#include "client/workloads/streams.h"
#include "client/workloads/workloads.h"
#include "common/text/clock.h"

/* The pattern is the server's, and that is the one of seed 1. */
static void resolve(struct run_plan *plan) {
  plan->seed = 1;
}

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_SOURCE;
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  uint64_t now_ns = clock_now_ns();
  streams_check(flow, bytes, length, now_ns);
  if (run->phase == RUN_MEASURING) tally_record_received(&run->tally, length, now_ns);
}

/* The source never ends by itself: closing the connection ends it. */
static bool is_drained(const struct flow *flow) {
  (void)flow;
  return true;
}

const struct workload workload_throughput_down = {
    .name = "throughput",
    .traits = STREAMS_TRAITS,
    .defaults = STREAMS_DEFAULTS,
    .direction = "down",
    .needs_stream = true,
    .read_bytes = 256 * 1024,
    .run_bytes = sizeof(struct streams_run),
    .flow_bytes = sizeof(struct streams_flow),
    .resolve = resolve,
    .greeting = greeting,
    .begin_run = streams_begin_run,
    .begin = streams_begin_reading,
    .on_bytes = on_bytes,
    .on_guard = streams_guard,
    .is_drained = is_drained,
    .finish = streams_finish,
};
