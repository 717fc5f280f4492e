/* Held answers leave in the order of their moments, and those of an owner that ends not at all. */
#include "server/fault/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "common/text/clock.h"
#include "tests/unit/unit_test.h"

#define ANSWERS 1000

static struct left {
  size_t count;
  uint64_t due_ns[ANSWERS], numbers[ANSWERS];
} left;

static void leave(struct held_answer *answer) {
  assert_true(clock_now_ns() >= answer->due_ns);
  assert_memory_equal(answer->bytes, "held", 4);
  left.due_ns[left.count] = answer->due_ns;
  left.numbers[left.count++] = answer->number;
}

static void add(struct fault_schedule *schedule, uint64_t due_ns, void *owner) {
  struct held_answer *answer = held_answer_make((const uint8_t *)"held", 4);
  assert_non_null(answer);
  answer->leave = leave;
  answer->owner = owner;
  answer->due_ns = due_ns;
  assert_int_equal(fault_schedule_add(schedule, answer), 0);
}

static void end(struct fault_schedule *schedule, uv_loop_t *loop) {
  fault_schedule_end(schedule);
  uv_run(loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(loop), 0);
}

/* The loop ends by itself as soon as nothing is held. */
static void answers_leave_in_the_order_of_their_moments(void **state) {
  (void)state;
  uv_loop_t loop;
  struct fault_schedule schedule;
  left.count = 0;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(fault_schedule_begin(&schedule, &loop), 0);
  uint64_t begin_ns = clock_now_ns();
  for (uint64_t i = 0; i < ANSWERS; i++)
    add(&schedule, begin_ns + (i * 7919 % 97) * 100000, NULL);
  assert_int_equal(schedule.bytes, ANSWERS * held_answer_weight(4));
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(left.count, ANSWERS);
  for (size_t i = 1; i < ANSWERS; i++) {
    assert_true(left.due_ns[i - 1] <= left.due_ns[i]);
    if (left.due_ns[i - 1] == left.due_ns[i]) assert_true(left.numbers[i - 1] < left.numbers[i]);
  }
  assert_int_equal(schedule.bytes, 0);
  end(&schedule, &loop);
}

static void those_of_an_owner_that_ends_never_leave(void **state) {
  (void)state;
  uv_loop_t loop;
  struct fault_schedule schedule;
  int one, other;
  left.count = 0;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(fault_schedule_begin(&schedule, &loop), 0);
  uint64_t begin_ns = clock_now_ns();
  for (uint64_t i = 0; i < ANSWERS; i++)
    add(&schedule, begin_ns + (i * 31 % 89) * 10000, i % 3 == 0 ? &one : &other);
  fault_schedule_forget(&schedule, &other);
  assert_int_equal(schedule.count, (ANSWERS + 2) / 3);
  uv_run(&loop, UV_RUN_DEFAULT);
  assert_int_equal(left.count, (ANSWERS + 2) / 3);
  for (size_t i = 1; i < left.count; i++)
    assert_true(left.due_ns[i - 1] <= left.due_ns[i]);
  end(&schedule, &loop);
}

static void what_is_held_at_the_end_is_freed(void **state) {
  (void)state;
  uv_loop_t loop;
  struct fault_schedule schedule;
  left.count = 0;
  assert_int_equal(uv_loop_init(&loop), 0);
  assert_int_equal(fault_schedule_begin(&schedule, &loop), 0);
  for (uint64_t i = 0; i < 10; i++)
    add(&schedule, clock_now_ns() + 3600 * CLOCK_NS_PER_SECOND, NULL);
  end(&schedule, &loop);
  assert_int_equal(left.count, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(answers_leave_in_the_order_of_their_moments),
      cmocka_unit_test(those_of_an_owner_that_ends_never_leave),
      cmocka_unit_test(what_is_held_at_the_end_is_freed),
  };
  return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
