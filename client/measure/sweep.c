/* Reading the sizes of a sweep. Pure. */
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
  if (status == UNITS_OUT_OF_RANGE) bytes = UINT64_MAX;
  if (status != UNITS_OK && status != UNITS_OUT_OF_RANGE)
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
