/* Reading and judging the conditions of --fail-if; the grammar is in fail_if.h. Pure: knows no command and no file. */
#include "client/result/fail_if.h"

#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "client/stats/percentiles.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define ROWS(table)     (sizeof(table) / sizeof((table)[0]))
#define SHOWN_SIZE      80
#define KNOWN_NAMES_MAX 64
#define NAME_LETTERS    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_."

/* Longer signs first: ">=" begins with ">". */
static const struct {
  const char *sign;
  enum fail_if_comparison comparison;
} comparisons[] = {
    {">=", FAIL_IF_AT_LEAST}, {"<=", FAIL_IF_AT_MOST}, {"==", FAIL_IF_EQUAL}, {"!=", FAIL_IF_DIFFERENT},
    {">", FAIL_IF_ABOVE},     {"<", FAIL_IF_BELOW},    {"=", FAIL_IF_EQUAL},
};

/* A plain name is looked for in these first; so "p99" is that of the round trip. */
static const char *const plain_sections[] = {"rtt_ns", "throughput", "errors"};

/* Of a part's name as people write it: "rtt" for "rtt_ns". */
static size_t name_length(const char *name) {
  size_t length = strlen(name);
  bool has_unit = length > 3 && strcmp(name + length - 3, "_ns") == 0;
  return has_unit ? length - 3 : length;
}

/* A field by its name or its label; of an interval's two ends, "p50_ns.low" is one. */
static const struct result_field *find_field(const struct result_section *section, const char *name) {
  const struct result_section bare = {.name = ""};
  char path[RESULT_PATH_SIZE];
  for (size_t i = 0; i < section->field_count; i++) {
    const struct result_field *field = &section->fields[i];
    if (strcmp(result_field_path(&bare, field, path), name) == 0 || strcmp(field->label, name) == 0) return field;
  }
  return NULL;
}

static bool take_field(const struct result_section *section, const char *name, struct fail_if *condition) {
  condition->section = section;
  condition->field = find_field(section, name);
  if (condition->field != NULL) return true;
  /* "p95" is a figure too, of the round trips alone: only their histogram is kept. */
  bool has_histogram = section == result_section_of(FIGURE_RTT);
  return has_histogram && name[0] == 'p' && percentile_parse(name + 1, strlen(name + 1), &condition->percent);
}

/* What follows "rtt_ns." or "rtt." in the text, where `part` is "rtt_ns"; the text itself where `part` is "". */
static const char *skip_part(const char *text, const char *part) {
  size_t whole = strlen(part), brief = name_length(part);
  if (whole == 0) return text;
  if (strncmp(text, part, whole) == 0 && text[whole] == '.') return text + whole + 1;
  if (strncmp(text, part, brief) == 0 && text[brief] == '.') return text + brief + 1;
  return NULL;
}

/* "there.p50", "legs_ns.there.p50", "anatomy.server.p50", "achieved_per_second" */
static bool find_figure(const char *name, struct fail_if *condition) {
  for (size_t i = 0; i < ROWS(plain_sections); i++)
    if (take_field(result_section_find(plain_sections[i]), name, condition)) return true;
  for (size_t i = 0; i < result_section_count; i++) {
    const struct result_section *section = &result_sections[i];
    bool needs_parent = section->parent != NULL && section->name[0] == '\0';
    const char *rest = needs_parent ? NULL : skip_part(name, section->name);
    if (rest != NULL && take_field(section, rest, condition)) return true;
  }
  for (size_t i = 0; i < result_section_count; i++) {
    const struct result_section *section = &result_sections[i];
    const char *inner = section->parent == NULL ? NULL : skip_part(name, section->parent);
    const char *rest = inner == NULL ? NULL : skip_part(inner, section->name);
    if (rest != NULL && take_field(section, rest, condition)) return true;
  }
  return false;
}

/* Appends as printf() does; what does not fit is left out. */
__attribute__((format(__printf__, 2, 3))) static void append(char *problem, const char *format, ...) {
  size_t used = strlen(problem);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(problem + used, FAIL_IF_PROBLEM_SIZE - used, format, arguments);
  va_end(arguments);
}

static void begin_problem(const char *text, char *problem) {
  char shown[SHOWN_SIZE];
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  snprintf(problem, FAIL_IF_PROBLEM_SIZE, "--fail-if: '%s': ", shown);
}

