/* Refusals to bind: by a sandbox, by a policy, and by rules that the system does not tell. */
#include "server/listen/explain_bind.h"
#include "tests/unit/explain_facts.h"

static struct bind_failure failure;
static struct explanation explanation;

static int set_up(void **state) {
  (void)state;
  memset(&failure, 0, sizeof failure);
  failure.code = UV_EACCES;
  failure.wanted.transport = TRANSPORT_TCP;
  failure.wanted.address = facts_address("127.0.0.1", 62893);
  failure.ports = facts_ports;
  failure.free_port = 62894;
  failure.now = FACTS_NOW;
  failure.own_user_id = 1000;
  return 0;
}

static void a_sandbox_is_named_where_the_kernel_would_allow(void **state) {
  (void)state;
  static const int codes[] = {UV_EACCES, UV_EPERM};
  for (size_t i = 0; i < COUNT_OF(codes); i++) {
    failure.code = codes[i];
    failure.confined = MACHINE_YES;
    explain_bind_failure(&failure, &explanation);
    facts_expect(&explanation, "only those below 1024 are privileged here. But this process is confined");
    failure.confined = MACHINE_NO;
    explain_bind_failure(&failure, &explanation);
    facts_expect(&explanation, "A security policy of this machine");
  }
}

/* As on a system whose own file nobody wrote yet. */
static void a_refusal_by_unknown_rules_names_no_policy(void **state) {
  (void)state;
  failure.code = UV_EACCES;
  failure.confined = MACHINE_NO;
  memset(&failure.ports, 0, sizeof failure.ports);
  address_set_port(&failure.wanted.address, 80);
  explain_bind_failure(&failure, &explanation);
  facts_expect(&explanation, "Linux refuses it to user id 1000, and does not tell lopong by which rule.");
  facts_expect(&explanation, "IANA keeps the ports below 1024 for the system");
  facts_expect_not(&explanation, "SELinux");
  failure.own_user_id = -1;
  address_set_port(&failure.wanted.address, 62893);
  explain_bind_failure(&failure, &explanation);
  facts_expect(&explanation, "Linux refuses it to this user, and");
  facts_expect_not(&explanation, "IANA");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_sandbox_is_named_where_the_kernel_would_allow, set_up),
      cmocka_unit_test_setup(a_refusal_by_unknown_rules_names_no_policy, set_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
