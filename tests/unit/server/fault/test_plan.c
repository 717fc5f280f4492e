/* Which message a fault befalls: by the seed alone, and as often as was asked for. */
#include "server/fault/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/wire/wire.h"
#include "tests/unit/unit_test.h"

#define DRAWS 100000

static struct fault_spec spec_of(const char *text) {
  struct fault_spec spec = {0};
  char problem[FAULT_PROBLEM_SIZE];
  assert_true(fault_spec_add(&spec, text, problem));
  return spec;
}

/* Decides about so many messages; `hits` gets a byte of each. */
static uint64_t draw(const struct fault_spec *spec, uint64_t seed, unsigned reach, enum wire_fault fault,
                     uint8_t *hits) {
  struct fault_plan plan;
  struct fault_decision decision;
  uint64_t count = 0;
  fault_plan_begin(&plan, spec, seed, 0);
  for (size_t i = 0; i < DRAWS; i++) {
    fault_plan_decide(&plan, reach, 0, &decision);
    hits[i] = decision.befalls[fault];
    count += hits[i];
  }
  return count;
}

static uint8_t hits[DRAWS], others[DRAWS];

static void a_seed_decides_alone(void **state) {
  (void)state;
  struct fault_spec alone = spec_of("drop=1%"), beside = spec_of("delay=1ms-5ms,drop=1%,corrupt=3%");
  draw(&alone, 7, FAULT_OF_TCP, WIRE_FAULT_DROP, hits);
  draw(&alone, 7, FAULT_OF_TCP, WIRE_FAULT_DROP, others);
  assert_memory_equal(hits, others, sizeof hits);
  draw(&beside, 7, FAULT_OF_TCP, WIRE_FAULT_DROP, others);
  assert_memory_equal(hits, others, sizeof hits);
  draw(&alone, 8, FAULT_OF_TCP, WIRE_FAULT_DROP, others);
  assert_memory_not_equal(hits, others, sizeof hits);
}

/* Within five standard deviations of a binomial count: each row is a fixed sequence, so it holds always or never. */
static void a_share_is_as_large_as_asked_for(void **state) {
  (void)state;
  static const char *const shares[] = {"0.1", "1", "10", "50", "99"};
  static const enum wire_fault faults[] = {WIRE_FAULT_DELAY,   WIRE_FAULT_DROP,    WIRE_FAULT_DUPLICATE,
                                           WIRE_FAULT_REORDER, WIRE_FAULT_CORRUPT, WIRE_FAULT_TRUNCATE};
  for (size_t f = 0; f < COUNT_OF(faults); f++)
    for (size_t s = 0; s < COUNT_OF(shares); s++)
      for (uint64_t seed = 1; seed <= 3; seed++) {
        char text[64];
        snprintf(text, sizeof text, faults[f] == WIRE_FAULT_DELAY ? "%s=1ms@%s%%" : "%s=%s%%",
                 wire_fault_name(faults[f]), shares[s]);
        struct fault_spec spec = spec_of(text);
        double share = strtod(shares[s], NULL) / 100, deviation = sqrt(DRAWS * share * (1 - share));
        double count = (double)draw(&spec, seed, FAULT_OF_UDP, faults[f], hits);
        assert_float_equal(count, DRAWS * share, 5 * deviation);
      }
  struct fault_spec all = spec_of("drop=100%");
  assert_int_equal(draw(&all, 1, FAULT_OF_UDP, WIRE_FAULT_DROP, hits), DRAWS);
}

static void a_fault_of_udp_alone_befalls_no_stream(void **state) {
  (void)state;
  struct fault_spec spec = spec_of("reorder=50%");
  assert_int_equal(draw(&spec, 1, FAULT_OF_TCP, WIRE_FAULT_REORDER, hits), 0);
}

static void each_spread_has_its_mean_and_bounds(void **state) {
  (void)state;
  static const struct {
    const char *text;
    double least, most, mean, deviation;
  } cases[] = {
      {"delay=2ms", 2e6, 2e6, 2e6, 0},
      {"delay=1ms-5ms", 1e6, 5e6, 3e6, 4e6 / 3.4641},
      {"delay=exp:2ms", 0, 1e12, 2e6, 2e6},
      {"delay=normal:2ms/200us", 0, 1e12, 2e6, 2e5},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct fault_spec spec = spec_of(cases[i].text);
    struct fault_plan plan;
    struct fault_decision decision;
    double sum = 0, squares = 0;
    fault_plan_begin(&plan, &spec, 1, 0);
    for (size_t n = 0; n < DRAWS; n++) {
      fault_plan_decide(&plan, FAULT_OF_TCP, 0, &decision);
      double ns = (double)decision.delay_ns;
      assert_true(ns >= cases[i].least && ns <= cases[i].most);
      sum += ns;
      squares += ns * ns;
    }
    double mean = sum / DRAWS, deviation = sqrt(fmax(0, squares / DRAWS - mean * mean));
    assert_float_equal(mean, cases[i].mean, cases[i].mean * 0.02);
    assert_float_equal(deviation, cases[i].deviation, cases[i].mean * 0.02);
  }
}

static void a_stall_begins_each_period_but_the_first(void **state) {
  (void)state;
  struct fault_spec spec = spec_of("stall=200ms/1s");
  struct fault_plan plan;
  struct fault_decision decision;
  static const struct {
    uint64_t after_ms, left_ms;
  } cases[] = {{0, 0}, {100, 0}, {999, 0}, {1000, 200}, {1050, 150}, {1199, 1}, {1200, 0}, {1999, 0}, {5010, 190}};
  fault_plan_begin(&plan, &spec, 1, 5000);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    fault_plan_decide(&plan, FAULT_OF_TCP, 5000 + cases[i].after_ms * 1000000, &decision);
    assert_int_equal(decision.stall_ns, cases[i].left_ms * 1000000);
    assert_int_equal(decision.befalls[WIRE_FAULT_STALL], cases[i].left_ms > 0);
  }
}

/* What tells which frame it is stays, and so does what the server fills in. */
static void a_frame_is_changed_where_it_can_be_seen(void **state) {
  (void)state;
  static const size_t lengths[] = {40, 41, 63, 64, 65, 1400, 65536};
  for (size_t i = 0; i < COUNT_OF(lengths); i++)
    for (uint64_t place = 0; place < 5000; place += 7) {
      size_t at = fault_plan_corrupt_at(place, lengths[i], true),
             left = fault_plan_truncate_to(place, lengths[i], true);
      assert_true(at < lengths[i]);
      assert_true((at >= 16 && at < 24) || at >= WIRE_TIMED_FRAME_BYTES_MIN);
      assert_true(left >= WIRE_FRAME_HEADER_BYTES && (left < lengths[i] || lengths[i] == WIRE_FRAME_HEADER_BYTES));
    }
  assert_int_equal(fault_plan_truncate_to(9, 1, false), 1);
  assert_int_equal(fault_plan_corrupt_at(9, 1, false), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_seed_decides_alone),
      cmocka_unit_test(a_share_is_as_large_as_asked_for),
      cmocka_unit_test(a_fault_of_udp_alone_befalls_no_stream),
      cmocka_unit_test(each_spread_has_its_mean_and_bounds),
      cmocka_unit_test(a_stall_begins_each_period_but_the_first),
      cmocka_unit_test(a_frame_is_changed_where_it_can_be_seen),
  };
  return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
