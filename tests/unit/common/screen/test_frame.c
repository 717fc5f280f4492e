/* The bytes of a frame: in place, cut to the terminal, with the cursor back at its beginning. */
#include "common/screen/frame.h"

#include <string.h>

#include "tests/unit/unit_test.h"

#define EL "\x1b[K"
/* Lines do not wrap, and wrap again. */
#define NW "\x1b[?7l"
#define W  "\x1b[?7h"

static struct frame frame;

static const char *drawn(size_t columns, size_t lines, const char *above, const char *const *view, size_t count) {
  frame_begin(&frame, columns, lines, above);
  for (size_t i = 0; i < count; i++)
    frame_put(&frame, view[i]);
  frame_end(&frame);
  frame.bytes[frame.length] = '\0';
  return frame.bytes;
}

static void a_frame_ends_where_it_began(void **state) {
  static const char *const view[] = {"", "one", "two"};
  (void)state;
  assert_string_equal(drawn(80, 24, NULL, view, 0), "\r\x1b[J\r" W);
  assert_string_equal(drawn(80, 24, NULL, view, 1), "\r" NW EL "\x1b[J\r" W);
  assert_string_equal(drawn(80, 24, NULL, view, 3), "\r" NW EL "\r\none" EL "\r\ntwo" EL "\x1b[J\x1b[2A\r" W);
}

static void lines_above_go_before_it(void **state) {
  static const char *const view[] = {"view"};
  (void)state;
  assert_string_equal(drawn(80, 24, "seq=1\nseq=2\n", view, 1),
                      FRAME_ERASE "seq=1\r\nseq=2\r\n" NW "view" EL "\x1b[J\r" W);
  assert_string_equal(drawn(80, 24, "", view, 1), "\r" NW "view" EL "\x1b[J\r" W);
}

static void what_is_too_wide_or_too_much_is_cut(void **state) {
  static const char *const wide[] = {"abcdef", "\x1b[1mabcdef\x1b[0m", "██████"};
  (void)state;
  assert_string_equal(drawn(5, 24, NULL, wide, 3),
                      "\r" NW "abcd" EL "\r\n\x1b[1mabcd\x1b[0m" EL "\r\n████" EL "\x1b[J\x1b[2A\r" W);
  assert_false(frame.is_cut);
  /* A line of the screen is left to what stands above. */
  assert_string_equal(drawn(80, 3, NULL, wide, 3),
                      "\r" NW "abcdef" EL "\r\n\x1b[1mabcdef\x1b[0m" EL "\x1b[J\x1b[1A\r" W);
  assert_true(frame.is_cut);
}

static void no_control_character_passes(void **state) {
  static const char *const hostile[] = {"a\rb\x1b[2Jc"};
  (void)state;
  assert_string_equal(drawn(80, 24, NULL, hostile, 1), "\r" NW "a\\rb\\x1b[2Jc" EL "\x1b[J\r" W);
}

static void many_lines_above_go_out_in_several_frames(void **state) {
  static char many[FRAME_BYTES_MAX + 2];
  static const char *const view[] = {"view"};
  size_t taken = 0, frames = 0;
  (void)state;
  for (size_t i = 0; i < FRAME_BYTES_MAX; i += 16)
    memcpy(many + i, "0123456789abcde\n", 16);
  while (many[taken] != '\0') {
    size_t now = frame_begin(&frame, 80, 24, many + taken);
    assert_true(now > 0);
    assert_int_equal('\n', many[taken + now - 1]);
    frame_put(&frame, view[0]);
    frame_end(&frame);
    assert_false(frame.is_cut);
    taken += now;
    frames++;
  }
  assert_in_range(frames, 2, 8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_frame_ends_where_it_began),
      cmocka_unit_test(lines_above_go_before_it),
      cmocka_unit_test(what_is_too_wide_or_too_much_is_cut),
      cmocka_unit_test(no_control_character_passes),
      cmocka_unit_test(many_lines_above_go_out_in_several_frames),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
