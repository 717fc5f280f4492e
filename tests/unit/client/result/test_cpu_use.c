/* CPU use between two samples, as value tables. */
#include "client/result/cpu_use.h"

#include <math.h>

#include "tests/unit/unit_test.h"

#define SECOND UINT64_C(1000000000)
#define MS     UINT64_C(1000000)

static void assert_near(double got, double wanted) {
  if (fabs(got - wanted) > 1e-9) fail_msg("got %.9f, wanted %.9f", got, wanted);
}

/* Two seconds of a machine with two CPUs. */
static const struct cpu_sample begin = {
    .at_ns = 5 * SECOND,
    .user_ns = 10 * MS,
    .system_ns = 20 * MS,
    .has_server = true,
    .server_ns = 700 * MS,
    .has_machine = true,
    .machine = {.busy_ns = 900 * SECOND, .steal_ns = 3 * SECOND, .total_ns = 2000 * SECOND},
};

static struct cpu_sample end_of(void) {
  struct cpu_sample end = begin;
  end.at_ns += 2 * SECOND;
  end.user_ns += 200 * MS;
  end.system_ns += 600 * MS;
  end.server_ns += 500 * MS;
  end.server_threads = 3;
  end.machine.busy_ns += 1500 * MS;
  end.machine.steal_ns += 80 * MS;
  end.machine.total_ns += 4 * SECOND;
  return end;
}

static void what_is_left_is_the_others(void **state) {
  struct cpu_sample end = end_of();
  struct result_cpu_use use;
  (void)state;
  cpu_use_between(&begin, &end, &use);
  assert_true(use.is_known && use.has_server && use.has_machine && use.has_other);
  assert_int_equal(use.elapsed_ns, 2 * SECOND);
  assert_int_equal(use.user_ns, 200 * MS);
  assert_int_equal(use.system_ns, 600 * MS);
  assert_near(use.client_cpus, 0.4);
  assert_near(use.server_cpus, 0.25);
  assert_near(use.other_cpus, 0.1);
  assert_int_equal(use.server_threads, 3);
  assert_near(use.steal_percent, 2);
}

static void without_the_server_the_others_are_unknown(void **state) {
  struct cpu_sample end = end_of();
  struct result_cpu_use use;
  (void)state;
  end.has_server = false;
  cpu_use_between(&begin, &end, &use);
  assert_false(use.has_server || use.has_other);
  assert_true(use.has_machine);
  assert_near(use.steal_percent, 2);
}

static void a_short_run_tells_nothing_of_the_machine(void **state) {
  struct cpu_sample end = end_of();
  struct result_cpu_use use;
  (void)state;
  end.at_ns = begin.at_ns + 499 * MS;
  cpu_use_between(&begin, &end, &use);
  assert_true(use.is_known);
  assert_false(use.has_machine || use.has_other);
}

static void a_system_that_tells_nothing_leaves_the_clients_own(void **state) {
  struct cpu_sample first = {.at_ns = SECOND}, last = {.at_ns = 3 * SECOND, .user_ns = SECOND};
  struct result_cpu_use use;
  (void)state;
  cpu_use_between(&first, &last, &use);
  assert_true(use.is_known);
  assert_false(use.has_server || use.has_machine || use.has_other);
  assert_near(use.client_cpus, 0.5);
  cpu_use_between(&first, &first, &use);
  assert_false(use.is_known);
}

/* The coarse counters may say less than the exact ones of the process, and may even go back. */
static void nothing_is_below_zero(void **state) {
  struct cpu_sample end = end_of();
  struct result_cpu_use use;
  (void)state;
  end.machine.busy_ns = begin.machine.busy_ns + MS;
  end.machine.steal_ns = begin.machine.steal_ns - MS;
  cpu_use_between(&begin, &end, &use);
  assert_near(use.other_cpus, 0);
  assert_near(use.steal_percent, 0);
}

static void the_steal_of_runs_is_weighed_by_their_length(void **state) {
  struct result_run runs[3] = {0};
  struct environment environment = {0};
  (void)state;
  cpu_use_sum_steal(runs, 3, &environment);
  assert_false(environment.has_steal);
  runs[0].cpu_use = (struct result_cpu_use){.has_machine = true, .elapsed_ns = 3 * SECOND, .steal_percent = 2};
  runs[2].cpu_use = (struct result_cpu_use){.has_machine = true, .elapsed_ns = SECOND, .steal_percent = 6};
  cpu_use_sum_steal(runs, 3, &environment);
  assert_true(environment.has_steal);
  assert_near(environment.steal_percent, 3);
}

static void skipped_time_counts_for_nothing(void **state) {
  static const struct cpu_sample from = {.at_ns = 100, .user_ns = 10, .system_ns = 20, .server_ns = 5};
  static const struct cpu_sample to = {.at_ns = 600, .user_ns = 110, .system_ns = 220, .server_ns = 6};
  static const struct cpu_sample end = {.at_ns = 1100, .user_ns = 160, .system_ns = 270, .server_ns = 7};
  struct cpu_sample moved = from;
  struct result_cpu_use use;
  (void)state;
  cpu_use_skip(&from, &to, &moved);
  cpu_use_between(&moved, &end, &use);
  assert_int_equal(use.elapsed_ns, 500);
  assert_int_equal(use.user_ns, 50);
  assert_int_equal(use.system_ns, 50);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_left_is_the_others),
      cmocka_unit_test(without_the_server_the_others_are_unknown),
      cmocka_unit_test(a_short_run_tells_nothing_of_the_machine),
      cmocka_unit_test(a_system_that_tells_nothing_leaves_the_clients_own),
      cmocka_unit_test(nothing_is_below_zero),
      cmocka_unit_test(the_steal_of_runs_is_weighed_by_their_length),
      cmocka_unit_test(skipped_time_counts_for_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