/* Says which names there are, with the nearest one first. */
static void say_unknown(const char *name, char *problem) {
  const char *known[KNOWN_NAMES_MAX];
  size_t count = 0;
  for (size_t i = 0; i < ROWS(plain_sections); i++) {
    const struct result_section *section = result_section_find(plain_sections[i]);
    for (size_t f = 0; f < section->field_count && count < KNOWN_NAMES_MAX; f++)
      known[count++] = section->fields[f].name;
  }
  const char *nearest = options_nearest(name, known, count);
  append(problem, "there is no figure '%s'", name);
  if (nearest != NULL) append(problem, "; the nearest is %s", nearest);
  append(problem, ". Known are");
  for (size_t i = 0; i < count; i++)
    append(problem, "%s %s", i == 0 ? "" : ",", known[i]);
  append(problem, "; any other percentile, such as p95; and the figures of a part, such as there.p99, of");
  for (size_t i = 0; i < result_section_count; i++) {
    const char *part = result_sections[i].name;
    if (part[0] != '\0') append(problem, "%s %.*s", i == 0 ? "" : ",", (int)name_length(part), part);
  }
}

static enum field_kind kind_of(const struct fail_if *condition) {
  return condition->field != NULL ? condition->field->kind : FIELD_NS;
}

static const char *write_most(enum field_kind kind, char out[UNITS_TEXT_SIZE]) {
  if (kind == FIELD_NS || kind == FIELD_NS_REAL) return units_format_duration((double)UNITS_MOST, out);
  if (kind == FIELD_BYTES) return units_format_bytes((double)UNITS_MOST, out);
  if (kind == FIELD_BITS_PER_SECOND) return units_format_bit_rate((double)UNITS_MOST, out);
  return units_format_count(UNITS_MOST, out);
}

static bool read_limit(const char *value, struct fail_if *condition, char *problem) {
  uint64_t number = 0;
  double real = 0;
  char most[UNITS_TEXT_SIZE];
  enum units_status status = UNITS_OK;
  const char *example = "";
  switch (kind_of(condition)) {
    case FIELD_NS:
    case FIELD_NS_REAL:
      status = units_parse_duration(value, &number);
      example = "a time such as 200us or 1.5ms";
      break;
    case FIELD_BYTES:
      status = units_parse_size(value, &number);
      example = "a size such as 64KiB or 1MB";
      break;
    case FIELD_BITS_PER_SECOND:
      status = units_parse_bit_rate(value, &number);
      example = "a rate such as 500M or 1Gbit/s";
      break;
    case FIELD_COUNT:
    case FIELD_PER_SECOND:
    case FIELD_NUMBER:
    case FIELD_PERCENT:
      status = units_parse_real(value, &real);
      example = "a number such as 100, 10.5 or 10k";
      break;
  }
  condition->limit = number > 0 ? (double)number : real;
  if (status == UNITS_OK) return true;
  if (status == UNITS_OUT_OF_RANGE) {
    append(problem, "'%.40s' is too large; give at most %s", value, write_most(kind_of(condition), most));
    return false;
  }
  append(problem, "'%.40s' %s; give %s, as in '%s>...'", value, units_status_text(status), example, condition->name);
  return false;
}

/* Copies without the spaces, which may stand around the comparison. */
static bool copy_packed(const char *text, char *out, size_t room) {
  size_t used = 0;
  for (; *text != '\0'; text++) {
    if (*text == ' ') continue;
    bool is_printable = *text > ' ' && *text < 0x7f;
    if (!is_printable || used + 1 >= room) return false;
    out[used++] = *text;
  }
  out[used] = '\0';
  return used > 0;
}

static const char *read_comparison(const char *at, struct fail_if *condition) {
  for (size_t i = 0; i < ROWS(comparisons); i++) {
    size_t length = strlen(comparisons[i].sign);
    if (strncmp(at, comparisons[i].sign, length) != 0) continue;
    condition->comparison = comparisons[i].comparison;
    return at + length;
  }
  return NULL;
}

