/* See plan.h. */
#include "server/fault/plan.h"

#include <math.h>
#include <string.h>

#include "common/wire/wire.h"

/* In a frame without a payload: the client's send time, which it knows. Of one with the kernel's times they stand at
 * the payload's beginning, and what is changed there is no change to who does not ask for them. */
#define SEND_TIME_AT    16
#define SEND_TIME_BYTES 8

#define TWO_PI 6.283185307179586

/* splitmix64 (Steele, Lea, Flood 2014), as in common/wire/pattern.c: every seed is good. */
static uint64_t next(uint64_t *state) {
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* From 0 up to, not including, 1. */
static double draw(uint64_t *state) {
  return (double)(next(state) >> 11) * 0x1p-53;
}

void fault_plan_begin(struct fault_plan *plan, const struct fault_spec *spec, uint64_t seed, uint64_t now_ns) {
  plan->spec = spec;
  plan->begin_ns = now_ns;
  for (uint64_t i = 0; i < WIRE_FAULT_COUNT; i++) {
    uint64_t mixed = seed + (i << 32);
    plan->states[i] = next(&mixed);
  }
}

static uint64_t draw_delay(const struct fault_spec *spec, uint64_t *state) {
  double base = (double)spec->delay_ns, other = (double)spec->delay_other_ns, first = draw(state), second = draw(state);
  double ns = base;
  if (spec->spread == FAULT_UNIFORM) ns = base + (other - base) * first;
  if (spec->spread == FAULT_EXPONENTIAL) ns = -base * log(1 - first);
  /* Box and Muller; below nothing there is no delay. */
  if (spec->spread == FAULT_NORMAL) ns = base + other * sqrt(-2 * log(1 - first)) * cos(TWO_PI * second);
  return ns < 0 ? 0 : (uint64_t)ns;
}

/* Each begins a period; the first period has none, so that a server begins well. */
static uint64_t stall_left_ns(const struct fault_plan *plan, uint64_t now_ns) {
  const struct fault_spec *spec = plan->spec;
  if (!spec->has[WIRE_FAULT_STALL] || now_ns < plan->begin_ns + spec->stall_every_ns) return 0;
  uint64_t into_ns = (now_ns - plan->begin_ns) % spec->stall_every_ns;
  return into_ns < spec->stall_ns ? spec->stall_ns - into_ns : 0;
}

void fault_plan_decide(struct fault_plan *plan, unsigned reach, uint64_t now_ns, struct fault_decision *decision) {
  const struct fault_spec *spec = plan->spec;
  memset(decision, 0, sizeof *decision);
  for (int i = WIRE_FAULT_DELAY; i <= WIRE_FAULT_TRUNCATE; i++) {
    if (!spec->has[i] || i == WIRE_FAULT_STALL || (fault_spec_reach((enum wire_fault)i) & reach) == 0) continue;
    uint64_t *state = &plan->states[i];
    decision->befalls[i] = draw(state) < spec->share[i];
    uint64_t place = next(state);
    if (i == WIRE_FAULT_CORRUPT || i == WIRE_FAULT_TRUNCATE) decision->place ^= place;
    if (i == WIRE_FAULT_DELAY && decision->befalls[i]) decision->delay_ns = draw_delay(spec, state);
  }
  decision->stall_ns = stall_left_ns(plan, now_ns);
  decision->befalls[WIRE_FAULT_STALL] = decision->stall_ns > 0;
}

size_t fault_plan_corrupt_at(uint64_t place, size_t length, bool is_frame) {
  if (!is_frame) return (size_t)(place % length);
  if (length > WIRE_TIMED_FRAME_BYTES_MIN)
    return WIRE_TIMED_FRAME_BYTES_MIN + (size_t)(place % (length - WIRE_TIMED_FRAME_BYTES_MIN));
  return SEND_TIME_AT + (size_t)(place % SEND_TIME_BYTES);
}

size_t fault_plan_truncate_to(uint64_t place, size_t length, bool is_frame) {
  size_t least = is_frame ? WIRE_FRAME_HEADER_BYTES : 1;
  return length <= least ? length : least + (size_t)(place % (length - least));
}
