/* What workloads of endless streams share: the pattern that is sent or checked, and progress. */
#ifndef LOPING_CLIENT_WORKLOADS_STREAMS_H
#define LOPING_CLIENT_WORKLOADS_STREAMS_H

#include "client/run/run.h"

/* The beginning of run->state, and of flow->state, of each of them. */
struct streams_run {
  bool has_pattern_file; /* zero-copy: the pattern's bytes, to send from */
  uv_file pattern_file;
};

struct streams_flow {
  uint64_t sent_bytes; /* of this flow's pattern */
  uint64_t received_bytes;
  uint64_t last_progress_ns;
};

/* Of one write. Measured on 2 CPUs, 5 interleaved rounds, Gbit/s with 128 KiB, 256 KiB, 512 KiB and 1 MiB: up 25, 28,
 * 45, 41; echo 18, 26, 27, 20. Small writes let the receiver run dry and fall asleep, large ones leave the CPU's cache
 * (2 MiB of level 2 there). The sockets' buffers stay as the system tunes them: 128 KiB to 1 MiB of send buffer made no
 * difference beyond noise. */
#define STREAMS_WRITE_BYTES (512 * 1024)
#define STREAMS_TRAITS      (WORKLOAD_SIZED | WORKLOAD_PARALLEL | WORKLOAD_TIMED | WORKLOAD_STREAMING)
#define STREAMS_DEFAULTS \
  { STREAMS_WRITE_BYTES, UINT64_C(3000000000), UINT64_C(200000000), 0 }

/* The slots begin_run and finish: the file to send from, where zero-copy was asked for and the system can; and what
 * came of it. */
int streams_begin_run(struct run *run);
void streams_finish(struct run *run);

/* Sends the next write of this flow's pattern. on_sent always follows in a later turn: reading must get its turn
 * between two writes, or both sides would fill each other's buffers and an echo would come in lumps. */
void streams_send_next(struct flow *flow);

/* The slot begin of those that only read, and of those that send. */
void streams_begin_reading(struct flow *flow);
void streams_begin(struct flow *flow);

/* Compares what was read at now_ns with this flow's pattern, and moves on in it. NULL: it was discarded unread. */
void streams_check(struct flow *flow, const uint8_t *bytes, size_t length, uint64_t now_ns);

/* Fails the run when nothing has moved on the flow for the time limit. */
void streams_guard(struct flow *flow, uint64_t now_ns);

#endif
