/* Numbers with units: every unit once, the edges of each range, and texts that are no numbers. */
#include "common/text/units.h"

#include <math.h>
#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

struct parse_case {
  const char *text;
  enum units_status status;
  uint64_t value;
};

typedef enum units_status (*parse_function)(const char *text, uint64_t *value);

/* Each text stands against an unreadable page, and a text that is refused must leave the value alone. */
static void check_cases(parse_function parse, const struct parse_case *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint64_t untouched = 4711;
    uint64_t value = untouched;
    enum units_status status = parse(guard_page_place_string(cases[i].text), &value);
    uint64_t expected = cases[i].status == UNITS_OK ? cases[i].value : untouched;
    if (status != cases[i].status || value != expected)
      fail_msg("'%s': wanted status %d and %llu, got status %d and %llu", cases[i].text, cases[i].status,
               (unsigned long long)expected, status, (unsigned long long)value);
  }
}

static void counts_are_digits_only(void **state) {
  (void)state;
  static const struct parse_case cases[] = {
      {"0", UNITS_OK, 0},
      {"62893", UNITS_OK, 62893},
      {"007", UNITS_OK, 7},
      {"18446744073709551615", UNITS_OK, UINT64_MAX},
      {"18446744073709551616", UNITS_OUT_OF_RANGE, 0},
      {"99999999999999999999999999999999", UNITS_OUT_OF_RANGE, 0},
      {"", UNITS_NOT_A_NUMBER, 0},
      {" 1", UNITS_NOT_A_NUMBER, 0},
      {"1 ", UNITS_NOT_A_NUMBER, 0},
      {"+1", UNITS_NOT_A_NUMBER, 0},
      {"-1", UNITS_NOT_A_NUMBER, 0},
      {"1.0", UNITS_NOT_A_NUMBER, 0},
      {"1e3", UNITS_NOT_A_NUMBER, 0},
      {"0x10", UNITS_NOT_A_NUMBER, 0},
      {"1k", UNITS_NOT_A_NUMBER, 0},
      {"ten", UNITS_NOT_A_NUMBER, 0},
      {"\xd9\xa3", UNITS_NOT_A_NUMBER, 0}, /* ARABIC-INDIC DIGIT THREE */
  };
  check_cases(units_parse_count, cases, COUNT_OF(cases));
}

static void durations_take_every_unit_and_need_one(void **state) {
  (void)state;
  static const struct parse_case cases[] = {
      {"1ns", UNITS_OK, 1},
      {"1us", UNITS_OK, 1000},
      {"200ms", UNITS_OK, 200000000},
      {"3s", UNITS_OK, UINT64_C(3000000000)},
      {"2m", UNITS_OK, UINT64_C(120000000000)},
      {"1h", UNITS_OK, UINT64_C(3600000000000)},
      {"1.5s", UNITS_OK, 1500000000},
      {"0.25us", UNITS_OK, 250},
      {"0.4ns", UNITS_OK, 0},
      {"0", UNITS_OK, 0},
      {"0s", UNITS_OK, 0},
      {"0.0", UNITS_OK, 0},
      {"9007199254740992ns", UNITS_OK, UINT64_C(1) << 53},
      {"9007199254740994ns", UNITS_OUT_OF_RANGE, 0},
      {"2501h", UNITS_OK, UINT64_C(9003600000000000)},
      {"2503h", UNITS_OUT_OF_RANGE, 0},
      {"1000000000000000000000000000000000s", UNITS_OUT_OF_RANGE, 0},
      {"5", UNITS_UNKNOWN_UNIT, 0},
      {"0.5", UNITS_UNKNOWN_UNIT, 0},
      {"5 s", UNITS_UNKNOWN_UNIT, 0},
      {"5S", UNITS_UNKNOWN_UNIT, 0},
      {"5sec", UNITS_UNKNOWN_UNIT, 0},
      {"5KiB", UNITS_UNKNOWN_UNIT, 0},
      {"1e3s", UNITS_UNKNOWN_UNIT, 0},
      {"", UNITS_NOT_A_NUMBER, 0},
      {"s", UNITS_NOT_A_NUMBER, 0},
      {".5s", UNITS_NOT_A_NUMBER, 0},
      {"5.s", UNITS_NOT_A_NUMBER, 0},
      {"1.2.3s", UNITS_UNKNOWN_UNIT, 0},
      {"1,5s", UNITS_UNKNOWN_UNIT, 0},
      {"-1s", UNITS_NOT_A_NUMBER, 0},
      {"inf", UNITS_NOT_A_NUMBER, 0},
      {"nan", UNITS_NOT_A_NUMBER, 0},
      {"forever", UNITS_NOT_A_NUMBER, 0},
  };
  check_cases(units_parse_duration, cases, COUNT_OF(cases));
}

