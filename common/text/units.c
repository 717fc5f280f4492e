/* Reading and writing numbers with units. Pure: no locale, no I/O. */
#include "common/text/units.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct unit {
  const char *name;
  double factor;
  bool is_written; /* the formatter uses it too; the rows it uses stand in rising order */
};

static const struct unit duration_units[] = {
    {"ns", 1, true},  {"us", 1e3, true},  {"µs", 1e3, false},   {"ms", 1e6, true},
    {"s", 1e9, true}, {"m", 60e9, false}, {"min", 60e9, false}, {"h", 3600e9, false},
};

static const struct unit size_units[] = {
    {"B", 1, true},
    {"k", 1024, false},
    {"K", 1024, false},
    {"KiB", 1024, true},
    {"kB", 1e3, false},
    {"KB", 1e3, false},
    {"M", 1024.0 * 1024, false},
    {"MiB", 1024.0 * 1024, true},
    {"MB", 1e6, false},
    {"G", 1024.0 * 1024 * 1024, false},
    {"GiB", 1024.0 * 1024 * 1024, true},
    {"GB", 1e9, false},
};

static const struct unit bit_rate_units[] = {
    {"bit/s", 1, true}, {"kbit/s", 1e3, true}, {"Mbit/s", 1e6, true}, {"Gbit/s", 1e9, true},
    {"k", 1e3, false},  {"M", 1e6, false},     {"G", 1e9, false},     {"T", 1e12, false},
};

static const struct unit decimal_units[] = {
    {"k", 1e3, false},
    {"M", 1e6, false},
    {"G", 1e9, false},
    {"T", 1e12, false},
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

static const struct unit *find_unit(const struct unit *units, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(units[i].name, name) == 0) return &units[i];
  return NULL;
}

/* The length of the whole number that `text` begins with: digits, or groups of three after the first, all parted by the
 * same mark. */
static size_t whole_length(const char *text) {
  size_t length = strspn(text, "0123456789");
  char mark = text[length];
  if (length == 0 || length > 3 || (mark != ',' && mark != '_')) return length;
  while (text[length] == mark && strspn(text + length + 1, "0123456789") == 3)
    length += 4;
  return length;
}

/* The length of the decimal number that `text` begins with ("12", "1.5"); 0 if it begins with none. strtod() alone
 * would take "0x10", "inf" and " 5" as well. */
static size_t number_length(const char *text) {
  size_t whole = whole_length(text);
  if (whole == 0) return 0;
  if (text[whole] != '.') return whole;
  size_t fraction = strspn(text + whole + 1, "0123456789");
  return fraction == 0 ? 0 : whole + 1 + fraction;
}

/* Reads digits with an optional fraction. Own arithmetic, since strtod() reads a comma where the locale says so. */
static double read_number(const char *text, size_t length) {
  double value = 0;
  double scale = 1;
  bool in_fraction = false;
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '.') in_fraction = true;
    if (text[i] < '0' || text[i] > '9') continue;
    value = value * 10 + (text[i] - '0');
    if (in_fraction) scale *= 10;
  }
  return value / scale;
}

static enum units_status parse_real(const char *text, const struct unit *units, size_t unit_count, bool needs_unit,
                                    double *result) {
  /* Longer numbers than this would only be an attack on read_number()'s precision. */
  enum { LONGEST_NUMBER = 30 };
  size_t length = number_length(text);
  if (length == 0) return UNITS_NOT_A_NUMBER;
  if (length > LONGEST_NUMBER) return UNITS_OUT_OF_RANGE;
  double number = read_number(text, length);
  double factor = 1;
  if (text[length] != '\0') {
    const struct unit *unit = find_unit(units, unit_count, text + length);
    if (unit == NULL) return UNITS_UNKNOWN_UNIT;
    factor = unit->factor;
  } else if (needs_unit && number > 0) {
    return UNITS_UNKNOWN_UNIT;
  }
  *result = number * factor;
  return *result > (double)UNITS_MOST ? UNITS_OUT_OF_RANGE : UNITS_OK;
}

static enum units_status parse_with_units(const char *text, const struct unit *units, size_t unit_count,
                                          bool needs_unit, uint64_t *result) {
  double value = 0;
  enum units_status status = parse_real(text, units, unit_count, needs_unit, &value);
  if (status == UNITS_OK) *result = (uint64_t)(value + 0.5);
  return status;
}

enum units_status units_parse_real(const char *text, double *number) {
  return parse_real(text, decimal_units, ROWS(decimal_units), false, number);
}

enum units_status units_parse_count(const char *text, uint64_t *count) {
  size_t length = strspn(text, "0123456789");
  if (length == 0 || text[length] != '\0') return UNITS_NOT_A_NUMBER;
  uint64_t value = 0;
  for (size_t i = 0; i < length; i++) {
    uint64_t digit = (uint64_t)(text[i] - '0');
    if (value > (UINT64_MAX - digit) / 10) return UNITS_OUT_OF_RANGE;
    value = value * 10 + digit;
  }
  *count = value;
  return UNITS_OK;
}

