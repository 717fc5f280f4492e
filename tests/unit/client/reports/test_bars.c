/* A few bars for any distribution: none is lost, the edges are round and rise, and the last one ends at the maximum. */
#include "client/reports/bars.h"

#include <stdbool.h>

#include "tests/unit/unit_test.h"

static bool is_round(uint64_t width) {
  while (width >= 10 && width % 10 == 0)
    width /= 10;
  return width == 1 || width == 2 || width == 5;
}

/* What must hold of every histogram's bars. */
static size_t check_bars(const struct histogram *histogram, struct bar bars[BARS_MAX]) {
  size_t count = bars_of(histogram, bars);
  uint64_t sum = 0;
  assert_in_range(count, 1, BARS_MAX);
  /* p1 lies in it. */
  assert_true(bars[0].count > 0);
  for (size_t i = 0; i < count; i++) {
    sum += bars[i].count;
    if (i > 0) assert_true(bars[i].upper_ns > bars[i - 1].upper_ns);
    /* The last edge is the maximum, whatever it is. */
    if (i > 1 && i + 1 < count) {
      uint64_t width = bars[i].upper_ns - bars[i - 1].upper_ns;
      assert_true(is_round(width));
      assert_int_equal(bars[i].upper_ns % width, 0);
      assert_int_equal(width, bars[1].upper_ns - bars[0].upper_ns);
    }
  }
  assert_int_equal(sum, histogram_count(histogram));
  assert_int_equal(bars[count - 1].upper_ns, histogram_max(histogram));
  return count;
}

static void an_empty_histogram_has_no_bars(void **state) {
  (void)state;
  struct bar bars[BARS_MAX];
  struct histogram *histogram = histogram_create();
  assert_non_null(histogram);
  assert_int_equal(bars_of(histogram, bars), 0);
  histogram_free(histogram);
}

static void one_value_is_one_bar(void **state) {
  (void)state;
  static const uint64_t values[] = {1, 2, 999, 1000, 1001, 12345, 1000000, HISTOGRAM_MAX_NS, HISTOGRAM_MAX_NS * 2};
  for (size_t i = 0; i < COUNT_OF(values); i++) {
    struct bar bars[BARS_MAX];
    struct histogram *histogram = histogram_create();
    assert_non_null(histogram);
    for (int n = 0; n < 10; n++)
      histogram_record(histogram, values[i]);
    size_t count = check_bars(histogram, bars);
    assert_int_equal(bars[count - 1].count, 10);
    histogram_free(histogram);
  }
}

/* A deterministic stream of numbers (xorshift64, Marsaglia 2003). */
static uint64_t next_random(uint64_t *seed) {
  *seed ^= *seed << 13;
  *seed ^= *seed >> 7;
  *seed ^= *seed << 17;
  return *seed;
}

static void every_distribution_is_shown_whole(void **state) {
  (void)state;
  static const uint64_t lows[] = {1, 100, 10000, 4000000};
  static const uint64_t spreads[] = {1, 3, 1000, 123456, 987654321};
  static const uint64_t tails[] = {0, 50000, 30000000000};
  uint64_t seed = 88172645463325252;
  for (size_t l = 0; l < COUNT_OF(lows); l++)
    for (size_t s = 0; s < COUNT_OF(spreads); s++)
      for (size_t t = 0; t < COUNT_OF(tails); t++) {
        struct bar bars[BARS_MAX];
        struct histogram *histogram = histogram_create();
        assert_non_null(histogram);
        for (int n = 0; n < 2000; n++)
          histogram_record(histogram, lows[l] + next_random(&seed) % spreads[s]);
        if (tails[t] > 0) histogram_record(histogram, lows[l] + tails[t]);
        check_bars(histogram, bars);
        histogram_free(histogram);
      }
}

/* One slow reply in a thousand must not press all others into one bar. */
static void a_heavy_tail_leaves_the_middle_its_shape(void **state) {
  (void)state;
  struct bar bars[BARS_MAX];
  struct histogram *histogram = histogram_create();
  assert_non_null(histogram);
  for (uint64_t n = 0; n < 1000; n++)
    histogram_record(histogram, 10000 + n * 10);
  histogram_record(histogram, 50000000);
  size_t count = check_bars(histogram, bars);
  size_t filled = 0;
  for (size_t i = 0; i < count; i++)
    if (bars[i].count >= 50) filled++;
  assert_true(filled >= 2);
  histogram_free(histogram);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_histogram_has_no_bars),
      cmocka_unit_test(one_value_is_one_bar),
      cmocka_unit_test(every_distribution_is_shown_whole),
      cmocka_unit_test(a_heavy_tail_leaves_the_middle_its_shape),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
