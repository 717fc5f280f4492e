/*
 * See faulty_datagrams.h. Datagrams have no order to keep: one that is held is overtaken by those behind it.
 */
#include "server/echo/faulty_datagrams.h"

#include "common/net/address.h"
#include "common/text/clock.h"

/* One that is to leave behind the next one leaves without it after so long, and was not reordered then. */
#define PATIENCE_NS (20 * CLOCK_NS_PER_MS)

static bool is_same_client(const struct sockaddr_storage *one, const struct sockaddr_storage *other) {
  return address_port(one) == address_port(other) && address_same_host(one, other);
}

static bool send_once(struct faulty_datagrams *datagrams, const struct fault_answer *answer,
                      const struct sockaddr_storage *to) {
  return datagrams->send(datagrams->owner, answer->bytes, answer->length, to);
}

/* With its extra copy. */
static void send_all(struct faulty_datagrams *datagrams, struct fault_answer *answer,
                     const struct sockaddr_storage *to) {
  faults_stamp(answer);
  if (!send_once(datagrams, answer, to)) return;
  faults_count_sent(datagrams->faults, answer);
  if (!answer->is_doubled) return;
  if (answer->is_frame) wire_add_frame_flags(answer->bytes, WIRE_FRAME_FLAG_DUPLICATED);
  if (send_once(datagrams, answer, to)) faults_count(datagrams->faults, WIRE_FAULT_DUPLICATE);
}

static void leave_no_more(struct held_answer *held) {
  (void)held;
}

/* The answer of a later arrival has left: the one that waits for that follows. */
static void follow(struct faulty_datagrams *datagrams, uint64_t arrival, const struct sockaddr_storage *to) {
  struct held_answer *waiting = datagrams->waiting;
  if (waiting == NULL || arrival <= waiting->arrival || !is_same_client(&waiting->to, to)) return;
  datagrams->waiting = NULL;
  waiting->leave = leave_no_more;
  waiting->flags |= WIRE_FRAME_FLAG_REORDERED;
  struct fault_answer answer = faults_answer_of(waiting);
  send_all(datagrams, &answer, &waiting->to);
}

static void leave(struct held_answer *held) {
  struct faulty_datagrams *datagrams = held->owner;
  struct fault_answer answer = faults_answer_of(held);
  if (datagrams->waiting == held) datagrams->waiting = NULL;
  send_all(datagrams, &answer, &held->to);
  follow(datagrams, held->arrival, &held->to);
}

static struct held_answer *hold(struct faulty_datagrams *datagrams, const struct fault_answer *answer,
                                const struct sockaddr_storage *to) {
  struct fault_schedule *schedule = &datagrams->faults->schedule;
  bool has_room = schedule->bytes + held_answer_weight(answer->length) <= FAULTS_HELD_DATAGRAM_BYTES_MAX;
  struct held_answer *held = has_room ? faults_hold(answer) : NULL;
  if (held == NULL) {
    datagrams->faults->told.no_room++;
    return NULL;
  }
  held->owner = datagrams;
  held->leave = leave;
  held->to = *to;
  held->arrival = datagrams->arrivals;
  if (fault_schedule_add(schedule, held) == 0) return held;
  datagrams->faults->told.no_room++;
  return NULL;
}

void faulty_datagrams_pass(struct faulty_datagrams *datagrams, uint8_t *bytes, size_t length, uint64_t receive_ns,
                           bool is_frame, const struct sockaddr_storage *to) {
  struct faults *faults = datagrams->faults;
  struct fault_answer answer = {.bytes = bytes, .length = length, .is_frame = is_frame, .receive_ns = receive_ns};
  datagrams->arrivals++;
  if (faults->spec->has[WIRE_FAULT_SILENT]) {
    faults_count(faults, WIRE_FAULT_SILENT);
    return;
  }
  if (!faults_prepare(faults, FAULT_OF_UDP, &answer)) return;
  bool is_to_wait = answer.is_reordered && answer.due_ns == 0 && datagrams->waiting == NULL;
  if (is_to_wait) answer.due_ns = clock_now_ns() + PATIENCE_NS;
  if (answer.due_ns > 0) {
    struct held_answer *held = hold(datagrams, &answer, to);
    if (is_to_wait) datagrams->waiting = held;
    return;
  }
  send_all(datagrams, &answer, to);
  follow(datagrams, datagrams->arrivals, to);
}

bool faulty_datagrams_tell(struct faulty_datagrams *datagrams, const uint8_t *bytes, size_t length,
                           const struct sockaddr_storage *to) {
  uint8_t answer[WIRE_HELLO_BYTES + WIRE_FAULT_REPORT_BYTES_MAX];
  struct wire_hello hello;
  if (length != WIRE_HELLO_BYTES || !wire_get_hello(bytes, length, &hello) || hello.mode != WIRE_MODE_FAULTS)
    return false;
  if (datagrams->faults->spec->has[WIRE_FAULT_SILENT]) return false;
  const struct wire_welcome welcome = {
      .mode = WIRE_MODE_FAULTS, .flags = WIRE_HELLO_FLAG_FAULTS, .pid = (uint32_t)uv_os_getpid()};
  wire_put_welcome(&welcome, answer);
  size_t report_bytes = wire_put_fault_report(&datagrams->faults->told, answer + WIRE_HELLO_BYTES);
  (void)datagrams->send(datagrams->owner, answer, WIRE_HELLO_BYTES + report_bytes, to);
  return true;
}

void faulty_datagrams_end(struct faulty_datagrams *datagrams) {
  if (datagrams->faults == NULL) return;
  fault_schedule_forget(&datagrams->faults->schedule, datagrams);
  datagrams->waiting = NULL;
}