bool fail_if_parse(const char *text, struct fail_if *condition, char *problem) {
  char packed[2 * FAIL_IF_NAME_SIZE];
  memset(condition, 0, sizeof *condition);
  condition->text = text;
  begin_problem(text, problem);
  if (!copy_packed(text, packed, sizeof packed)) {
    append(problem, "this is no condition; give one such as 'p99>200us'");
    return false;
  }
  size_t length = strspn(packed, NAME_LETTERS);
  if (length == 0 || length >= FAIL_IF_NAME_SIZE) {
    append(problem, "a condition begins with the name of a figure, such as p99 in 'p99>200us'");
    return false;
  }
  memcpy(condition->name, packed, length);
  if (!find_figure(condition->name, condition)) {
    say_unknown(condition->name, problem);
    return false;
  }
  if (packed[length] == '\0' && kind_of(condition) == FIELD_COUNT) return true; /* above 0: all zero */
  const char *value = read_comparison(packed + length, condition);
  if (value == NULL) {
    append(problem, "after %s comes one of > >= < <= == != and a value, as in 'p99>200us'", condition->name);
    return false;
  }
  return read_limit(value, condition, problem);
}

bool fail_if_concerns(const struct fail_if *condition, bool is_stream, bool has_streams) {
  enum field_kind kind = kind_of(condition);
  bool is_throughput = strcmp(condition->section->name, "throughput") == 0;
  if (is_stream) return (is_throughput && kind != FIELD_PER_SECOND) || strcmp(condition->section->name, "errors") == 0;
  return !(is_throughput && has_streams && (kind == FIELD_BYTES || kind == FIELD_BITS_PER_SECOND));
}

bool fail_if_applies(const struct fail_if *condition, const struct result_run *run) {
  if (condition->field != NULL) return result_field_applies(condition->section, condition->field, run);
  return run->rtt_histogram != NULL;
}

static double value_of(const struct fail_if *condition, const struct result_run *run) {
  if (condition->field != NULL) return result_field_value(condition->section, condition->field, run);
  return (double)histogram_percentile(run->rtt_histogram, condition->percent);
}

bool fail_if_is_broken(const struct fail_if *condition, const struct result_run *run) {
  double value = value_of(condition, run);
  switch (condition->comparison) {
    case FAIL_IF_ABOVE:
      return value > condition->limit;
    case FAIL_IF_AT_LEAST:
      return value >= condition->limit;
    case FAIL_IF_BELOW:
      return value < condition->limit;
    case FAIL_IF_AT_MOST:
      return value <= condition->limit;
    case FAIL_IF_EQUAL:
      return value == condition->limit;
    case FAIL_IF_DIFFERENT:
      return value != condition->limit;
  }
  return true;
}

/* Of a number that is written without rounding. */
static const char *base_unit(enum field_kind kind) {
  switch (kind) {
    case FIELD_NS:
    case FIELD_NS_REAL:
      return " ns";
    case FIELD_BYTES:
      return " B";
    case FIELD_BITS_PER_SECOND:
      return " bit/s";
    case FIELD_PERCENT:
      return " %";
    case FIELD_COUNT:
    case FIELD_PER_SECOND:
    case FIELD_NUMBER:
      break;
  }
  return "";
}

const char *fail_if_explain(const struct fail_if *condition, const struct result_run *run, char *out) {
  enum field_kind kind = kind_of(condition);
  double value = value_of(condition, run), limit = condition->limit, distance = fabs(value - limit);
  char is[UNITS_TEXT_SIZE], by[UNITS_TEXT_SIZE], than[UNITS_TEXT_SIZE], share[UNITS_TEXT_SIZE] = "";
  result_field_format_value(kind, value, is);
  result_field_format_value(kind, limit, than);
  /* Two that differ should not read alike. */
  if (distance > 0 && strcmp(is, than) == 0) {
    snprintf(is, sizeof is, "%.15g%s", value, base_unit(kind));
    snprintf(than, sizeof than, "%.15g%s", limit, base_unit(kind));
  }
  double percent = limit > 0 ? distance / limit * 100 : 0;
  if (limit > 0) snprintf(share, sizeof share, percent < 100 ? " (%.3g %%)" : " (%.0f %%)", percent);
  if (distance == 0)
    snprintf(out, FAIL_IF_SENTENCE_SIZE, "%s is %s, exactly", condition->name, is);
  else
    snprintf(out, FAIL_IF_SENTENCE_SIZE, "%s is %s, %s%s %s %s", condition->name, is,
             result_field_format_value(kind, distance, by), share, value > limit ? "above" : "below", than);
  return out;
}
