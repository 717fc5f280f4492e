/*
 * What a run has counted, from the end of its warm-up on: messages, bytes, distributions, and the slice of one second
 * that is being filled. Knows no socket, no loop and no workload.
 */
#ifndef LOPING_CLIENT_RUN_TALLY_H
#define LOPING_CLIENT_RUN_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/result/result.h"
#include "client/stats/histogram.h"

struct tally {
  struct result_run *result;
  uint64_t begin_ns; /* when measuring began */
  uint64_t end_ns;   /* of the last thing counted, or when sending ended if that was later */
  uint64_t sends;
  uint64_t round_trips; /* of them, answered */
  uint64_t bytes_sent;
  uint64_t bytes_received;
  struct histogram *figures[FIGURE_COUNT]; /* owned; NULL: nobody asked for it */
  struct histogram *slice_rtt;             /* owned */
  uint64_t slice_begin_ns;
  uint64_t slice_bytes_moved;
  bool has_lost_slices;
  void (*on_round_trip)(void *owner, uint64_t rtt_ns);                      /* may be NULL */
  void (*on_interval)(void *owner, const struct result_interval *interval); /* may be NULL */
  void *owner;
};

/* Makes room for the figures, FIGURE_RTT among them where messages are timed. Returns 0 or UV_ENOMEM; tally_clear()
 * frees in both cases. */
int tally_init(struct tally *tally, struct result_run *result, const enum figure *figures, size_t count);
void tally_clear(struct tally *tally);

/* Measuring begins at now_ns. */
void tally_begin(struct tally *tally, uint64_t now_ns);

/* Has a message been sent whose reply will count, or have bytes of a stream been counted? */
bool tally_has_begun_to_count(const struct tally *tally);

/* Adds one value in ns to a figure that tally_init() was asked for. In the header, as each message does it several
 * times.
 */
static inline void tally_record(struct tally *tally, enum figure figure, uint64_t ns) {
  histogram_record(tally->figures[figure], ns);
}

/* Counts bytes that the kernel took, or that came back, and closes the slice when its second is over. */
void tally_record_sent(struct tally *tally, size_t bytes, uint64_t now_ns);
void tally_record_received(struct tally *tally, size_t bytes, uint64_t now_ns);

/* Counts a round trip of `bytes`, received at now_ns. */
static inline void tally_record_round_trip(struct tally *tally, uint64_t rtt_ns, uint64_t bytes, uint64_t now_ns) {
  tally->round_trips++;
  histogram_record(tally->figures[FIGURE_RTT], rtt_ns);
  histogram_record(tally->slice_rtt, rtt_ns);
  if (tally->on_round_trip != NULL) tally->on_round_trip(tally->owner, rtt_ns);
  tally_record_received(tally, bytes, now_ns);
}

/* The time since `passed_ns` ago does not count. */
void tally_skip(struct tally *tally, uint64_t passed_ns);

/* All is over: closes the last slice and makes the result's figures of what was counted. `counts_sent`: the throughput
 * is what was sent, not what came back. */
void tally_finish(struct tally *tally, bool counts_sent);

#endif
