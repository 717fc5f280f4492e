/* See native.h. */
#include "server/http/native.h"

#include <stdlib.h>
#include <string.h>

#include "common/text/clock.h"

/* Two clocks of one machine cannot differ by that, and no message takes so long. */
#define LONGEST_NS (60 * CLOCK_NS_PER_SECOND)

void http_native_note(struct http_native_times *times, uint64_t client_send_ns, uint64_t answer_ns) {
  if (answer_ns < client_send_ns || answer_ns - client_send_ns > LONGEST_NS) return;
  times->legs_ns[times->leg_count++ % HTTP_NATIVE_KEPT] = answer_ns - client_send_ns;
  if (times->last_send_ns != 0) {
    if (client_send_ns < times->last_answer_ns)
      times->is_overlapped = true;
    else
      times->steps_ns[times->step_count++ % HTTP_NATIVE_KEPT] = client_send_ns - times->last_send_ns;
  }
  times->last_send_ns = client_send_ns;
  times->last_answer_ns = answer_ns;
}

static int compare(const void *one, const void *other) {
  uint64_t left = *(const uint64_t *)one, right = *(const uint64_t *)other;
  return (left > right) - (left < right);
}

static void find_middle(const uint64_t *kept, size_t ever, uint64_t *least, uint64_t *median) {
  uint64_t sorted[HTTP_NATIVE_KEPT];
  size_t count = ever < HTTP_NATIVE_KEPT ? ever : HTTP_NATIVE_KEPT;
  if (count == 0) return;
  memcpy(sorted, kept, count * sizeof *kept);
  qsort(sorted, count, sizeof *sorted, compare);
  *least = sorted[0];
  *median = sorted[(count - 1) / 2];
}

void http_native_summarise(const struct http_native_times *times, struct http_native *native) {
  *native = (struct http_native){0};
  native->count = times->leg_count < HTTP_NATIVE_KEPT ? times->leg_count : HTTP_NATIVE_KEPT;
  find_middle(times->legs_ns, times->leg_count, &native->legs_least_ns, &native->legs_median_ns);
  if (!times->is_overlapped)
    find_middle(times->steps_ns, times->step_count, &native->steps_least_ns, &native->steps_median_ns);
}
