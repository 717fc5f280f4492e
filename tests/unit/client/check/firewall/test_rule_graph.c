/* Which chains lead to which. */
#include "client/check/firewall/rule_graph.h"

#include "tests/unit/unit_test.h"

static struct rule_graph graph;

static int end(void **state) {
  (void)state;
  rule_graph_free(&graph);
  return 0;
}

static void chain(const char *name, const char *hook) {
  assert_int_equal(rule_graph_add_chain(&graph, "ip", "filter", name, hook), 0);
}

static void jump(const char *from, const char *to) {
  assert_int_equal(rule_graph_add_jump(&graph, "ip", "filter", from, to), 0);
}

static void make_docker_and_ufw(void) {
  chain("INPUT", "input");
  chain("FORWARD", "forward");
  chain("DOCKER-USER", "");
  chain("DOCKER-FORWARD", "");
  chain("ufw-before-input", "");
  chain("ufw-before-forward", "");
  chain("mine", "");
}

static void a_chain_is_reached_over_others(void **state) {
  (void)state;
  chain("INPUT", "input");
  chain("a", "");
  chain("b", "");
  jump("a", "b");
  assert_false(rule_graph_is_reached(&graph, "ip", "filter", "b", "input"));
  jump("INPUT", "a");
  assert_true(rule_graph_is_reached(&graph, "ip", "filter", "b", "input"));
  assert_false(rule_graph_is_reached(&graph, "ip", "filter", "b", "forward"));
  assert_false(rule_graph_is_reached(&graph, "ip6", "filter", "b", "input"));
  assert_false(rule_graph_is_reached(&graph, "ip", "filter", "none", "input"));
}

/* The kernel refuses them, and a table may change while it is read. */
static void a_circle_ends(void **state) {
  (void)state;
  chain("a", "");
  chain("b", "");
  jump("a", "b");
  jump("b", "a");
  assert_false(rule_graph_is_reached(&graph, "ip", "filter", "a", "input"));
}

static void docker_passes_by_ufw_where_it_is_asked_first(void **state) {
  (void)state;
  make_docker_and_ufw();
  jump("INPUT", "ufw-before-input");
  assert_false(rule_graph_docker_passes_ufw(&graph));
  jump("FORWARD", "DOCKER-USER");
  assert_false(rule_graph_docker_passes_ufw(&graph));
  jump("FORWARD", "DOCKER-FORWARD");
  jump("FORWARD", "ufw-before-forward");
  assert_true(rule_graph_docker_passes_ufw(&graph));
}

static void ufw_that_is_not_in_force_is_none(void **state) {
  (void)state;
  make_docker_and_ufw();
  jump("FORWARD", "DOCKER-FORWARD");
  assert_false(rule_graph_docker_passes_ufw(&graph));
}

static void a_rule_that_leads_to_ufw_first_keeps_it_in_the_way(void **state) {
  (void)state;
  make_docker_and_ufw();
  jump("INPUT", "ufw-before-input");
  jump("FORWARD", "DOCKER-USER");
  jump("FORWARD", "DOCKER-FORWARD");
  jump("DOCKER-USER", "mine");
  jump("mine", "ufw-before-forward");
  assert_false(rule_graph_docker_passes_ufw(&graph));
}

static void more_chains_than_fit_are_an_error(void **state) {
  (void)state;
  for (size_t i = 0; i < RULE_GRAPH_CHAINS_MAX; i++)
    chain("many", "");
  assert_true(rule_graph_add_chain(&graph, "ip", "filter", "one more", "") < 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_teardown(a_chain_is_reached_over_others, end),
      cmocka_unit_test_teardown(a_circle_ends, end),
      cmocka_unit_test_teardown(docker_passes_by_ufw_where_it_is_asked_first, end),
      cmocka_unit_test_teardown(ufw_that_is_not_in_force_is_none, end),
      cmocka_unit_test_teardown(a_rule_that_leads_to_ufw_first_keeps_it_in_the_way, end),
      cmocka_unit_test_teardown(more_chains_than_fit_are_an_error, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
