/* The byte stream that loping sends: reproducible, endless, and unlike itself when anything is shifted. */
#include "common/wire/pattern.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define SEED   UINT64_C(0x1234567890abcdef)
#define PERIOD UINT64_C(262139)

static struct pattern *pattern;

static int make_pattern(void **state) {
  (void)state;
  pattern = pattern_create(SEED);
  return pattern == NULL ? -1 : 0;
}

static int free_pattern(void **state) {
  (void)state;
  pattern_free(pattern);
  return 0;
}

static void the_same_seed_makes_the_same_bytes(void **state) {
  (void)state;
  struct pattern *again = pattern_create(SEED);
  assert_non_null(again);
  assert_memory_equal(pattern_at(pattern, 0), pattern_at(again, 0), PATTERN_WINDOW_BYTES);
  pattern_free(again);
}

/* Fixed once: the stream is part of what two builds must agree on. */
static void the_first_bytes_are_those_of_splitmix64(void **state) {
  (void)state;
  struct pattern *zero = pattern_create(0);
  /* 0xe220a8397b1dcdaf, the generator's published first output for seed 0, little-endian. */
  static const uint8_t first[] = {0xaf, 0xcd, 0x1d, 0x7b, 0x39, 0xa8, 0x20, 0xe2};
  assert_non_null(zero);
  assert_memory_equal(pattern_at(zero, 0), first, sizeof(first));
  pattern_free(zero);
}

static void another_seed_makes_other_bytes(void **state) {
  (void)state;
  struct pattern *other = pattern_create(SEED + 1);
  assert_non_null(other);
  assert_memory_not_equal(pattern_at(pattern, 0), pattern_at(other, 0), 64);
  pattern_free(other);
}

static void windows_overlap_as_one_stream(void **state) {
  (void)state;
  static const uint64_t offsets[] = {0, 1, 4095, PERIOD - 1, PERIOD, PERIOD + 1, UINT64_C(1) << 40};
  for (size_t i = 0; i < COUNT_OF(offsets); i++)
    assert_memory_equal(pattern_at(pattern, offsets[i]) + 1, pattern_at(pattern, offsets[i] + 1),
                        PATTERN_WINDOW_BYTES - 1);
}

static void agreeing_bytes_have_no_mismatch(void **state) {
  (void)state;
  static const size_t lengths[] = {0, 1, 63, 64, 4096, 65535, 65536};
  static const uint64_t offsets[] = {0, 1, PERIOD - 3, UINT64_C(1) << 40};
  for (size_t i = 0; i < COUNT_OF(lengths); i++)
    for (size_t j = 0; j < COUNT_OF(offsets); j++) {
      const uint8_t *bytes = guard_page_place(pattern_at(pattern, offsets[j]), lengths[i]);
      assert_int_equal(pattern_first_mismatch(pattern, offsets[j], bytes, lengths[i]), lengths[i]);
    }
}

static void the_first_wrong_byte_is_found_wherever_it_is(void **state) {
  (void)state;
  enum { LENGTH = 300 };
  const uint64_t offset = PERIOD - LENGTH / 2;
  for (size_t wrong = 0; wrong < LENGTH; wrong++) {
    uint8_t *bytes = guard_page_place(pattern_at(pattern, offset), LENGTH);
    bytes[wrong] ^= 0x01;
    bytes[LENGTH - 1] ^= 0x80;
    assert_int_equal(pattern_first_mismatch(pattern, offset, bytes, LENGTH), wrong);
  }
}

static void lengths_beyond_the_window_are_compared_whole(void **state) {
  (void)state;
  const size_t length = 2 * PATTERN_WINDOW_BYTES + 12345;
  uint8_t *bytes = malloc(length);
  assert_non_null(bytes);
  for (size_t done = 0; done < length; done += PATTERN_WINDOW_BYTES) {
    size_t step = length - done < PATTERN_WINDOW_BYTES ? length - done : PATTERN_WINDOW_BYTES;
    memcpy(bytes + done, pattern_at(pattern, 99 + done), step);
  }
  assert_int_equal(pattern_first_mismatch(pattern, 99, bytes, length), length);
  bytes[length - 1] ^= 1;
  assert_int_equal(pattern_first_mismatch(pattern, 99, bytes, length), length - 1);
  bytes[PATTERN_WINDOW_BYTES] ^= 1;
  assert_int_equal(pattern_first_mismatch(pattern, 99, bytes, length), PATTERN_WINDOW_BYTES);
  free(bytes);
}

/* A chunk that was lost, doubled or swapped is a shift by some buffer's size. */
static void a_shift_by_any_usual_size_is_noticed_at_once(void **state) {
  (void)state;
  static const uint64_t shifts[] = {1, 2, 8, 16, 40, 64, 512, 1024, 1448, 4096, 65483, 65536, 131072, 262144, 1048576};
  for (size_t i = 0; i < COUNT_OF(shifts); i++) {
    size_t agreed = pattern_first_mismatch(pattern, 0, pattern_at(pattern, shifts[i]), 64);
    if (agreed > 4) fail_msg("shifted by %llu bytes, %zu bytes agree", (unsigned long long)shifts[i], agreed);
  }
}

static void every_byte_value_occurs(void **state) {
  (void)state;
  bool seen[256] = {false};
  const uint8_t *bytes = pattern_at(pattern, 0);
  for (size_t i = 0; i < 65536; i++)
    seen[bytes[i]] = true;
  for (size_t i = 0; i < COUNT_OF(seen); i++)
    assert_true(seen[i]);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_same_seed_makes_the_same_bytes),
      cmocka_unit_test(the_first_bytes_are_those_of_splitmix64),
      cmocka_unit_test(another_seed_makes_other_bytes),
      cmocka_unit_test(windows_overlap_as_one_stream),
      cmocka_unit_test(agreeing_bytes_have_no_mismatch),
      cmocka_unit_test(the_first_wrong_byte_is_found_wherever_it_is),
      cmocka_unit_test(lengths_beyond_the_window_are_compared_whole),
      cmocka_unit_test(a_shift_by_any_usual_size_is_noticed_at_once),
      cmocka_unit_test(every_byte_value_occurs),
  };
  return cmocka_run_group_tests_name("pattern", tests, make_pattern, free_pattern);
}
