/* The store of unsent echo: order, and the bound on what it allocates whatever the pieces' sizes. */
#include "server/echo/unsent.h"

#include <string.h>

#include "tests/unit/unit_test.h"

enum { BOUND = 64 * 1024 };

static size_t allocated(const struct unsent *unsent) {
  return unsent->writing.capacity + unsent->growing.capacity;
}

static void an_empty_store_has_nothing_to_write(void **state) {
  struct unsent unsent = {0};
  (void)state;
  assert_int_equal(unsent_held_bytes(&unsent), 0);
  assert_false(unsent_begin_write(&unsent));
  unsent_end_write(&unsent);
  unsent_clear(&unsent);
}

static void pieces_come_out_in_order(void **state) {
  struct unsent unsent = {0};
  (void)state;
  assert_true(unsent_append(&unsent, (const uint8_t *)"one,", 4, BOUND));
  assert_true(unsent_append(&unsent, (const uint8_t *)"two,", 4, BOUND));
  assert_true(unsent_begin_write(&unsent));
  assert_true(unsent_append(&unsent, (const uint8_t *)"three", 5, BOUND));
  assert_int_equal(unsent.writing.length, 8);
  assert_memory_equal(unsent.writing.bytes, "one,two,", 8);
  unsent_end_write(&unsent);
  assert_true(unsent_begin_write(&unsent));
  assert_int_equal(unsent.writing.length, 5);
  assert_memory_equal(unsent.writing.bytes, "three", 5);
  unsent_end_write(&unsent);
  assert_false(unsent_begin_write(&unsent));
  assert_int_equal(unsent_held_bytes(&unsent), 0);
}

/* As the server does: no piece is larger than the room that is left. */
static void both_parts_stay_within_the_bound_for_any_piece_size(void **state) {
  static const size_t piece_sizes[] = {1, 7, 64, 1000, 4095, 4096, 4097, 10000, 30000, BOUND};
  static uint8_t piece[BOUND];
  (void)state;
  for (size_t i = 0; i < COUNT_OF(piece_sizes); i++) {
    for (size_t before_write = 0; before_write < 3; before_write++) {
      struct unsent unsent = {0};
      size_t pieces = 0;
      while (unsent_held_bytes(&unsent) < BOUND) {
        size_t room = BOUND - unsent_held_bytes(&unsent);
        assert_true(unsent_append(&unsent, piece, piece_sizes[i] < room ? piece_sizes[i] : room, BOUND));
        assert_in_range(allocated(&unsent), 1, BOUND);
        if (pieces++ == before_write) assert_true(unsent_begin_write(&unsent));
      }
      unsent_clear(&unsent);
      assert_int_equal(allocated(&unsent), 0);
    }
  }
}

static void beyond_the_bound_exactly_what_is_needed_is_allocated(void **state) {
  static uint8_t piece[BOUND];
  struct unsent unsent = {0};
  (void)state;
  assert_true(unsent_append(&unsent, piece, BOUND, BOUND));
  assert_true(unsent_append(&unsent, piece, 16, BOUND));
  assert_int_equal(unsent.growing.length, BOUND + 16);
  assert_int_equal(unsent.growing.capacity, BOUND + 16);
  unsent_clear(&unsent);
}

static void reading_never_takes_more_than_the_room(void **state) {
  static const struct {
    size_t held, bound, buffer, wanted;
  } cases[] = {
      {0, 262144, 65536, 65536},  {200000, 262144, 65536, 62144}, {262143, 262144, 65536, 1},
      {262144, 262144, 65536, 0}, {300000, 262144, 65536, 0},     {0, 1024, 65536, 1024},
      {SIZE_MAX, 1024, 65536, 0},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(unsent_choose_read_bytes(cases[i].held, cases[i].bound, cases[i].buffer), cases[i].wanted);
}

static void reading_resumes_at_half_the_bound(void **state) {
  (void)state;
  assert_true(unsent_may_resume(0, 1024));
  assert_true(unsent_may_resume(512, 1024));
  assert_false(unsent_may_resume(513, 1024));
  assert_false(unsent_may_resume(1024, 1024));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_store_has_nothing_to_write),
      cmocka_unit_test(pieces_come_out_in_order),
      cmocka_unit_test(both_parts_stay_within_the_bound_for_any_piece_size),
      cmocka_unit_test(beyond_the_bound_exactly_what_is_needed_is_allocated),
      cmocka_unit_test(reading_never_takes_more_than_the_room),
      cmocka_unit_test(reading_resumes_at_half_the_bound),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
