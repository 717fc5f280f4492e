/* See faults.h. */
#include "server/fault/faults.h"

#include <stdlib.h>
#include <string.h>

#include "common/machine/machine.h"
#include "common/text/clock.h"

int faults_create(uv_loop_t *loop, const struct fault_spec *spec, uint64_t seed, struct faults **created) {
  struct faults *faults = calloc(1, sizeof *faults);
  if (faults == NULL) return UV_ENOMEM;
  faults->spec = spec;
  fault_plan_begin(&faults->plan, spec, seed, clock_now_ns());
  faults->told.seed = seed;
  memcpy(faults->told.spec, spec->text, sizeof faults->told.spec);
  int code = fault_schedule_begin(&faults->schedule, loop);
  if (code != 0) {
    free(faults);
    return code;
  }
  *created = faults;
  return 0;
}

void faults_free(struct faults *faults) {
  if (faults == NULL) return;
  fault_schedule_end(&faults->schedule);
  free(faults);
}

static void change(const struct fault_decision *decision, struct fault_answer *answer) {
  if (answer->length == 0) return;
  if (decision->befalls[WIRE_FAULT_CORRUPT]) {
    answer->bytes[fault_plan_corrupt_at(decision->place, answer->length, answer->is_frame)] ^= 0xff;
    answer->flags |= WIRE_FRAME_FLAG_CHANGED;
  }
  if (decision->befalls[WIRE_FAULT_TRUNCATE]) {
    size_t left = fault_plan_truncate_to(decision->place, answer->length, answer->is_frame);
    answer->is_truncated = left < answer->length;
    answer->length = left;
    if (answer->is_truncated) answer->flags |= WIRE_FRAME_FLAG_CHANGED;
  }
}

bool faults_prepare(struct faults *faults, unsigned reach, struct fault_answer *answer) {
  struct fault_decision decision;
  uint64_t now_ns = clock_now_ns();
  fault_plan_decide(&faults->plan, reach, now_ns, &decision);
  if (decision.befalls[WIRE_FAULT_DROP]) {
    faults_count(faults, WIRE_FAULT_DROP);
    return false;
  }
  change(&decision, answer);
  answer->is_doubled = decision.befalls[WIRE_FAULT_DUPLICATE];
  answer->is_reordered = decision.befalls[WIRE_FAULT_REORDER];
  /* From its receiving on: what passed since then is part of the delay. */
  uint64_t received_ns = answer->receive_ns != 0 ? answer->receive_ns : now_ns;
  if (decision.befalls[WIRE_FAULT_DELAY]) {
    answer->due_ns = received_ns + decision.delay_ns;
    answer->flags |= WIRE_FRAME_FLAG_DELAYED;
  }
  if (decision.befalls[WIRE_FAULT_STALL]) {
    uint64_t end_ns = now_ns + decision.stall_ns;
    if (end_ns > answer->due_ns) answer->due_ns = end_ns;
    answer->flags |= WIRE_FRAME_FLAG_STALLED;
  }
  return true;
}

void faults_stamp(struct fault_answer *answer) {
  answer->send_ns = clock_now_ns();
  if (!answer->is_frame) return;
  wire_stamp_frame(answer->bytes, machine_current_cpu(), answer->receive_ns, answer->send_ns);
  wire_add_frame_flags(answer->bytes, answer->flags);
}

void faults_count(struct faults *faults, enum wire_fault fault) {
  faults->told.counts[fault].count++;
}

/* The held time counts once, where both befell it as that of the stall. */
void faults_count_sent(struct faults *faults, const struct fault_answer *answer) {
  bool is_stalled = (answer->flags & WIRE_FRAME_FLAG_STALLED) != 0;
  bool is_delayed = (answer->flags & WIRE_FRAME_FLAG_DELAYED) != 0;
  struct wire_fault_count *counts = faults->told.counts;
  if (is_stalled || is_delayed)
    counts[is_stalled ? WIRE_FAULT_STALL : WIRE_FAULT_DELAY].held_ns += answer->send_ns - answer->receive_ns;
  if (is_stalled) faults_count(faults, WIRE_FAULT_STALL);
  if (is_delayed) faults_count(faults, WIRE_FAULT_DELAY);
  if ((answer->flags & WIRE_FRAME_FLAG_REORDERED) != 0) faults_count(faults, WIRE_FAULT_REORDER);
  if (answer->is_truncated)
    faults_count(faults, WIRE_FAULT_TRUNCATE);
  else if ((answer->flags & WIRE_FRAME_FLAG_CHANGED) != 0)
    faults_count(faults, WIRE_FAULT_CORRUPT);
}

struct held_answer *faults_hold(const struct fault_answer *answer) {
  struct held_answer *held = held_answer_make(answer->bytes, answer->length);
  if (held == NULL) return NULL;
  held->due_ns = answer->due_ns;
  held->receive_ns = answer->receive_ns;
  held->flags = answer->flags;
  held->is_frame = answer->is_frame;
  held->is_doubled = answer->is_doubled;
  held->is_truncated = answer->is_truncated;
  return held;
}

struct fault_answer faults_answer_of(struct held_answer *held) {
  return (struct fault_answer){
      .bytes = held->bytes,
      .length = held->length,
      .is_frame = held->is_frame,
      .receive_ns = held->receive_ns,
      .flags = held->flags,
      .is_doubled = held->is_doubled,
      .is_truncated = held->is_truncated,
  };
}
