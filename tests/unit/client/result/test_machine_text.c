/* Lines of /proc and /sys as value tables. */
#include "client/result/machine_text.h"

#include <string.h>

#include "tests/unit/unit_test.h"

#define MS UINT64_C(1000000)

static void cpu_times_are_sums_of_their_columns(void **state) {
  struct machine_cpu_times times;
  (void)state;
  assert_true(machine_text_read_cpu_times("cpu  100 20 30 4000 50 6 7 8 90 1\n", 100, &times));
  assert_int_equal(times.busy_ns, 1500 * MS);
  assert_int_equal(times.steal_ns, 80 * MS);
  /* Guest time stands in user time as well. */
  assert_int_equal(times.total_ns, 42210 * MS);
}

static void what_is_no_line_of_cpu_times_is_refused(void **state) {
  static const char *const lines[] = {
      "", "cpu", "cpu  1 2 3 4\n", "cpu0 1 2 3 4 5 6 7 8 9 10\n", "intr 1 2 3 4 5 6 7 8\n", "cpu  a b"};
  struct machine_cpu_times times;
  (void)state;
  for (size_t i = 0; i < COUNT_OF(lines); i++)
    assert_false(machine_text_read_cpu_times(lines[i], 100, &times));
  assert_false(machine_text_read_cpu_times("cpu  1 2 3 4 5 6 7 8\n", 0, &times));
}

static void a_process_is_read_only_under_its_name(void **state) {
  static const char line[] = "4242 (lopong) S 1 2 3 0 -1 4194560 10 11 12 13 250 50 7 8 20 0 3 0 99 0 0";
  static const char odd[] = "4242 (a) b (c) S 1 2 3 0 -1 4194560 10 11 12 13 1 2 7 8 20 0 1";
  struct machine_process process = {0};
  (void)state;
  assert_true(machine_text_read_process(line, "lopong", 100, &process));
  assert_int_equal(process.cpu_ns, 3000 * MS);
  assert_int_equal(process.threads, 3);
  assert_false(machine_text_read_process(line, "lopon", 100, &process));
  assert_false(machine_text_read_process(line, "lopong2", 100, &process));
  assert_true(machine_text_read_process(odd, "a) b (c", 100, &process));
  assert_int_equal(process.cpu_ns, 30 * MS);
  assert_false(machine_text_read_process("4242 (lopong) S 1 2", "lopong", 100, &process));
  assert_false(machine_text_read_process("4242 (lopong) S 1 2 3 0 -1 4194560 10 11 12 13 250 50 7 8 20", "lopong", 100,
                                         &process));
  assert_false(machine_text_read_process(") (", "", 100, &process));
  assert_false(machine_text_read_process("", "", 100, &process));
}

static void a_word_is_found_only_whole(void **state) {
  (void)state;
  assert_true(machine_text_has_word("flags\t\t: fpu hypervisor lahf_lm\n", "hypervisor"));
  assert_true(machine_text_has_word("fpu hypervisor", "hypervisor"));
  assert_true(machine_text_has_word("xhypervisor hypervisor", "hypervisor"));
  assert_false(machine_text_has_word("flags : fpu hypervisor2 lahf_lm", "hypervisor"));
  assert_false(machine_text_has_word("flags : no-hypervisor", "hypervisor"));
  assert_false(machine_text_has_word("", "hypervisor"));
}

static void a_line_is_copied_without_the_spaces_around_it(void **state) {
  char out[6];
  (void)state;
  machine_text_copy_trimmed("  tsc \n", out, sizeof out);
  assert_string_equal(out, "tsc");
  machine_text_copy_trimmed("performance\n", out, sizeof out);
  assert_string_equal(out, "perfo");
  machine_text_copy_trimmed(" \n", out, sizeof out);
  assert_string_equal(out, "");
}

static void cpus_are_written_as_ranges(void **state) {
  static const struct {
    bool is_in[8];
    const char *wanted;
  } cases[] = {
      {{true, true}, "0-1"},
      {{true}, "0"},
      {{false}, ""},
      {{true, false, true, true, true, false, false, true}, "0,2-4,7"},
      {{true, true, true, true, true, true, true, true}, "0-7"},
  };
  char out[32];
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    machine_text_write_list(cases[i].is_in, 8, out, sizeof out);
    assert_string_equal(out, cases[i].wanted);
  }
}

static void a_list_too_long_ends_with_dots(void **state) {
  bool every_other[100];
  char out[16];
  (void)state;
  for (size_t i = 0; i < COUNT_OF(every_other); i++)
    every_other[i] = i % 2 == 0;
  for (size_t room = 1; room <= sizeof out; room++) {
    memset(out, 'x', sizeof out);
    machine_text_write_list(every_other, COUNT_OF(every_other), out, room);
    assert_true(memchr(out, '\0', room) != NULL);
  }
  assert_string_equal(out, "0,2,4,6,8,10...");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(cpu_times_are_sums_of_their_columns),
      cmocka_unit_test(what_is_no_line_of_cpu_times_is_refused),
      cmocka_unit_test(a_process_is_read_only_under_its_name),
      cmocka_unit_test(a_word_is_found_only_whole),
      cmocka_unit_test(a_line_is_copied_without_the_spaces_around_it),
      cmocka_unit_test(cpus_are_written_as_ranges),
      cmocka_unit_test(a_list_too_long_ends_with_dots),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
