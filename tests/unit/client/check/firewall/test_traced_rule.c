/* Which rules let some packets through and stop others. */
#include "client/check/firewall/traced_rule.h"

#include <stdio.h>

#include "tests/unit/unit_test.h"

static const struct {
  const char *text;
  bool is_policy, has_limit;
} rules[] = {
    {"tcp dport 80 limit rate over 1/minute burst 1 packets drop", false, true},
    {"limit rate over 5/second drop", false, true},
    {"ct count over 10 drop", false, true},
    {"numgen random mod 100 < 5 drop", false, true},
    {"tcp dport 80 xt match \"recent\" counter drop", false, true},
    {"xt match \"hashlimit\" drop", false, true},
    {"-A INPUT -p tcp -m connlimit --connlimit-above 3 -j DROP", false, true},
    {"ip6 hoplimit < 5 drop", false, false},
    {"meta oifname \"limit0\" drop", false, false},
    {"drop", false, false},
    {"limit rate over 5/second drop", true, false}, /* a policy has no rule */
};

static void a_rule_with_a_limit_is_known_by_its_text(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rules); i++) {
    struct traced_rule rule = {.is_policy = rules[i].is_policy};
    snprintf(rule.text, sizeof rule.text, "%s", rules[i].text);
    if (traced_rule_has_limit(&rule) != rules[i].has_limit) fail_msg("%s", rules[i].text);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {cmocka_unit_test(a_rule_with_a_limit_is_known_by_its_text)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