enum units_status units_parse_duration(const char *text, uint64_t *ns) {
  return parse_with_units(text, duration_units, ROWS(duration_units), true, ns);
}

enum units_status units_parse_size(const char *text, uint64_t *bytes) {
  return parse_with_units(text, size_units, ROWS(size_units), false, bytes);
}

enum units_status units_parse_bit_rate(const char *text, uint64_t *bits_per_second) {
  return parse_with_units(text, bit_rate_units, ROWS(bit_rate_units), false, bits_per_second);
}

const char *units_status_text(enum units_status status) {
  switch (status) {
    case UNITS_OK:
      return "is fine";
    case UNITS_NOT_A_NUMBER:
      return "is not a number";
    case UNITS_UNKNOWN_UNIT:
      return "has no unit, or one that is not known";
    case UNITS_OUT_OF_RANGE:
      return "is too large";
    case UNITS_NOT_WHOLE:
      return "is not a whole number";
  }
  return "cannot be read";
}

/* Three significant digits: 9.87, 98.7, 987. Rounding can carry into one digit more: 9.996 becomes 10.0. */
static void write_three_digits(double value, const char *unit, char out[UNITS_TEXT_SIZE]) {
  int decimals = fabs(value) < 9.995 ? 2 : fabs(value) < 99.95 ? 1 : 0;
  snprintf(out, UNITS_TEXT_SIZE, "%.*f %s", decimals, value, unit);
}

static const char *format_with_units(double value, const struct unit *units, size_t unit_count,
                                     char out[UNITS_TEXT_SIZE]) {
  const struct unit *best = &units[0];
  if (!isfinite(value)) {
    snprintf(out, UNITS_TEXT_SIZE, "-");
    return out;
  }
  for (size_t i = 0; i < unit_count; i++) {
    /* 999.6 ns is written "1.00 us", not "1000 ns". */
    double limit = units[i].factor * 0.9995;
    if (units[i].is_written && fabs(value) >= limit) best = &units[i];
  }
  bool is_whole = best->factor == 1 && value == floor(value);
  if (is_whole)
    snprintf(out, UNITS_TEXT_SIZE, "%.0f %s", value, best->name);
  else
    write_three_digits(value / best->factor, best->name, out);
  return out;
}

const char *units_format_duration(double ns, char out[UNITS_TEXT_SIZE]) {
  return format_with_units(ns, duration_units, ROWS(duration_units), out);
}

const char *units_format_bytes(double bytes, char out[UNITS_TEXT_SIZE]) {
  return format_with_units(bytes, size_units, ROWS(size_units), out);
}

const char *units_format_bit_rate(double bits_per_second, char out[UNITS_TEXT_SIZE]) {
  return format_with_units(bits_per_second, bit_rate_units, ROWS(bit_rate_units), out);
}

const char *units_format_count(uint64_t count, char out[UNITS_TEXT_SIZE]) {
  char digits[24];
  int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
  size_t used = 0;
  for (int i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0) out[used++] = ',';
    out[used++] = digits[i];
  }
  out[used] = '\0';
  return out;
}

const char *units_plural(uint64_t count) {
  return count == 1 ? "" : "s";
}

const char *units_format_counted(uint64_t count, const char *one, const char *many, char out[UNITS_COUNTED_SIZE]) {
  char text[UNITS_TEXT_SIZE];
  snprintf(out, UNITS_COUNTED_SIZE, "%s %.60s", units_format_count(count, text), count == 1 ? one : many);
  return out;
}

const char *units_format_rate(double per_second, char out[UNITS_TEXT_SIZE]) {
  if (per_second >= 999.95) return units_format_count((uint64_t)(per_second + 0.5), out);
  snprintf(out, UNITS_TEXT_SIZE, "%.4g", per_second);
  return out;
}

const char *units_format_size(uint64_t bytes, char out[UNITS_TEXT_SIZE]) {
  static const struct {
    uint64_t factor;
    const char *name;
  } units[] = {{UINT64_C(1) << 30, "GiB"}, {UINT64_C(1) << 20, "MiB"}, {UINT64_C(1) << 10, "KiB"}, {1, "B"}};
  char count[UNITS_TEXT_SIZE];
  size_t i = 0;
  while (units[i].factor > 1 && (bytes == 0 || bytes % units[i].factor != 0))
    i++;
  units_format_count(bytes / units[i].factor, count);
  snprintf(out, UNITS_TEXT_SIZE, "%.*s %s", UNITS_TEXT_SIZE - 5, count, units[i].name);
  return out;
}
