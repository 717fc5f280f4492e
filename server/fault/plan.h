/*
 * Which message a fault befalls: each fault draws from a row of numbers of its own, so that the seed alone decides, and
 * another fault beside it changes nothing. Pure: no clock, no socket.
 */
#ifndef LOPING_SERVER_FAULT_PLAN_H
#define LOPING_SERVER_FAULT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/fault/spec.h"

struct fault_plan {
  const struct fault_spec *spec;
  uint64_t states[WIRE_FAULT_COUNT];
  uint64_t begin_ns; /* from which the stalls are counted */
};

/* What befalls one message. */
struct fault_decision {
  bool befalls[WIRE_FAULT_COUNT]; /* of those that draw for each message, and the stall */
  uint64_t delay_ns;
  uint64_t stall_ns; /* from now to the stall's end */
  uint64_t place;    /* any number: of which byte is corrupted, and of where it is cut */
};

void fault_plan_begin(struct fault_plan *plan, const struct fault_spec *spec, uint64_t seed, uint64_t now_ns);

/* Decides about the next message, which came at now_ns over one of `reach` (enum fault_reach). */
void fault_plan_decide(struct fault_plan *plan, unsigned reach, uint64_t now_ns, struct fault_decision *decision);

/* Where a message of `length` bytes is corrupted: of a frame outside what tells which one it is. */
size_t fault_plan_corrupt_at(uint64_t place, size_t length, bool is_frame);

/* What is left of it when it is truncated: a frame keeps its header. `length` itself where it cannot be. */
size_t fault_plan_truncate_to(uint64_t place, size_t length, bool is_frame);

#endif
