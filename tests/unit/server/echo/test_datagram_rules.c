/* Which datagram gets an answer, as a table. */
#include "server/echo/datagram_rules.h"

#include "tests/unit/unit_test.h"

static void datagrams_are_judged_by_the_loop_guard(void **state) {
  static const struct {
    struct datagram_facts facts; /* is frame, is reply, source port, from this machine, own echo port, from no host */
    enum datagram_verdict wanted;
  } cases[] = {
      {{false, false, 40000, true, 62893, false}, DATAGRAM_ECHO},
      {{true, false, 40000, true, 62893, false}, DATAGRAM_STAMP},
      {{true, true, 40000, true, 62893, false}, DATAGRAM_REFUSE},
      {{false, true, 40000, true, 62893, false}, DATAGRAM_ECHO}, /* no frame, so what looks like its flag is payload */
      {{false, false, 0, true, 62893, false}, DATAGRAM_REFUSE},
      {{false, false, 7, true, 62893, false}, DATAGRAM_REFUSE},
      {{false, false, 1023, false, 62893, false}, DATAGRAM_REFUSE},
      {{false, false, 1024, false, 62893, false}, DATAGRAM_ECHO},
      {{true, false, 1023, true, 62893, false}, DATAGRAM_REFUSE},
      {{false, false, 62893, true, 62893, false}, DATAGRAM_REFUSE},
      {{true, false, 62893, true, 62893, false}, DATAGRAM_REFUSE},
      {{false, false, 62893, false, 62893, false}, DATAGRAM_ECHO}, /* the same number on another machine */
      {{false, false, 65535, true, 62893, false}, DATAGRAM_ECHO},
      {{false, false, 40000, false, 62893, true}, DATAGRAM_REFUSE},
      {{true, false, 40000, false, 62893, true}, DATAGRAM_REFUSE},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(datagram_rules_judge(&cases[i].facts), cases[i].wanted);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(datagrams_are_judged_by_the_loop_guard),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
