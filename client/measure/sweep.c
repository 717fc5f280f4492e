/* Reading the sizes of a sweep and finding the knee in its figures. Pure. */
#include "client/measure/sweep.h"

#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"
#include "common/text/units.h"

#define SIZE_TEXT_MAX 32

static bool add_size(const char *text, uint64_t sizes[SWEEP_SIZES_MAX], size_t *count, char *problem) {
  char shown[4 * SIZE_TEXT_MAX];
  uint64_t bytes = 0;
  enum units_status status = units_parse_size(text, &bytes);
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  if (status != UNITS_OK)
    snprintf(problem, SWEEP_PROBLEM_SIZE, "--sizes: '%s' %s; give sizes such as 64,1KiB,64KiB", shown,
             units_status_text(status));
  else if (bytes < 1 || bytes > SWEEP_SIZE_MAX)
    snprintf(problem, SWEEP_PROBLEM_SIZE, "--sizes: '%s' is out of range; give sizes from 1 B to 1 MiB", shown);
  else if (*count > 0 && bytes <= sizes[*count - 1])
    snprintf(problem, SWEEP_PROBLEM_SIZE, "--sizes: '%s' is not larger than the size before it; give rising sizes",
             shown);
  else if (*count == SWEEP_SIZES_MAX)
    snprintf(problem, SWEEP_PROBLEM_SIZE, "--sizes: more than %d sizes; leave some out", SWEEP_SIZES_MAX);
  else {
    sizes[(*count)++] = bytes;
    return true;
  }
  return false;
}

bool sweep_parse_sizes(const char *text, uint64_t sizes[SWEEP_SIZES_MAX], size_t *count, char *problem) {
  char size[SIZE_TEXT_MAX];
  *count = 0;
  if (text == NULL) {
    for (uint64_t bytes = 1; bytes <= SWEEP_SIZE_MAX; bytes *= 4)
      sizes[(*count)++] = bytes;
    return true;
  }
  for (;;) {
    size_t length = strcspn(text, ",");
    /* What is too long for the copy is no size anyway, and is cut. */
    snprintf(size, sizeof size, "%.*s", (int)(length < SIZE_TEXT_MAX ? length : SIZE_TEXT_MAX - 1), text);
    if (!add_size(size, sizes, count, problem)) return false;
    if (text[length] == '\0') return true;
    text += length + 1;
  }
}

void sweep_find_knee(const struct sweep_point *points, size_t count, struct sweep_knee *knee) {
  double fastest = 0;
  memset(knee, 0, sizeof *knee);
  for (size_t i = 0; i < count; i++) {
    if (points[i].rtt_p50_ns > 0 && (fastest == 0 || points[i].rtt_p50_ns < fastest)) fastest = points[i].rtt_p50_ns;
    if (points[i].bits_per_second > points[knee->best].bits_per_second) knee->best = i;
  }
  knee->has_rtt = fastest > 0;
  /* The largest such size, so that one noisy small size does not pass for the knee. */
  for (size_t i = 0; i < count; i++)
    if (points[i].rtt_p50_ns > 0 && points[i].rtt_p50_ns <= 1.5 * fastest) knee->flat_until = i;
  knee->has_throughput = count > 0 && points[knee->best].bits_per_second > 0;
  knee->nearly = knee->best;
  for (size_t i = 0; knee->has_throughput && i < count; i++) {
    if (points[i].bits_per_second < 0.9 * points[knee->best].bits_per_second) continue;
    knee->nearly = i;
    return;
  }
}
