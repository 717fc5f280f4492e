/* Faults of runs; see faults.h. Texts of the files are escaped here. */
#include "client/compare/faults.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"
#include "common/text/units.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
/* Above, the normal distribution is as good. */
#define EXACT_MAX  10000.0
#define SHOWN_SIZE 256

static const struct fault {
  const char *name;
  const char *verb; /* "lost 136" */
  bool is_never_fine;
} faults[] = {
    {"lost", "lost", true},
    {"duplicated", "got twice", true},
    {"reordered", "got out of order", false},
    {"corrupted", "got back corrupted", true},
    {"timed_out", "timed out", false},
    {"connection_failures", "failed to connect", false},
};

bool compare_is_fault(const struct result_section *section) {
  return section->parent == NULL && strcmp(section->name, "errors") == 0;
}

static double messages_of(const struct compare_side *side) {
  double sum = 0;
  for (size_t i = 0; i < side->run_count; i++) {
    double answered = compare_run_figure(side->runs[i], "rtt_ns", "count");
    double lost = compare_run_figure(side->runs[i], "errors", "lost");
    sum += (isnan(answered) ? 0 : answered) + (isnan(lost) ? 0 : lost);
  }
  return sum;
}

/* The share of times that `events` of Poisson's kind, each in the second part with the probability `share`, have
 * `least` or more of them there. */
static double find_tail(double least, double events, double share) {
  double sum = 0;
  if (events > EXACT_MAX) {
    double deviation = sqrt(events * share * (1 - share));
    return erfc((least - 0.5 - events * share) / deviation / sqrt(2)) / 2;
  }
  size_t steps = (size_t)(events - least);
  for (size_t i = 0; i <= steps; i++) {
    double k = least + (double)i;
    sum += exp(lgamma(events + 1) - lgamma(k + 1) - lgamma(events - k + 1) + k * log(share) +
               (events - k) * log1p(-share));
  }
  return sum < 1 ? sum : 1;
}

static const struct fault *find_fault(const char *name) {
  for (size_t i = 0; i < ROWS(faults); i++)
    if (strcmp(faults[i].name, name) == 0) return &faults[i];
  return NULL;
}

void compare_decide_fault(const char *name, double baseline, double value, const struct compare_side *baseline_side,
                          const struct compare_side *side, struct compare_answer *answer) {
  const struct fault *fault = find_fault(name);
  double one = messages_of(baseline_side), other = messages_of(side);
  double share = one > 0 && other > 0 ? other / (one + other) : 0.5;
  bool has_test = baseline + value > 0 && isfinite(baseline + value) && share > 0 && share < 1;
  *answer = (struct compare_answer){.verdict = COMPARE_UNTESTED, .is_fault = true, .shift = NAN, .p_value = NAN};
  answer->change = baseline > 0 ? value / baseline - 1 : NAN;
  if (!has_test) return;
  bool is_more = value > (baseline + value) * share;
  double tail = is_more ? find_tail(value, baseline + value, share) : find_tail(baseline, baseline + value, 1 - share);
  bool is_never_fine = fault != NULL && fault->is_never_fine;
  bool is_new = baseline <= 0 && is_never_fine;
  bool is_gone = value <= 0 && is_never_fine;
  answer->p_value = tail < 0.5 ? 2 * tail : 1;
  answer->verdict = COMPARE_WITHIN_NOISE;
  if (is_new || is_gone || answer->p_value < COMPARE_ALPHA) answer->verdict = is_more ? COMPARE_WORSE : COMPARE_BETTER;
}

size_t compare_count_failed(const struct compare_side *side) {
  size_t count = 0;
  for (size_t i = 0; i < side->run_count; i++)
    count += side->runs[i]->failure != NULL;
  return count;
}

size_t compare_count_measured(const struct compare_side *side) {
  size_t count = 0;
  for (size_t i = 0; i < side->run_count; i++)
    count += side->runs[i]->is_measured;
  return count;
}

/* Appends "; " and the text, as far as there is room. */
static void append(char out[COMPARE_FAULT_SIZE], const char *text) {
  size_t used = strlen(out);
  snprintf(out + used, COMPARE_FAULT_SIZE - used, "%s%s", used > 0 ? "; " : "", text);
}

static void append_failure(const json_t *failure, char out[COMPARE_FAULT_SIZE]) {
  char shown[SHOWN_SIZE], text[SHOWN_SIZE + 16];
  const json_t *what = json_object_get(failure, "what_happened");
  if (!json_is_string(what)) what = json_object_get(failure, "code");
  safe_text_copy(json_is_string(what) ? json_string_value(what) : "", json_string_length(what), shown, sizeof shown);
  size_t length = strlen(shown);
  if (length > 0 && shown[length - 1] == '.') shown[length - 1] = '\0';
  snprintf(text, sizeof text, "failed%s%s", shown[0] == '\0' ? "" : ": ", shown);
  append(out, text);
}

bool compare_describe_faults(const struct compare_run *run, char out[COMPARE_FAULT_SIZE]) {
  char text[SHOWN_SIZE], number[UNITS_TEXT_SIZE];
  out[0] = '\0';
  if (run->failure != NULL) append_failure(run->failure, out);
  if (run->is_interrupted) append(out, "was interrupted");
  if (!run->is_measured) append(out, "measured nothing");
  for (size_t i = 0; i < ROWS(faults); i++) {
    double count = compare_run_figure(run, "errors", faults[i].name);
    if (!(count > 0)) continue;
    snprintf(text, sizeof text, "%s %s", faults[i].verb, result_field_format_value(FIELD_COUNT, count, number));
    append(out, text);
  }
  return out[0] != '\0';
}
