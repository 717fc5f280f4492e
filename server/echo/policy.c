/* Who gets in, how much is held and which datagram gets no answer. Pure: no socket, no clock, no libuv. */
#include "server/echo/policy.h"

#define LOWEST_ANSWERED_PORT 1024

enum admission limits_judge_connection(const struct admission_facts *facts) {
  uint64_t limit = facts->descriptor_limit;
  if (limit > 0 && facts->descriptor >= 0 && (uint64_t)facts->descriptor + LIMITS_SPARE_DESCRIPTORS >= limit)
    return ADMISSION_NO_DESCRIPTORS;
  if (facts->max_connections > 0 && facts->open_connections >= facts->max_connections) return ADMISSION_TOO_MANY;
  return ADMISSION_ACCEPT;
}

size_t limits_choose_thread(const uint64_t *open_connections, size_t count, size_t previous) {
  size_t chosen = (previous + 1) % count;
  for (size_t step = 2; step <= count; step++) {
    size_t next = (previous + step) % count;
    if (open_connections[next] < open_connections[chosen]) chosen = next;
  }
  return chosen;
}

enum datagram_verdict limits_judge_datagram(const struct datagram_facts *facts) {
  if (facts->is_frame && facts->is_reply) return DATAGRAM_REFUSE;
  if (facts->source_port < LOWEST_ANSWERED_PORT) return DATAGRAM_REFUSE;
  if (facts->source_port == facts->own_echo_port && facts->is_from_this_machine) return DATAGRAM_REFUSE;
  return facts->is_frame ? DATAGRAM_STAMP : DATAGRAM_ECHO;
}

size_t limits_read_bytes(size_t held_bytes, size_t bound_bytes, size_t buffer_bytes) {
  if (held_bytes >= bound_bytes) return 0;
  size_t room = bound_bytes - held_bytes;
  return room < buffer_bytes ? room : buffer_bytes;
}

bool limits_may_resume(size_t held_bytes, size_t bound_bytes) {
  return held_bytes <= bound_bytes / 2;
}

bool limits_say_once(bool *was_said) {
  bool is_first = !*was_said;
  *was_said = true;
  return is_first;
}
