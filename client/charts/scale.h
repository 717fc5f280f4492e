/*
 * An axis of a chart: where a value stands between two ends of the drawing, and which values are marked on it. Pure.
 */
#ifndef LOPING_CLIENT_CHARTS_SCALE_H
#define LOPING_CLIENT_CHARTS_SCALE_H

#include <stddef.h>

#define SCALE_TICKS_MAX  12
#define SCALE_LABEL_SIZE 32

/* What the values are, and so how they are written. */
enum scale_kind {
  SCALE_DURATION, /* ns */
  SCALE_BIT_RATE, /* bits a second */
  SCALE_RATE,     /* things a second */
  SCALE_COUNT,
  SCALE_BYTES,
  SCALE_SHARE,      /* percent of all */
  SCALE_PERCENTILE, /* percent: placed as HdrHistogram does, so that each further nine has the same room */
};

struct scale {
  enum scale_kind kind;
  int is_log;       /* each factor has the same room; low is above 0 then */
  double low, high; /* values at the two ends */
  double from, to;  /* where these stand */
};

/* The axis that holds all values from `least` to `most`, at round ends. A log axis begins above 0. Of equal values one
 * that has them in the middle. */
struct scale scale_make(enum scale_kind kind, int is_log, double least, double most, double from, double to);

/* Where the value stands; what lies outside stands at the end. */
double scale_place(const struct scale *scale, double value);

/* The values to be marked, from low to high, at most as many as `most`. Returns their number. */
size_t scale_ticks(const struct scale *scale, size_t most, double ticks[SCALE_TICKS_MAX]);

/* "20 us", "1.5 Gbit/s", "99.9 %": short, as a mark. Writes into `out` and returns it. */
const char *scale_label(enum scale_kind kind, double value, char out[SCALE_LABEL_SIZE]);

#endif
