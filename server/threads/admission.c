/* Who gets in, and which thread serves it. Pure: no socket, no clock, no libuv. */
#include "server/threads/admission.h"

enum admission admission_judge(const struct admission_facts *facts) {
  uint64_t limit = facts->descriptor_limit;
  if (limit > 0 && facts->descriptor >= 0 && (uint64_t)facts->descriptor + ADMISSION_SPARE_DESCRIPTORS >= limit)
    return ADMISSION_NO_DESCRIPTORS;
  if (facts->max_connections > 0 && facts->open_connections >= facts->max_connections) return ADMISSION_TOO_MANY;
  return ADMISSION_ACCEPT;
}

size_t admission_choose_thread(const uint64_t *open_connections, size_t count, size_t previous) {
  size_t chosen = (previous + 1) % count;
  for (size_t step = 2; step <= count; step++) {
    size_t next = (previous + step) % count;
    if (open_connections[next] < open_connections[chosen]) chosen = next;
  }
  return chosen;
}

bool admission_say_once(bool *was_said) {
  bool is_first = !*was_said;
  *was_said = true;
  return is_first;
}
