/* The table of all reported numbers: every row reaches its own figure, under a name of its own, in its unit. */
#include "client/result/figures.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static void every_number_has_a_path_of_its_own(void **state) {
  (void)state;
  for (size_t i = 0; i < result_section_count; i++)
    for (size_t f = 0; f < result_sections[i].field_count; f++)
      for (size_t j = 0; j <= i; j++)
        for (size_t g = 0; g < (j == i ? f : result_sections[j].field_count); g++) {
          char one[RESULT_PATH_SIZE], other[RESULT_PATH_SIZE];
          result_field_path(&result_sections[i], &result_sections[i].fields[f], one);
          result_field_path(&result_sections[j], &result_sections[j].fields[g], other);
          assert_string_not_equal(one, other);
        }
}

static void a_section_is_found_by_its_name(void **state) {
  (void)state;
  assert_string_equal(result_section_find("rtt_ns")->label, "round trip");
  assert_null(result_section_find("rtt_ns")->parent);
  assert_string_equal(result_section_of(FIGURE_THERE)->parent, "legs_ns");
  assert_string_equal(result_section_of(FIGURE_FLOOR)->parent, "floor");
  assert_null(result_section_find("there"));
  assert_null(result_section_find("no_such_section"));
  assert_null(result_section_find(""));
}

/* Each field's memory is set alone, and only that field tells it. */
static void every_row_reads_its_own_figure(void **state) {
  (void)state;
  for (size_t i = 0; i < result_section_count; i++)
    for (size_t f = 0; f < result_sections[i].field_count; f++) {
      const struct result_section *section = &result_sections[i];
      const struct result_field *field = &section->fields[f];
      struct result_run run;
      result_run_init(&run);
      char *at = (char *)&run + section->offset + field->offset;
      assert_in_range(section->offset + field->offset, 0, sizeof run - 8);
      if (result_field_is_whole(field))
        memcpy(at, &(uint64_t){4711}, sizeof(uint64_t));
      else
        memcpy(at, &(double){4711}, sizeof(double));
      for (size_t j = 0; j < result_section_count; j++)
        for (size_t g = 0; g < result_sections[j].field_count; g++) {
          double wanted = i == j && f == g ? 4711 : 0;
          double got = result_field_value(&result_sections[j], &result_sections[j].fields[g], &run);
          if (got < wanted || got > wanted)
            fail_msg("%s.%s set: %s.%s is %f", section->name, field->name, result_sections[j].name,
                     result_sections[j].fields[g].name, got);
        }
    }
}

static void a_section_applies_when_its_mark_says_so(void **state) {
  (void)state;
  struct result_run run;
  result_run_init(&run);
  for (size_t i = 0; i < result_section_count; i++)
    assert_false(result_section_applies(&result_sections[i], &run));
  run.figures[FIGURE_RTT].count = 1;
  assert_true(result_section_applies(result_section_find("rtt_ns"), &run));
  assert_false(result_section_applies(result_section_of(FIGURE_THERE), &run));
  assert_false(result_section_applies(result_section_find("throughput"), &run));
  run.figures[FIGURE_THERE].count = run.figures[FIGURE_BACK].count = 1;
  assert_true(result_section_applies(result_section_of(FIGURE_THERE), &run));
  assert_true(result_section_applies(result_section_of(FIGURE_BACK), &run));
}

static const struct result_field *field_of(const char *section, const char *name) {
  const struct result_section *found = result_section_find(section);
  assert_non_null(found);
  for (size_t f = 0; f < found->field_count; f++)
    if (strcmp(found->fields[f].name, name) == 0) return &found->fields[f];
  fail_msg("%s has no field %s", section, name);
  return NULL;
}

