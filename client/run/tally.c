/* Counting; see tally.h. */
#include "client/run/tally.h"

#include <string.h>
#include <uv.h>

#include "common/text/clock.h"

/* A remainder of a few milliseconds would show a rate that means nothing. */
#define LEAST_SLICE_NS (100 * CLOCK_NS_PER_MS)

int tally_init(struct tally *tally, struct result_run *result, const enum figure *figures, size_t count) {
  memset(tally, 0, sizeof *tally);
  tally->result = result;
  tally->slice_rtt = histogram_create();
  bool is_whole = tally->slice_rtt != NULL;
  for (size_t i = 0; i < count; i++)
    is_whole = (tally->figures[figures[i]] = histogram_create()) != NULL && is_whole;
  return is_whole ? 0 : UV_ENOMEM;
}

void tally_clear(struct tally *tally) {
  histogram_free(tally->slice_rtt);
  for (size_t i = 0; i < FIGURE_COUNT; i++)
    histogram_free(tally->figures[i]);
  memset(tally, 0, sizeof *tally);
}

void tally_begin(struct tally *tally, uint64_t now_ns) {
  tally->result->is_measured = true;
  tally->begin_ns = tally->end_ns = tally->slice_begin_ns = now_ns;
}

bool tally_has_begun_to_count(const struct tally *tally) {
  return tally->sends > 0 || tally->end_ns > tally->begin_ns;
}

static void close_slice(struct tally *tally, uint64_t now_ns) {
  struct result_interval slice = {
      .start_ns = tally->slice_begin_ns - tally->begin_ns,
      .duration_ns = now_ns - tally->slice_begin_ns,
      .round_trips = histogram_count(tally->slice_rtt),
      .bytes_moved = tally->slice_bytes_moved,
      .rtt_p50_ns = histogram_percentile(tally->slice_rtt, 50),
      .rtt_p99_ns = histogram_percentile(tally->slice_rtt, 99),
      .rtt_max_ns = histogram_max(tally->slice_rtt),
  };
  if (!result_run_add_interval(tally->result, &slice)) tally->has_lost_slices = true;
  if (tally->on_interval != NULL) tally->on_interval(tally->owner, &slice);
  histogram_reset(tally->slice_rtt);
  tally->slice_bytes_moved = 0;
  tally->slice_begin_ns = now_ns;
}

static void record_moved(struct tally *tally, size_t bytes, uint64_t now_ns) {
  tally->slice_bytes_moved += bytes;
  if (now_ns > tally->end_ns) {
    uint64_t silence_ns = now_ns - tally->end_ns;
    if (silence_ns > tally->result->silence.duration_ns)
      tally->result->silence = (struct result_silence){tally->end_ns - tally->begin_ns, silence_ns};
    tally->end_ns = now_ns;
  }
  if (now_ns - tally->slice_begin_ns >= CLOCK_NS_PER_SECOND) close_slice(tally, now_ns);
}

void tally_record_sent(struct tally *tally, size_t bytes, uint64_t now_ns) {
  tally->bytes_sent += bytes;
  record_moved(tally, bytes, now_ns);
}

void tally_record_received(struct tally *tally, size_t bytes, uint64_t now_ns) {
  tally->bytes_received += bytes;
  record_moved(tally, bytes, now_ns);
}

void tally_skip(struct tally *tally, uint64_t passed_ns) {
  tally->begin_ns += passed_ns;
  tally->end_ns += passed_ns;
  tally->slice_begin_ns += passed_ns;
}

static void finish_slices(struct tally *tally) {
  if (!tally->result->is_measured || tally->end_ns <= tally->slice_begin_ns) return;
  bool is_only_one = tally->result->interval_count == 0;
  if (is_only_one || tally->end_ns - tally->slice_begin_ns >= LEAST_SLICE_NS) close_slice(tally, tally->end_ns);
}

/* Gives a histogram away to the result, which keeps those that --percentiles may ask. */
static struct histogram *hand_over(struct tally *tally, enum figure figure) {
  struct histogram *histogram = tally->figures[figure];
  if (histogram == NULL || histogram_count(histogram) == 0) return NULL;
  tally->figures[figure] = NULL;
  return histogram;
}

void tally_finish(struct tally *tally, bool counts_sent) {
  struct result_run *result = tally->result;
  double seconds = (double)(tally->end_ns - tally->begin_ns) / (double)CLOCK_NS_PER_SECOND;
  finish_slices(tally);
  for (size_t i = 0; i < FIGURE_COUNT; i++)
    if (tally->figures[i] != NULL && histogram_count(tally->figures[i]) > 0)
      distribution_of(tally->figures[i], &result->figures[i]);
  result->rtt_histogram = hand_over(tally, FIGURE_RTT);
  result->response_histogram = hand_over(tally, FIGURE_RESPONSE);
  result->workload.duration_ns = tally->end_ns - tally->begin_ns;
  result->has_throughput = seconds > 0;
  if (result->has_throughput) {
    uint64_t counted = counts_sent ? tally->bytes_sent : tally->bytes_received;
    result->throughput.bytes_sent = tally->bytes_sent;
    result->throughput.bytes_received = tally->bytes_received;
    result->throughput.bits_per_second = (double)counted * 8 / seconds;
    result->throughput.round_trips_per_second = (double)tally->round_trips / seconds;
  }
  if (tally->has_lost_slices)
    result_run_add_note(result, "The run was longer than %d one-second slices; the later ones are not listed.",
                        RESULT_INTERVALS_MAX);
}
