/* The histogram against the plain truth: sorted samples, sums over all of them. */
#include "client/stats/histogram.h"

#include <math.h>
#include <stdlib.h>

#include "tests/unit/unit_test.h"

#define SAMPLE_COUNT 20000
/* What 3 significant digits promise: the answer is at most a thousandth above the exact sample. */
#define PRECISION 0.001

static const double percents[] = {0, 1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 99.999, 100};

/* xorshift64* (Marsaglia 2003, Vigna 2016): the same samples on every machine. */
static uint64_t next_random(uint64_t *state) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * UINT64_C(2685821657736338717);
}

static double next_unit(uint64_t *state) {
  return ((double)(next_random(state) >> 11) + 0.5) / 9007199254740992.0;
}

static uint64_t sample_uniform(uint64_t *state) {
  return 1 + next_random(state) % HISTOGRAM_MAX_NS;
}

static uint64_t sample_exponential(uint64_t *state) {
  return (uint64_t)(1 - 20000.0 * log(next_unit(state)));
}

/* Round trips as they are: most near 12 us, one in a hundred a hundred times as long. */
static uint64_t sample_two_modes(uint64_t *state) {
  uint64_t base = next_random(state) % 100 == 0 ? 1200000 : 12000;
  return base + next_random(state) % (base / 4);
}

static uint64_t sample_log_uniform(uint64_t *state) {
  return (uint64_t)exp(next_unit(state) * log((double)HISTOGRAM_MAX_NS));
}

static uint64_t sample_small(uint64_t *state) {
  return 1 + next_random(state) % 4096;
}

static uint64_t sample_constant(uint64_t *state) {
  (void)state;
  return 123456789;
}

static uint64_t sample_heavy_tail(uint64_t *state) {
  double value = 1000.0 / pow(next_unit(state), 1.5);
  return value > (double)HISTOGRAM_MAX_NS ? HISTOGRAM_MAX_NS : (uint64_t)value;
}

static const struct {
  const char *name;
  uint64_t (*sample)(uint64_t *state);
} distributions[] = {
    {"uniform", sample_uniform},       {"exponential", sample_exponential},
    {"two modes", sample_two_modes},   {"log-uniform", sample_log_uniform},
    {"small", sample_small},           {"constant", sample_constant},
    {"heavy tail", sample_heavy_tail},
};

static int compare_samples(const void *one, const void *other) {
  uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;
  return (a > b) - (a < b);
}

static uint64_t exact_percentile(const uint64_t *sorted, size_t count, double percent) {
  /* Nearest rank, in integers: the percents above have at most three decimals. */
  uint64_t thousandths = (uint64_t)llround(percent * 1000);
  uint64_t rank = (thousandths * count + 99999) / 100000;
  return sorted[rank == 0 ? 0 : rank - 1];
}

static void check_percentiles(const char *name, const struct histogram *histogram, const uint64_t *sorted,
                              size_t count) {
  for (size_t i = 0; i < COUNT_OF(percents); i++) {
    uint64_t exact = exact_percentile(sorted, count, percents[i]);
    uint64_t got = histogram_percentile(histogram, percents[i]);
    if (got < exact || (double)(got - exact) > (double)exact * PRECISION)
      fail_msg("%s, %zu samples, p%g: wanted %llu, got %llu", name, count, percents[i], (unsigned long long)exact,
               (unsigned long long)got);
  }
}

static void check_moments(const char *name, const struct histogram *histogram, const uint64_t *sorted, size_t count) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < count; i++)
    sum += (double)sorted[i];
  double mean = sum / (double)count;
  for (size_t i = 0; i < count; i++)
    squares += ((double)sorted[i] - mean) * ((double)sorted[i] - mean);
  double stddev = count < 2 ? 0 : sqrt(squares / (double)(count - 1));
  if (fabs(histogram_mean(histogram) - mean) > mean * 1e-9)
    fail_msg("%s: wanted mean %g, got %g", name, mean, histogram_mean(histogram));
  if (fabs(histogram_stddev(histogram) - stddev) > stddev * 1e-6 + 1e-6)
    fail_msg("%s: wanted stddev %g, got %g", name, stddev, histogram_stddev(histogram));
  assert_int_equal(histogram_min(histogram), sorted[0]);
  assert_int_equal(histogram_max(histogram), sorted[count - 1]);
  assert_int_equal(histogram_count(histogram), count);
}

