/* See fault_account.h. */
#include "client/run/fault_account.h"

#include <string.h>

#include "client/run/fault_question.h"
#include "common/text/clock.h"
#include "common/wire/wire.h"

/* Who says that it has an answer is waited for, however busy the machine is; of datagrams nobody said so. */
#define ANSWER_MOST_NS   (10 * CLOCK_NS_PER_SECOND)
#define QUESTION_MOST_NS CLOCK_NS_PER_SECOND

static bool asks_for(const struct run *run, enum wire_fault fault) {
  return strstr(run->peer.faults_before.spec, wire_fault_name(fault)) != NULL;
}

/* Are the messages frames of a session, whose flags tell what befell them? */
static bool are_told(const struct run *run) {
  bool is_session = run->peer.endpoint.transport == TRANSPORT_UDP || run->peer.greeting == GREETING_HELLO;
  return run->peer.is_flushed_at_end && is_session && run->plan->bytes >= WIRE_FRAME_HEADER_BYTES;
}

bool fault_account_may_lose(const struct run *run) {
  return run->result->faults.is_counted && are_told(run) &&
         (asks_for(run, WIRE_FAULT_DROP) || asks_for(run, WIRE_FAULT_TRUNCATE) || asks_for(run, WIRE_FAULT_DELAY) ||
          asks_for(run, WIRE_FAULT_STALL));
}

void fault_account_ask(struct run *run) {
  struct result_faults *faults = &run->result->faults;
  bool is_said = faults->is_on || (run->peer.welcome_flags & WIRE_HELLO_FLAG_FAULTS) != 0;
  uint64_t limit_ns = run->plan->timeout_ns < QUESTION_MOST_NS ? run->plan->timeout_ns : QUESTION_MOST_NS;
  faults->is_counted =
      fault_question_ask(&run->peer.endpoint, is_said ? ANSWER_MOST_NS : limit_ns, &run->peer.faults_before);
  faults->is_on = faults->is_counted || is_said;
}

/* Of a server that was started anew meanwhile there is none. */
static uint64_t growth(uint64_t now, uint64_t before) {
  return now > before ? now - before : 0;
}

/* What it has done since it was asked before. */
static void subtract(struct wire_fault_report *now, const struct wire_fault_report *before) {
  now->no_room = growth(now->no_room, before->no_room);
  for (int i = 0; i < WIRE_FAULT_COUNT; i++) {
    now->counts[i].count = growth(now->counts[i].count, before->counts[i].count);
    now->counts[i].held_ns = growth(now->counts[i].held_ns, before->counts[i].held_ns);
  }
}

static void see(struct result_faults *faults, enum wire_fault fault, uint64_t count) {
  faults->can_see[fault] = true;
  faults->seen[fault].count = count;
}

static void see_messages(const struct run *run, struct result_faults *faults) {
  const struct result_errors *errors = &run->result->errors;
  bool is_udp = run->peer.endpoint.transport == TRANSPORT_UDP;
  if (are_told(run)) {
    see(faults, WIRE_FAULT_DROP, errors->lost);
    faults->can_see[WIRE_FAULT_DELAY] = faults->can_see[WIRE_FAULT_STALL] = faults->can_see[WIRE_FAULT_DUPLICATE] =
        faults->can_see[WIRE_FAULT_CORRUPT] = faults->can_see[WIRE_FAULT_TRUNCATE] = true;
    faults->can_see[WIRE_FAULT_REORDER] = is_udp;
    return;
  }
  if (!is_udp) return;
  /* Datagrams without room for flags show the effect alone. */
  see(faults, WIRE_FAULT_DROP, errors->lost);
  see(faults, WIRE_FAULT_DUPLICATE, errors->duplicated);
  see(faults, WIRE_FAULT_REORDER, errors->reordered);
  if (!asks_for(run, WIRE_FAULT_TRUNCATE)) see(faults, WIRE_FAULT_CORRUPT, errors->corrupted);
}

static bool was_reset(const struct run *run) {
  int code = run->failure.code;
  return run->has_failed && (code == UV_ECONNRESET || code == UV_EPIPE || code == UV_EOF);
}

void fault_account_make(struct run *run) {
  struct result_faults *faults = &run->result->faults;
  struct wire_fault_report before = run->peer.faults_before;
  bool was_counted = faults->is_counted;
  fault_account_ask(run);
  faults->is_counted = faults->is_counted && was_counted;
  faults->injected = faults->is_counted ? run->peer.faults_before : before;
  subtract(&faults->injected, &before);
  see_messages(run, faults);
  if (run->peer.endpoint.transport != TRANSPORT_UDP) see(faults, WIRE_FAULT_RESET, was_reset(run) ? 1 : 0);
  for (int i = 0; i < WIRE_FAULT_COUNT; i++)
    faults->is_asked[i] = strstr(before.spec, wire_fault_name((enum wire_fault)i)) != NULL;
}
