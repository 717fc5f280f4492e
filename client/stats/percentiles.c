/* Reading percentiles. Pure: own arithmetic, since strtod() reads a comma where the locale says so. */
#include "client/stats/percentiles.h"

#include <stdio.h>
#include <string.h>

#include "common/options/options.h"
#include "common/text/safe_text.h"

/* A percentile of more digits than this says nothing more: nobody measures 10^12 round trips. */
#define DIGITS_MAX 14
#define SHOWN_SIZE 80

bool percentile_parse(const char *text, size_t length, double *percent) {
  double value = 0, scale = 1;
  size_t digits = 0;
  bool in_fraction = false;
  for (size_t i = 0; i < length; i++) {
    bool is_point = text[i] == '.' && !in_fraction && i > 0 && i + 1 < length;
    if (is_point) {
      in_fraction = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9' || ++digits > DIGITS_MAX) return false;
    value = value * 10 + (text[i] - '0');
    if (in_fraction) scale *= 10;
  }
  *percent = value / scale;
  return digits > 0 && *percent > 0 && *percent <= 100;
}

bool percentiles_parse_list(const char *text, struct percentile_list *list, char *problem) {
  char shown[SHOWN_SIZE];
  list->count = 0;
  for (const char *at = text;; at++) {
    size_t length = strcspn(at, ",");
    if (list->count == PERCENTILES_MAX) {
      snprintf(problem, OPTIONS_PROBLEM_SIZE, "--percentiles: more than %d are given; leave some out", PERCENTILES_MAX);
      return false;
    }
    if (!percentile_parse(at, length, &list->values[list->count])) {
      safe_text_copy(at, length, shown, sizeof shown);
      snprintf(problem, OPTIONS_PROBLEM_SIZE,
               "--percentiles: '%s' is no number above 0 and up to 100; give LIST such as 50,75,99.999", shown);
      return false;
    }
    list->count++;
    at += length;
    if (*at == '\0') return true;
  }
}