static void percentiles_agree_with_sorted_samples(void **state) {
  (void)state;
  static const size_t counts[] = {1, 2, 3, 10, 999, 1000, 1001, SAMPLE_COUNT};
  uint64_t *samples = malloc(SAMPLE_COUNT * sizeof(*samples));
  struct histogram *histogram = histogram_create();
  assert_non_null(samples);
  assert_non_null(histogram);
  for (size_t d = 0; d < COUNT_OF(distributions); d++) {
    for (size_t c = 0; c < COUNT_OF(counts); c++) {
      uint64_t seed = UINT64_C(0x9e3779b97f4a7c15) + d;
      histogram_reset(histogram);
      for (size_t i = 0; i < counts[c]; i++) {
        samples[i] = distributions[d].sample(&seed);
        histogram_record(histogram, samples[i]);
      }
      qsort(samples, counts[c], sizeof(*samples), compare_samples);
      check_percentiles(distributions[d].name, histogram, samples, counts[c]);
      check_moments(distributions[d].name, histogram, samples, counts[c]);
    }
  }
  histogram_free(histogram);
  free(samples);
}

static void an_empty_histogram_answers_zero(void **state) {
  (void)state;
  struct histogram *histogram = histogram_create();
  size_t cursor = 0;
  uint64_t upper_ns, count;
  assert_non_null(histogram);
  assert_int_equal(histogram_count(histogram), 0);
  assert_int_equal(histogram_clamped(histogram), 0);
  assert_int_equal(histogram_min(histogram), 0);
  assert_int_equal(histogram_max(histogram), 0);
  assert_true(histogram_mean(histogram) == 0);
  assert_true(histogram_stddev(histogram) == 0);
  for (size_t i = 0; i < COUNT_OF(percents); i++)
    assert_int_equal(histogram_percentile(histogram, percents[i]), 0);
  assert_false(histogram_next(histogram, &cursor, &upper_ns, &count));
  histogram_free(histogram);
}

static void values_below_2048_ns_are_counted_exactly(void **state) {
  (void)state;
  struct histogram *histogram = histogram_create();
  assert_non_null(histogram);
  for (uint64_t ns = 1; ns < 2048; ns++) {
    histogram_reset(histogram);
    histogram_record(histogram, ns);
    histogram_record(histogram, HISTOGRAM_MAX_NS);
    assert_int_equal(histogram_percentile(histogram, 50), ns);
  }
  histogram_free(histogram);
}

/* Around every power of two, where the width of the sub-buckets changes. */
static void each_value_is_counted_within_a_thousandth(void **state) {
  (void)state;
  struct histogram *histogram = histogram_create();
  assert_non_null(histogram);
  for (unsigned bit = 1; bit < 43; bit++) {
    for (int64_t step = -2; step <= 2; step++) {
      uint64_t ns = (UINT64_C(1) << bit) + (uint64_t)step;
      if (ns == 0 || ns > HISTOGRAM_MAX_NS) continue;
      size_t cursor = 0;
      uint64_t upper_ns = 0, count = 0;
      histogram_reset(histogram);
      histogram_record(histogram, ns);
      assert_true(histogram_next(histogram, &cursor, &upper_ns, &count));
      assert_int_equal(count, 1);
      if (upper_ns < ns || (double)(upper_ns - ns) > (double)ns * PRECISION)
        fail_msg("%llu ns is counted up to %llu ns", (unsigned long long)ns, (unsigned long long)upper_ns);
      assert_false(histogram_next(histogram, &cursor, &upper_ns, &count));
    }
  }
  histogram_free(histogram);
}

