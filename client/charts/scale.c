/* Axes; see scale.h. */
#include "client/charts/scale.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* How far 100 % would be, as nines: beyond it nobody measures. */
#define NINES_MAX 9.0
/* A log axis of less than so many decades has marks between the powers of ten. */
#define DECADES_WITH_MARKS_BETWEEN 3

/* On the axis itself: 0 % is 0, 90 % is 1, 99 % is 2. */
static double transform(const struct scale *scale, double value) {
  if (scale->kind == SCALE_PERCENTILE) {
    double nines = value >= 100 ? NINES_MAX : -log10(1 - value / 100);
    return nines < 0 ? 0 : nines;
  }
  if (!scale->is_log) return value;
  return log10(value > scale->low ? value : scale->low);
}

/* The step of 1, 2 or 5 times a power of ten that is at least `least`. */
static double round_step(double least) {
  double power = pow(10, floor(log10(least)));
  double factor = least / power;
  return (factor <= 1.0000001 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power;
}

static void widen(double *least, double *most) {
  if (*most > *least) return;
  double middle = *least;
  *least = middle > 0 ? middle / 2 : 0;
  *most = middle > 0 ? middle * 1.5 : 1;
}

struct scale scale_make(enum scale_kind kind, int is_log, double least, double most, double from, double to) {
  struct scale scale = {kind, is_log, least, most, from, to};
  if (kind == SCALE_PERCENTILE) return scale;
  widen(&scale.low, &scale.high);
  if (is_log) {
    if (scale.high <= 0) scale.high = 1;
    if (scale.low <= 0) scale.low = scale.high / 1000;
    return scale;
  }
  double step = round_step((scale.high - scale.low) / 5);
  scale.low = floor(scale.low / step + 1e-9) * step;
  scale.high = ceil(scale.high / step - 1e-9) * step;
  return scale;
}

double scale_place(const struct scale *scale, double value) {
  double low = transform(scale, scale->low), high = transform(scale, scale->high);
  double share = high > low ? (transform(scale, value) - low) / (high - low) : 0.5;
  if (!(share > 0)) share = 0;
  if (share > 1) share = 1;
  return scale->from + share * (scale->to - scale->from);
}

static size_t linear_ticks(const struct scale *scale, size_t most, double ticks[SCALE_TICKS_MAX]) {
  size_t count = 0;
  double step = round_step((scale->high - scale->low) / (double)(most > 1 ? most - 1 : 1));
  double first = ceil(scale->low / step - 1e-9);
  for (size_t i = 0; count < most && (first + (double)i) * step <= scale->high + step * 1e-6; i++)
    ticks[count++] = (first + (double)i) * step;
  return count;
}

/* Sizes are powers of two: of 4 or 16 a mark each. */
static size_t byte_ticks(const struct scale *scale, size_t most, double ticks[SCALE_TICKS_MAX]) {
  size_t count = 0;
  double factor = scale->high / scale->low > 4096 ? 16 : 4;
  for (int step = 0; count < most && pow(factor, step) <= scale->high * 1.000001; step++)
    if (pow(factor, step) >= scale->low * 0.999999) ticks[count++] = pow(factor, step);
  return count;
}

static size_t log_ticks(const struct scale *scale, size_t most, double ticks[SCALE_TICKS_MAX]) {
  static const double between[] = {1, 2, 5};
  size_t count = 0;
  int first = (int)floor(log10(scale->low)), last = (int)floor(log10(scale->high));
  bool has_between = last - first < DECADES_WITH_MARKS_BETWEEN;
  int step = has_between ? 1 : (last - first) / (int)most + 1;
  for (int power = first; power <= last; power += step)
    for (size_t i = 0; i < (has_between ? 3 : 1) && count < most; i++) {
      double tick = between[i] * pow(10, power);
      if (tick >= scale->low * 0.999999 && tick <= scale->high * 1.000001) ticks[count++] = tick;
    }
  return count;
}

static size_t percentile_ticks(const struct scale *scale, size_t most, double ticks[SCALE_TICKS_MAX]) {
  static const double marks[] = {0, 50, 90, 99, 99.9, 99.99, 99.999, 99.9999};
  size_t count = 0;
  for (size_t i = 0; i < sizeof marks / sizeof marks[0] && count < most && marks[i] <= scale->high; i++)
    ticks[count++] = marks[i];
  return count;
}

size_t scale_ticks(const struct scale *scale, size_t most, double ticks[SCALE_TICKS_MAX]) {
  if (most > SCALE_TICKS_MAX) most = SCALE_TICKS_MAX;
  if (scale->kind == SCALE_PERCENTILE) return percentile_ticks(scale, most, ticks);
  if (scale->is_log && scale->kind == SCALE_BYTES) return byte_ticks(scale, most, ticks);
  return scale->is_log ? log_ticks(scale, most, ticks) : linear_ticks(scale, most, ticks);
}

struct unit {
  double worth;
  const char *name;
};

static const char *with_unit(const struct unit *units, size_t count, double value, char out[SCALE_LABEL_SIZE]) {
  size_t unit = count - 1;
  while (unit > 0 && fabs(value) < units[unit].worth * 0.9999)
    unit--;
  if (value == 0) unit = 0;
  snprintf(out, SCALE_LABEL_SIZE, "%.4g%s%s", value / units[unit].worth, units[unit].name[0] == '\0' ? "" : " ",
           units[unit].name);
  return out;
}

#define WITH_UNIT(units, value, out) with_unit(units, sizeof(units) / sizeof((units)[0]), value, out)

const char *scale_label(enum scale_kind kind, double value, char out[SCALE_LABEL_SIZE]) {
  if (value == 0 && kind != SCALE_SHARE && kind != SCALE_PERCENTILE) {
    snprintf(out, SCALE_LABEL_SIZE, "0");
    return out;
  }
  static const struct unit durations[] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}};
  static const struct unit bit_rates[] = {{1, "bit/s"}, {1e3, "kbit/s"}, {1e6, "Mbit/s"}, {1e9, "Gbit/s"}};
  static const struct unit numbers[] = {{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}};
  static const struct unit sizes[] = {{1, "B"}, {1024, "KiB"}, {1048576, "MiB"}, {1073741824, "GiB"}};
  switch (kind) {
    case SCALE_DURATION:
      return WITH_UNIT(durations, value, out);
    case SCALE_BIT_RATE:
      return WITH_UNIT(bit_rates, value, out);
    case SCALE_RATE:
    case SCALE_COUNT:
      return WITH_UNIT(numbers, value, out);
    case SCALE_BYTES:
      return WITH_UNIT(sizes, value, out);
    case SCALE_SHARE:
      snprintf(out, SCALE_LABEL_SIZE, "%.4g %%", value);
      return out;
    case SCALE_PERCENTILE:
      snprintf(out, SCALE_LABEL_SIZE, "%.8g %%", value);
      return out;
  }
  return "";
}