static void sizes_tell_powers_of_two_from_powers_of_ten(void **state) {
  (void)state;
  static const struct parse_case cases[] = {
      {"0", UNITS_OK, 0},
      {"64", UNITS_OK, 64},
      {"64B", UNITS_OK, 64},
      {"64k", UNITS_OK, 65536},
      {"64KiB", UNITS_OK, 65536},
      {"64kB", UNITS_OK, 64000},
      {"1M", UNITS_OK, 1048576},
      {"1MiB", UNITS_OK, 1048576},
      {"1MB", UNITS_OK, 1000000},
      {"1G", UNITS_OK, 1073741824},
      {"1GiB", UNITS_OK, 1073741824},
      {"1GB", UNITS_OK, 1000000000},
      {"1.5KiB", UNITS_OK, 1536},
      {"8388608GiB", UNITS_OK, UINT64_C(1) << 53},
      {"8388609GiB", UNITS_OUT_OF_RANGE, 0},
      {"1TB", UNITS_UNKNOWN_UNIT, 0},
      {"1kib", UNITS_UNKNOWN_UNIT, 0},
      {"1 KiB", UNITS_UNKNOWN_UNIT, 0},
      {"1ms", UNITS_UNKNOWN_UNIT, 0},
      {"0x40", UNITS_UNKNOWN_UNIT, 0},
      {"", UNITS_NOT_A_NUMBER, 0},
      {"KiB", UNITS_NOT_A_NUMBER, 0},
      {"-64", UNITS_NOT_A_NUMBER, 0},
      {"huge", UNITS_NOT_A_NUMBER, 0},
  };
  check_cases(units_parse_size, cases, COUNT_OF(cases));
}

static enum units_status parse_rounded(const char *text, uint64_t *number) {
  double real = 0;
  enum units_status status = units_parse_real(text, &real);
  if (status == UNITS_OK) *number = (uint64_t)(real + 0.5);
  return status;
}

static void fractions_are_kept(void **state) {
  (void)state;
  double number = 0;
  assert_int_equal(units_parse_real("0.1", &number), UNITS_OK);
  assert_true(number > 0.0999999 && number < 0.1000001);
  assert_int_equal(units_parse_real("10.5k", &number), UNITS_OK);
  assert_true(number == 10500);
}

static void digits_may_be_grouped_by_thousands(void **state) {
  (void)state;
  static const struct parse_case cases[] = {
      {"1,000", UNITS_OK, 1000},         {"1_000_000", UNITS_OK, 1000000},    {"12,345.6k", UNITS_OK, 12345600},
      {"1,00", UNITS_UNKNOWN_UNIT, 0},   {"1000,000", UNITS_UNKNOWN_UNIT, 0}, {"1,000_000", UNITS_UNKNOWN_UNIT, 0},
      {"1,0000", UNITS_UNKNOWN_UNIT, 0}, {",100", UNITS_NOT_A_NUMBER, 0},
  };
  check_cases(parse_rounded, cases, COUNT_OF(cases));
}