static void zero_counts_as_one(void **state) {
  (void)state;
  struct histogram *histogram = histogram_create();
  assert_non_null(histogram);
  histogram_record(histogram, 0);
  assert_int_equal(histogram_count(histogram), 1);
  assert_int_equal(histogram_min(histogram), 1);
  assert_int_equal(histogram_percentile(histogram, 100), 1);
  histogram_free(histogram);
}

static void values_beyond_the_range_are_clamped_but_not_forgotten(void **state) {
  (void)state;
  static const struct {
    uint64_t ns;
    uint64_t clamped;
  } cases[] = {{HISTOGRAM_MAX_NS - 1, 0}, {HISTOGRAM_MAX_NS, 0}, {HISTOGRAM_MAX_NS + 1, 1}, {INT64_MAX, 1}};
  struct histogram *histogram = histogram_create();
  assert_non_null(histogram);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    histogram_reset(histogram);
    histogram_record(histogram, cases[i].ns);
    assert_int_equal(histogram_clamped(histogram), cases[i].clamped);
    assert_int_equal(histogram_max(histogram), cases[i].ns);
    assert_int_equal(histogram_min(histogram), cases[i].ns);
    assert_true(fabs(histogram_mean(histogram) - (double)cases[i].ns) <= (double)cases[i].ns * 1e-9);
    assert_int_equal(histogram_percentile(histogram, 100), cases[i].ns);
  }
  histogram_free(histogram);
}

static void a_percentile_is_never_above_the_maximum(void **state) {
  (void)state;
  struct histogram *histogram = histogram_create();
  assert_non_null(histogram);
  histogram_record(histogram, 1000001);
  for (size_t i = 0; i < COUNT_OF(percents); i++)
    assert_int_equal(histogram_percentile(histogram, percents[i]), 1000001);
  histogram_free(histogram);
}

/* Far from zero and close together: sums of plain squares would lose all digits here. */
static void the_deviation_of_close_values_survives(void **state) {
  (void)state;
  struct histogram *histogram = histogram_create();
  assert_non_null(histogram);
  for (uint64_t i = 0; i < 1000; i++)
    histogram_record(histogram, UINT64_C(59000000000) + i % 2);
  assert_true(fabs(histogram_stddev(histogram) - 0.50025) < 0.0001);
  histogram_free(histogram);
}

static void the_sub_buckets_rise_and_hold_every_value(void **state) {
  (void)state;
  struct histogram *histogram = histogram_create();
  uint64_t seed = 7, upper_ns = 0, count = 0, before = 0, total = 0;
  size_t cursor = 0;
  assert_non_null(histogram);
  for (size_t i = 0; i < SAMPLE_COUNT; i++)
    histogram_record(histogram, sample_log_uniform(&seed));
  while (histogram_next(histogram, &cursor, &upper_ns, &count)) {
    assert_true(upper_ns > before);
    assert_true(count > 0);
    before = upper_ns;
    total += count;
  }
  assert_int_equal(total, SAMPLE_COUNT);
  histogram_free(histogram);
}

static void freeing_nothing_is_fine(void **state) {
  (void)state;
  histogram_free(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(percentiles_agree_with_sorted_samples),
      cmocka_unit_test(an_empty_histogram_answers_zero),
      cmocka_unit_test(values_below_2048_ns_are_counted_exactly),
      cmocka_unit_test(each_value_is_counted_within_a_thousandth),
      cmocka_unit_test(zero_counts_as_one),
      cmocka_unit_test(values_beyond_the_range_are_clamped_but_not_forgotten),
      cmocka_unit_test(a_percentile_is_never_above_the_maximum),
      cmocka_unit_test(the_deviation_of_close_values_survives),
      cmocka_unit_test(the_sub_buckets_rise_and_hold_every_value),
      cmocka_unit_test(freeing_nothing_is_fine),
  };
  return cmocka_run_group_tests_name("histogram", tests, NULL, NULL);
}
