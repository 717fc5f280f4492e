/* A peak at 40 ms is told from round trips that are slow for other reasons. */
#include "client/stats/delayed_ack.h"

#include "tests/unit/unit_test.h"

#define US UINT64_C(1000)
#define MS UINT64_C(1000000)

/* So many values each: fast ones around 20 us, and from `first` to `last` evenly. */
static void fill(struct histogram *histogram, size_t fast, size_t slow, uint64_t first, uint64_t last) {
  histogram_reset(histogram);
  for (size_t i = 0; i < fast; i++)
    histogram_record(histogram, 20 * US + i % 1000);
  for (size_t i = 0; i < slow; i++)
    histogram_record(histogram, first + (last - first) * i / (slow > 1 ? slow - 1 : 1));
}

static void the_peak_is_told_from_other_slow_round_trips(void **state) {
  static const struct {
    size_t fast, slow;
    uint64_t first, last;
    bool wanted;
  } cases[] = {
      {0, 68, 41 * MS, 44 * MS, true},      /* all of them */
      {1000, 1000, 40 * MS, 44 * MS, true}, /* every other */
      {1000, 10, 40 * MS, 41 * MS, true},   /* 1 % */
      {100000, 1000, 40 * MS, 41 * MS, true},
      {1000, 2, 40 * MS, 41 * MS, false},     /* chance */
      {100000, 100, 40 * MS, 41 * MS, false}, /* 0.1 %: too few to matter */
      {1000, 1000, 1 * MS, 100 * MS, false},  /* slow in every way */
      {1000, 1000, 30 * MS, 50 * MS, false},
      {1000, 1000, 40 * MS, 90 * MS, false},
      {0, 40, 41 * MS, 58 * MS, true}, /* on a busy machine */
      {1000, 1000, 5 * MS, 6 * MS, false},
      {1000, 1000, 200 * MS, 204 * MS, false},
      {1000, 0, 0, 0, false},
      {0, 0, 0, 0, false},
  };
  struct histogram *histogram = histogram_create();
  struct mode found;
  (void)state;
  assert_non_null(histogram);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    fill(histogram, cases[i].fast, cases[i].slow, cases[i].first, cases[i].last);
    if (delayed_ack_find(histogram, &found) != cases[i].wanted) fail_msg("case %zu", i);
  }
  histogram_free(histogram);
}

static void the_peak_has_its_own_count_and_median(void **state) {
  struct histogram *histogram = histogram_create();
  struct mode found;
  (void)state;
  assert_non_null(histogram);
  fill(histogram, 900, 101, 41 * MS, 43 * MS);
  assert_true(delayed_ack_find(histogram, &found));
  assert_int_equal(found.count, 101);
  assert_in_range(found.p50_ns, 42 * MS - 50 * US, 42 * MS + 50 * US);
  histogram_free(histogram);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_peak_is_told_from_other_slow_round_trips),
      cmocka_unit_test(the_peak_has_its_own_count_and_median),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