static void a_size_keeps_all_its_digits(void **state) {
  (void)state;
  static const struct {
    uint64_t bytes;
    const char *text;
  } cases[] = {{0, "0 B"},        {64, "64 B"},       {1472, "1,472 B"},        {1473, "1,473 B"}, {1024, "1 KiB"},
               {65536, "64 KiB"}, {1048576, "1 MiB"}, {1048577, "1,048,577 B"}, {1 << 30, "1 GiB"}};
  char text[UNITS_TEXT_SIZE];
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_string_equal(units_format_size(cases[i].bytes, text), cases[i].text);
}

static void a_rate_below_a_thousand_keeps_its_fraction(void **state) {
  (void)state;
  char text[UNITS_TEXT_SIZE];
  assert_string_equal(units_format_rate(0.1, text), "0.1");
  assert_string_equal(units_format_rate(9.994, text), "9.994");
  assert_string_equal(units_format_rate(10.5, text), "10.5");
  assert_string_equal(units_format_rate(999.96, text), "1,000");
  assert_string_equal(units_format_rate(1234567, text), "1,234,567");
}

static void counts_and_rates_take_powers_of_ten(void **state) {
  (void)state;
  static const struct parse_case cases[] = {
      {"0", UNITS_OK, 0},
      {"10000", UNITS_OK, 10000},
      {"10k", UNITS_OK, 10000},
      {"1.5M", UNITS_OK, 1500000},
      {"1G", UNITS_OK, 1000000000},
      {"2T", UNITS_OK, UINT64_C(2000000000000)},
      {"1K", UNITS_UNKNOWN_UNIT, 0},
      {"1GiB", UNITS_UNKNOWN_UNIT, 0},
      {"1us", UNITS_UNKNOWN_UNIT, 0},
      {"-1", UNITS_NOT_A_NUMBER, 0},
      {"", UNITS_NOT_A_NUMBER, 0},
  };
  static const struct parse_case bit_rates[] = {
      {"1Gbit/s", UNITS_OK, 1000000000},
      {"1.5kbit/s", UNITS_OK, 1500},
      {"7bit/s", UNITS_OK, 7},
      {"1GB/s", UNITS_UNKNOWN_UNIT, 0},
  };
  check_cases(parse_rounded, cases, COUNT_OF(cases));
  check_cases(units_parse_bit_rate, cases, COUNT_OF(cases));
  check_cases(units_parse_bit_rate, bit_rates, COUNT_OF(bit_rates));
}

struct format_case {
  double value;
  const char *text;
};

typedef const char *(*format_function)(double value, char out[UNITS_TEXT_SIZE]);

static void check_formats(format_function format, const struct format_case *cases, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char out[UNITS_TEXT_SIZE];
    memset(out, '!', sizeof(out));
    assert_ptr_equal(format(cases[i].value, out), out);
    assert_string_equal(out, cases[i].text);
  }
}

static void durations_are_written_with_three_digits(void **state) {
  (void)state;
  static const struct format_case cases[] = {
      {0, "0 ns"},        {1, "1 ns"},         {1.5, "1.50 ns"},   {12.34, "12.3 ns"},   {999, "999 ns"},
      {999.4, "999 ns"},  {999.6, "1.00 us"},  {1000, "1.00 us"},  {9994, "9.99 us"},    {9996, "10.0 us"},
      {12340, "12.3 us"}, {99960, "100 us"},   {999499, "999 us"}, {999501, "1.00 ms"},  {1.5e6, "1.50 ms"},
      {1e9, "1.00 s"},    {59.96e9, "60.0 s"}, {3600e9, "3600 s"}, {-12340, "-12.3 us"}, {-250e6, "-250 ms"},
  };
  check_formats(units_format_duration, cases, COUNT_OF(cases));
}

static void sizes_are_written_with_powers_of_two(void **state) {
  (void)state;
  static const struct format_case cases[] = {
      {0, "0 B"},           {64, "64 B"},          {1023, "1023 B"},      {1024, "1.00 KiB"},
      {65536, "64.0 KiB"},  {1048576, "1.00 MiB"}, {1572864, "1.50 MiB"}, {1073741824, "1.00 GiB"},
      {5.5e12, "5122 GiB"},
  };
  check_formats(units_format_bytes, cases, COUNT_OF(cases));
}

