/* The report on faults: its bytes, every way to send too little, and what a newer server may add. */
#include "common/wire/fault_report.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static struct wire_fault_report sample(void) {
  struct wire_fault_report report = {.seed = 7, .no_room = 9, .spec = "drop=1%"};
  for (size_t i = 0; i < WIRE_FAULT_COUNT; i++)
    report.counts[i] = (struct wire_fault_count){.count = i + 1, .held_ns = UINT64_C(1) << (i + 40)};
  return report;
}

static void it_survives_a_round_trip(void **state) {
  (void)state;
  uint8_t bytes[WIRE_FAULT_REPORT_BYTES_MAX];
  struct wire_fault_report sent = sample(), got;
  size_t length = wire_put_fault_report(&sent, bytes);
  assert_int_equal(length, 32 + 24 * WIRE_FAULT_COUNT + strlen(sent.spec));
  assert_true(wire_get_fault_report(guard_page_place(bytes, length), length, &got));
  assert_memory_equal(&sent, &got, sizeof sent);
}

static void it_has_the_documented_bytes(void **state) {
  (void)state;
  static const uint8_t head[] = {0x8b, 'L', 'O', 'P', 'F', 'L', 'T', '1', 1, WIRE_FAULT_COUNT, 7, 0};
  uint8_t bytes[WIRE_FAULT_REPORT_BYTES_MAX];
  struct wire_fault_report sent = sample();
  size_t length = wire_put_fault_report(&sent, bytes);
  assert_memory_equal(bytes, head, sizeof head);
  assert_int_equal(bytes[12] | bytes[13] << 8, length);
  assert_int_equal(bytes[16], 7);
  assert_int_equal(bytes[24], 9);
  assert_int_equal(bytes[32 + 24 * WIRE_FAULT_DROP], WIRE_FAULT_DROP);
  assert_int_equal(bytes[32 + 24 * WIRE_FAULT_DROP + 8], WIRE_FAULT_DROP + 1);
  assert_memory_equal(bytes + length - 7, "drop=1%", 7);
}

static void less_than_all_of_it_is_none(void **state) {
  (void)state;
  uint8_t bytes[WIRE_FAULT_REPORT_BYTES_MAX];
  struct wire_fault_report sent = sample(), got;
  size_t length = wire_put_fault_report(&sent, bytes);
  for (size_t given = 0; given < length; given++) {
    const uint8_t *placed = guard_page_place(bytes, given);
    assert_false(wire_get_fault_report(placed, given, &got));
    assert_int_equal(wire_fault_report_bytes(placed, given), given < WIRE_FAULT_HEAD_BYTES ? 0 : length);
  }
}

static void what_contradicts_itself_is_none(void **state) {
  (void)state;
  static const size_t wrong[] = {0, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (size_t i = 0; i < COUNT_OF(wrong); i++) {
    uint8_t bytes[WIRE_FAULT_REPORT_BYTES_MAX];
    struct wire_fault_report sent = sample(), got;
    size_t length = wire_put_fault_report(&sent, bytes);
    bytes[wrong[i]] ^= 0x40;
    assert_int_equal(wire_fault_report_bytes(bytes, length), SIZE_MAX);
    assert_false(wire_get_fault_report(bytes, length, &got));
  }
}

static void a_kind_that_is_not_known_is_skipped(void **state) {
  (void)state;
  uint8_t bytes[WIRE_FAULT_REPORT_BYTES_MAX];
  struct wire_fault_report sent = sample(), got;
  size_t length = wire_put_fault_report(&sent, bytes);
  bytes[32 + 24 * WIRE_FAULT_CLOSE] = 200;
  assert_true(wire_get_fault_report(bytes, length, &got));
  assert_int_equal(got.counts[WIRE_FAULT_CLOSE].count, 0);
  assert_int_equal(got.counts[WIRE_FAULT_DROP].count, sent.counts[WIRE_FAULT_DROP].count);
}

static void what_is_hidden_has_no_count_whoever_sends_one(void **state) {
  (void)state;
  uint8_t bytes[WIRE_FAULT_REPORT_BYTES_MAX];
  struct wire_fault_report sent = sample(), got;
  strcpy(sent.spec, "drop=12");
  size_t length = wire_put_fault_report(&sent, bytes);
  memcpy(bytes + length - 2, "?,", 2);
  assert_true(wire_get_fault_report(bytes, length, &got));
  assert_int_equal(got.counts[WIRE_FAULT_DROP].count, 0);
  assert_int_equal(got.counts[WIRE_FAULT_DELAY].count, sent.counts[WIRE_FAULT_DELAY].count);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(it_survives_a_round_trip),
      cmocka_unit_test(it_has_the_documented_bytes),
      cmocka_unit_test(what_is_hidden_has_no_count_whoever_sends_one),
      cmocka_unit_test(less_than_all_of_it_is_none),
      cmocka_unit_test(what_contradicts_itself_is_none),
      cmocka_unit_test(a_kind_that_is_not_known_is_skipped),
  };
  return cmocka_run_group_tests_name("fault_report", tests, NULL, NULL);
}
