/*
 * The failures that a server makes on purpose: what happens to each answer, and what is told of it. A server without
 * --fault has none of this (worker->faults is NULL). Knows no connection.
 */
#ifndef LOPING_SERVER_FAULT_FAULTS_H
#define LOPING_SERVER_FAULT_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/wire/fault_report.h"
#include "common/wire/wire.h"
#include "server/fault/plan.h"
#include "server/fault/schedule.h"
#include "server/fault/spec.h"

/* Of datagrams, whose senders cannot be stopped, no more is held. */
#define FAULTS_HELD_DATAGRAM_BYTES_MAX (UINT64_C(16) << 20)

struct faults {
  const struct fault_spec *spec;
  struct fault_plan plan;
  struct fault_schedule schedule;
  struct wire_fault_report told; /* counted so far */
};

/* One answer on its way. */
struct fault_answer {
  uint8_t *bytes; /* may be changed */
  size_t length;
  bool is_frame;
  uint64_t receive_ns;
  uint64_t send_ns; /* faults_stamp() */
  uint64_t due_ns;  /* when it leaves; 0: now */
  uint8_t flags;    /* WIRE_FRAME_FLAGS_FAULTS */
  bool is_doubled;
  bool is_reordered; /* it is to leave after the next one */
  bool is_truncated;
};

/* Returns 0 or a negative UV_ code. `spec` must outlive it. */
int faults_create(uv_loop_t *loop, const struct fault_spec *spec, uint64_t seed, struct faults **created);

/* NULL is fine. The loop must run once more. */
void faults_free(struct faults *faults);

/* Decides about an answer that came over `reach` (enum fault_reach) and changes it. False: it is dropped. */
bool faults_prepare(struct faults *faults, unsigned reach, struct fault_answer *answer);

/* Just before a frame leaves: fills the server's fields. */
void faults_stamp(struct fault_answer *answer);

/* It has left, or its extra copy: counts what befell it. */
void faults_count_sent(struct faults *faults, const struct fault_answer *answer);
void faults_count(struct faults *faults, enum wire_fault fault);

/* Keeps it for its moment. Returns NULL without memory; otherwise the caller sets who it is for, and adds it. */
struct held_answer *faults_hold(const struct fault_answer *answer);

/* What was kept, as an answer; its bytes stay the held one's. */
struct fault_answer faults_answer_of(struct held_answer *held);

#endif