static void bit_rates_are_written_with_powers_of_ten(void **state) {
  (void)state;
  static const struct format_case cases[] = {
      {0, "0 bit/s"},         {999, "999 bit/s"},      {1000, "1.00 kbit/s"},
      {1.5e6, "1.50 Mbit/s"}, {12.3e9, "12.3 Gbit/s"}, {2.5e12, "2500 Gbit/s"},
  };
  check_formats(units_format_bit_rate, cases, COUNT_OF(cases));
}

static void what_is_no_number_is_written_as_a_dash(void **state) {
  (void)state;
  static const struct format_case cases[] = {{NAN, "-"}, {INFINITY, "-"}, {-INFINITY, "-"}};
  check_formats(units_format_duration, cases, COUNT_OF(cases));
  check_formats(units_format_bytes, cases, COUNT_OF(cases));
  check_formats(units_format_bit_rate, cases, COUNT_OF(cases));
}

static void the_largest_numbers_fit_their_space(void **state) {
  (void)state;
  static const double values[] = {1.7e308, -1.7e308, 4.9e-324};
  for (size_t i = 0; i < COUNT_OF(values); i++) {
    char out[UNITS_TEXT_SIZE];
    assert_true(strlen(units_format_duration(values[i], out)) < sizeof(out));
    assert_true(strlen(units_format_bytes(values[i], out)) < sizeof(out));
    assert_true(strlen(units_format_bit_rate(values[i], out)) < sizeof(out));
  }
}

static void counts_are_written_with_separators(void **state) {
  (void)state;
  static const struct {
    uint64_t value;
    const char *text;
  } cases[] = {
      {0, "0"},
      {9, "9"},
      {999, "999"},
      {1000, "1,000"},
      {12345, "12,345"},
      {123456, "123,456"},
      {1234567, "1,234,567"},
      {UINT64_MAX, "18,446,744,073,709,551,615"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char out[UNITS_TEXT_SIZE];
    assert_string_equal(units_format_count(cases[i].value, out), cases[i].text);
  }
}

static void every_status_has_a_sentence(void **state) {
  (void)state;
  for (int status = UNITS_OK; status <= UNITS_OUT_OF_RANGE + 1; status++) {
    const char *text = units_status_text((enum units_status)status);
    assert_non_null(text);
    assert_true(strlen(text) > 0);
  }
}

static void one_thing_is_no_plural(void **state) {
  (void)state;
  char out[UNITS_COUNTED_SIZE];
  assert_string_equal(units_format_counted(0, "reply", "replies", out), "0 replies");
  assert_string_equal(units_format_counted(1, "reply", "replies", out), "1 reply");
  assert_string_equal(units_format_counted(1234, "reply", "replies", out), "1,234 replies");
  assert_string_equal(units_plural(0), "s");
  assert_string_equal(units_plural(1), "");
  assert_string_equal(units_plural(21), "s");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(counts_are_digits_only),
      cmocka_unit_test(durations_take_every_unit_and_need_one),
      cmocka_unit_test(sizes_tell_powers_of_two_from_powers_of_ten),
      cmocka_unit_test(counts_and_rates_take_powers_of_ten),
      cmocka_unit_test(fractions_are_kept),
      cmocka_unit_test(digits_may_be_grouped_by_thousands),
      cmocka_unit_test(a_size_keeps_all_its_digits),
      cmocka_unit_test(a_rate_below_a_thousand_keeps_its_fraction),
      cmocka_unit_test(durations_are_written_with_three_digits),
      cmocka_unit_test(sizes_are_written_with_powers_of_two),
      cmocka_unit_test(bit_rates_are_written_with_powers_of_ten),
      cmocka_unit_test(what_is_no_number_is_written_as_a_dash),
      cmocka_unit_test(the_largest_numbers_fit_their_space),
      cmocka_unit_test(counts_are_written_with_separators),
      cmocka_unit_test(one_thing_is_no_plural),
      cmocka_unit_test(every_status_has_a_sentence),
  };
  return cmocka_run_group_tests_name("units", tests, NULL, NULL);
}