static void values_are_shown_in_their_units(void **state) {
  (void)state;
  static const struct {
    const char *section, *field, *shown;
  } cases[] = {{"rtt_ns", "count", "1,234"},
               {"rtt_ns", "p50", "9.88 us"},
               {"rtt_ns", "mean", "12.5 us"},
               {"throughput", "bytes_received", "2.00 MiB"},
               {"errors", "lost", "3"},
               {"throughput", "bits_per_second", "17.0 Gbit/s"},
               {"throughput", "round_trips_per_second", "41,234"},
               {"errors", "connection_failures", "0"}};
  struct result_run run;
  result_run_init(&run);
  run.figures[FIGURE_RTT].count = 1234;
  run.figures[FIGURE_RTT].p50 = 9876;
  run.figures[FIGURE_RTT].mean = 12500.4;
  run.throughput.bytes_received = 2 * 1024 * 1024;
  run.throughput.bits_per_second = 17.0e9;
  run.throughput.round_trips_per_second = 41233.6;
  run.errors.lost = 3;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char out[UNITS_TEXT_SIZE];
    const struct result_section *section = result_section_find(cases[i].section);
    assert_string_equal(result_field_format(section, field_of(cases[i].section, cases[i].field), &run, out),
                        cases[i].shown);
  }
}

static void figures_are_there_when_something_was_counted(void **state) {
  (void)state;
  struct result_run run;
  result_run_init(&run);
  assert_false(result_has_figures(&run));
  run.is_measured = true;
  assert_false(result_has_figures(&run));
  run.errors.connection_failures = 1;
  assert_false(result_has_figures(&run));
  run.errors.timed_out = 1;
  assert_true(result_has_figures(&run));
  run.errors.timed_out = 0;
  run.figures[FIGURE_RTT].count = 1;
  assert_true(result_has_figures(&run));
  run.is_measured = false;
  assert_false(result_has_figures(&run));
}

static void lost_doubled_and_corrupted_data_are_bad_and_reordered_are_not(void **state) {
  (void)state;
  struct result_run run;
  result_run_init(&run);
  run.errors = (struct result_errors){.reordered = 1, .timed_out = 1, .connection_failures = 1};
  assert_false(result_has_bad_data(&run));
  run.errors = (struct result_errors){.lost = 1};
  assert_true(result_has_bad_data(&run));
  run.errors = (struct result_errors){.duplicated = 1};
  assert_true(result_has_bad_data(&run));
  run.errors = (struct result_errors){.corrupted = 1};
  assert_true(result_has_bad_data(&run));
}

static void intervals_are_kept_in_their_order(void **state) {
  (void)state;
  struct result_run run;
  result_run_init(&run);
  for (uint64_t i = 0; i < 1000; i++)
    assert_true(result_run_add_interval(&run, &(struct result_interval){.start_ns = i}));
  assert_int_equal(run.interval_count, 1000);
  for (uint64_t i = 0; i < 1000; i++)
    assert_int_equal(run.intervals[i].start_ns, i);
  result_run_clear(&run);
}

static void notes_beyond_the_room_are_left_out(void **state) {
  (void)state;
  struct result_run run;
  result_run_init(&run);
  for (int i = 0; i < RESULT_NOTES_MAX + 3; i++)
    result_run_add_note(&run, "note %d", i);
  assert_int_equal(run.note_count, RESULT_NOTES_MAX);
  assert_string_equal(run.notes[0], "note 0");
  result_run_clear(&run);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_number_has_a_path_of_its_own),
      cmocka_unit_test(a_section_is_found_by_its_name),
      cmocka_unit_test(every_row_reads_its_own_figure),
      cmocka_unit_test(a_section_applies_when_its_mark_says_so),
      cmocka_unit_test(values_are_shown_in_their_units),
      cmocka_unit_test(figures_are_there_when_something_was_counted),
      cmocka_unit_test(lost_doubled_and_corrupted_data_are_bad_and_reordered_are_not),
      cmocka_unit_test(intervals_are_kept_in_their_order),
      cmocka_unit_test(notes_beyond_the_room_are_left_out),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
