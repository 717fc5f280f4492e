/* Text from outside: whatever the bytes are, what comes out is printable, ends, fits, and says what it stands for. */
#include "common/text/safe_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static const struct {
  const char *in;
  size_t length;
  const char *out;
} cases[] = {
#define CASE(in, out) \
  { in, sizeof(in) - 1, out }
    CASE("", ""),
    CASE("plain text", "plain text"),
    CASE("tab\there", "tab\\there"),
    CASE("two\nlines\r", "two\\nlines\\r"),
    CASE("back\\slash", "back\\\\slash"),
    CASE("a\0b", "a\\x00b"),
    CASE("\x01\x1f\x7f", "\\x01\\x1f\\x7f"),
    CASE("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
    CASE("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
    /* valid UTF-8 of two, three and four bytes */
    CASE("gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f"),
    CASE("\xe2\x82\xac", "\xe2\x82\xac"),
    CASE("\xf0\x9f\x90\x98", "\xf0\x9f\x90\x98"),
    CASE("\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"),
    /* the C1 controls, as UTF-8: CSI and NEL */
    CASE("\xc2\x9b\x31m", "\\xc2\\x9b1m"),
    CASE("\xc2\x85", "\\xc2\\x85"),
    CASE("\xc2\xa0", "\xc2\xa0"),
    /* marks that turn the direction of the text around them */
    CASE("\xe2\x80\xae"
         "txt.exe",
         "\\xe2\\x80\\xaetxt.exe"),
    CASE("\xe2\x81\xa6", "\\xe2\\x81\\xa6"),
    CASE("\xe2\x80\xa8", "\\xe2\\x80\\xa8"),
    CASE("\xd8\x9c", "\\xd8\\x9c"),
    /* what is not to be seen: a zero-width space, a joiner, a soft hyphen, a filler, a byte order mark, a tag */
    CASE("a\xe2\x80\x8b", "a\\xe2\\x80\\x8b"),
    CASE("\xe2\x80\x8d", "\\xe2\\x80\\x8d"),
    CASE("\xc2\xad", "\\xc2\\xad"),
    CASE("\xe3\x85\xa4", "\\xe3\\x85\\xa4"),
    CASE("\xef\xbb\xbf", "\\xef\\xbb\\xbf"),
    CASE("\xf3\xa0\x80\x81", "\\xf3\\xa0\\x80\\x81"),
    /* bytes that are no UTF-8: alone, cut short, overlong, a surrogate, beyond the last code point */
    CASE("\x80", "\\x80"),
    CASE("\xff\xfe", "\\xff\\xfe"),
    CASE("\xc3", "\\xc3"),
    CASE("\xc3(", "\\xc3("),
    CASE("\xe2\x82", "\\xe2\\x82"),
    CASE("\xe2\x82x", "\\xe2\\x82x"),
    CASE("\xf0\x9f\x90", "\\xf0\\x9f\\x90"),
    CASE("\xc0\xaf", "\\xc0\\xaf"),
    CASE("\xc1\xbf", "\\xc1\\xbf"),
    CASE("\xe0\x80\xaf", "\\xe0\\x80\\xaf"),
    CASE("\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"),
    CASE("\xed\xa0\x80", "\\xed\\xa0\\x80"),
    CASE("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"),
    CASE("\xf8\x88\x80\x80\x80", "\\xf8\\x88\\x80\\x80\\x80"),
#undef CASE
};

static void each_text_is_escaped_as_documented(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    char out[128];
    const char *in = (const char *)guard_page_place(cases[i].in, cases[i].length);
    size_t written = safe_text_copy(in, cases[i].length, out, sizeof(out));
    assert_string_equal(out, cases[i].out);
    assert_int_equal(written, strlen(cases[i].out));
  }
}

/* The length of the whole character or escape that `text` begins with. */
static size_t piece_length(const char *text) {
  unsigned char first = (unsigned char)text[0];
  if (first == '\\') return text[1] == 'x' ? 4 : 2;
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static void a_text_cut_at_any_length_ends_with_a_whole_character(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const char *whole = cases[i].out;
    for (size_t out_bytes = 1; out_bytes <= strlen(whole) + 2; out_bytes++) {
      char room[128];
      memset(room, '!', sizeof(room));
      /* `out` ends at the unreadable page too: a byte beyond out_bytes cannot be written unseen. */
      char *out = (char *)guard_page_place(room, out_bytes);
      /* The input shares no guard page with the output, so it lives in an exact allocation for the sanitizer. */
      char *in = malloc(cases[i].length + 1);
      assert_non_null(in);
      memcpy(in, cases[i].in, cases[i].length);
      size_t written = safe_text_copy(in, cases[i].length, out, out_bytes);
      free(in);

      size_t expected = 0;
      while (whole[expected] != '\0' && expected + piece_length(whole + expected) < out_bytes)
        expected += piece_length(whole + expected);
      assert_int_equal(written, expected);
      assert_memory_equal(out, whole, expected);
      assert_int_equal(out[expected], '\0');
    }
  }
}

static void no_room_at_all_writes_nothing(void **state) {
  (void)state;
  char untouched = '!';
  assert_int_equal(safe_text_copy("text", 4, &untouched, 0), 0);
  assert_int_equal(untouched, '!');
}

static void no_single_byte_reaches_the_terminal_as_a_control(void **state) {
  (void)state;
  for (unsigned byte = 0; byte < 256; byte++) {
    char out[16];
    char in = (char)byte;
    safe_text_copy(&in, 1, out, sizeof(out));
    bool is_plain = byte >= 0x20 && byte < 0x7f && byte != '\\';
    if (is_plain) assert_int_equal(strlen(out), 1);
    if (!is_plain) assert_int_equal(out[0], '\\');
    for (size_t i = 0; out[i] != '\0'; i++)
      assert_in_range((unsigned char)out[i], 0x20, 0x7e);
  }
}

/* Every pair of bytes: the result decodes, and no C0, DEL or C1 control is in it. */
static void no_pair_of_bytes_makes_a_control(void **state) {
  (void)state;
  for (unsigned pair = 0; pair < 65536; pair++) {
    char out[16];
    char in[2] = {(char)(pair >> 8), (char)(pair & 0xff)};
    size_t written = safe_text_copy(in, sizeof(in), out, sizeof(out));
    for (size_t i = 0; i < written; i++) {
      unsigned char first = (unsigned char)out[i];
      if (first >= 0x20 && first < 0x7f) continue;
      unsigned char second = (unsigned char)out[++i];
      if (first < 0xc2 || first > 0xdf || second < 0x80 || second > 0xbf || (first == 0xc2 && second < 0xa0))
        fail_msg("%04x came out as %02x %02x", pair, first, second);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_text_is_escaped_as_documented),
      cmocka_unit_test(a_text_cut_at_any_length_ends_with_a_whole_character),
      cmocka_unit_test(no_room_at_all_writes_nothing),
      cmocka_unit_test(no_single_byte_reaches_the_terminal_as_a_control),
      cmocka_unit_test(no_pair_of_bytes_makes_a_control),
  };
  return cmocka_run_group_tests_name("safe_text", tests, NULL, NULL);
}
