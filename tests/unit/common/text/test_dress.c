/* When there are colours, characters beyond ASCII, and a view that is redrawn. */
#include "common/text/dress.h"

#include "tests/unit/unit_test.h"

static void colour_has_an_order_of_who_decides(void **state) {
  static const struct {
    struct dress_facts facts;
    bool has_colour;
  } cases[] = {
      {{.is_terminal = true}, true},
      {{.is_terminal = true, .term = "xterm"}, true},
      {{.is_terminal = true, .term = "dumb"}, false},
      {{.is_terminal = false}, false},
      {{.is_terminal = true, .no_color = "1"}, false},
      {{.is_terminal = true, .no_color = "0"}, false},
      {{.is_terminal = true, .no_color = ""}, true},
      {{.is_terminal = true, .no_color_option = true}, false},
      {{.clicolor_force = "1"}, true},
      {{.clicolor_force = "yes", .term = "dumb"}, true},
      {{.clicolor_force = "0"}, false},
      {{.clicolor_force = ""}, false},
      {{.is_terminal = true, .clicolor_force = "0"}, true},
      {{.clicolor_force = "1", .no_color = "1"}, false},
      {{.clicolor_force = "1", .no_color = ""}, true},
      {{.clicolor_force = "1", .no_color_option = true}, false},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(cases[i].has_colour, dress_has_colour(&cases[i].facts));
}

static void unicode_is_the_locales(void **state) {
  static const struct {
    struct dress_facts facts;
    bool has_unicode;
  } cases[] = {
      {{.lang = NULL}, false},
      {{.lang = "C"}, false},
      {{.lang = "en_US.UTF-8"}, true},
      {{.lang = "C.utf8"}, true},
      {{.lang = "de_DE.UTF8@euro"}, true},
      {{.lang = "de_DE.ISO-8859-1"}, false},
      {{.lang = "en_US.UTF-8", .lc_all = "C"}, false},
      {{.lang = "en_US.UTF-8", .lc_all = ""}, true},
      {{.lang = "C", .lc_ctype = "C.UTF-8"}, true},
      {{.lang = "C.UTF-8", .lc_ctype = "C"}, false},
      {{.lc_all = "C.UTF-8", .lc_ctype = "C"}, true},
      {{.lc_all = "C.UTF-8", .ascii_option = true}, false},
      {{.is_always_utf8 = true}, true},
      {{.is_always_utf8 = true, .ascii_option = true}, false},
      {{.lang = "utf"}, false},
      {{.lang = "uutf-8"}, true},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(cases[i].has_unicode, dress_has_unicode(&cases[i].facts));
}

static void only_a_terminal_that_names_itself_is_redrawn(void **state) {
  static const struct {
    struct dress_facts facts;
    bool can_redraw;
  } cases[] = {
      {{.is_terminal = true, .term = "xterm-256color"}, true},
      {{.is_terminal = true, .term = "dumb"}, false},
      {{.is_terminal = true, .term = ""}, false},
      {{.is_terminal = true, .term = NULL}, false},
      {{.is_terminal = false, .term = "xterm"}, false},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(cases[i].can_redraw, dress_can_redraw(&cases[i].facts));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(colour_has_an_order_of_who_decides),
      cmocka_unit_test(unicode_is_the_locales),
      cmocka_unit_test(only_a_terminal_that_names_itself_is_redrawn),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
