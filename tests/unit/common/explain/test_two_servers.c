/* When two programs share a number, and whom a client of localhost meets. */
#include "common/explain/two_servers.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define PORT 8080

static struct port_socket sockets[4];
static size_t count;
static struct two_servers two;

static void add(const char *host, bool dual_stack, int64_t pid, const char *command) {
  struct port_socket *socket = &sockets[count++];
  memset(socket, 0, sizeof *socket);
  socket->transport = TRANSPORT_TCP;
  socket->state = SOCKET_STATE_LISTEN;
  socket->dual_stack = dual_stack;
  socket->uid = 1000;
  if (strchr(host, ':') != NULL)
    (void)uv_ip6_addr(host, PORT, (struct sockaddr_in6 *)&socket->local);
  else
    (void)uv_ip4_addr(host, PORT, (struct sockaddr_in *)&socket->local);
  if (pid == 0) return;
  socket->process_count = 1;
  socket->processes[0].pid = pid;
  snprintf(socket->processes[0].command, sizeof socket->processes[0].command, "%s", command);
}

static bool finds(void) {
  return two_servers_find(sockets, count, PORT, &two);
}

static int set_up(void **state) {
  (void)state;
  count = 0;
  return 0;
}

static void one_on_each_address_are_two(void **state) {
  (void)state;
  add("::1", false, 2, "six");
  add("127.0.0.1", false, 1, "four");
  assert_true(finds());
  assert_ptr_equal(two.ipv4, &sockets[1]);
  assert_ptr_equal(two.ipv6, &sockets[0]);
  assert_false(two_servers_find(sockets, count, PORT + 1, &two));
}

static void the_very_address_goes_before_every_address(void **state) {
  (void)state;
  add("::", true, 1, "wide");
  add("127.0.0.1", false, 2, "four");
  assert_true(finds());
  assert_ptr_equal(two.ipv4, &sockets[1]);
  assert_ptr_equal(two.ipv6, &sockets[0]);
  add("::1", false, 2, "four");
  assert_false(finds()); /* it has both, whoever is behind it */
}

static void an_ipv4_socket_goes_before_one_of_both_families(void **state) {
  (void)state;
  add("::", true, 1, "wide");
  add("0.0.0.0", false, 2, "four");
  assert_true(finds());
  assert_ptr_equal(two.ipv4, &sockets[1]);
}

static void one_program_is_not_two(void **state) {
  (void)state;
  add("::", true, 1, "wide");
  assert_false(finds());
  add("127.0.0.1", false, 1, "wide");
  assert_false(finds());
}

static void workers_of_one_server_are_not_two(void **state) {
  (void)state;
  add("127.0.0.1", false, 2, "worker");
  add("127.0.0.1", false, 1, "worker");
  add("::1", false, 3, "worker");
  assert_true(finds());
  sockets[2].processes[0].pid = 2; /* not of the socket that was found last */
  assert_false(finds());
}

static void only_one_address_or_only_bound_is_no_matter(void **state) {
  (void)state;
  add("127.0.0.1", false, 1, "four");
  assert_false(finds());
  add("::1", false, 2, "six");
  sockets[1].state = SOCKET_STATE_BOUND;
  assert_false(finds());
  sockets[1].state = SOCKET_STATE_LISTEN;
  sockets[1].transport = TRANSPORT_UDP;
  assert_false(finds());
}

static void what_is_hidden_is_told_apart_by_its_user_alone(void **state) {
  char text[TWO_SERVERS_TEXT_SIZE];
  (void)state;
  add("127.0.0.1", false, 1, "four");
  add("::1", false, 0, "");
  assert_false(finds());
  sockets[1].uid = 0;
  snprintf(sockets[1].user, sizeof sockets[1].user, "root");
  assert_true(finds());
  assert_non_null(strstr(two_servers_name(&two, text), "a program of user root has [::1]:8080"));
}

static void names_are_escaped_and_each_order_has_its_words(void **state) {
  static const struct {
    enum localhost_order order;
    const char *words;
  } cases[] = {
      {LOCALHOST_IPV6_FIRST, " node, python, Go, Chromium and curl from 8.3 on meet six (process 2)"},
      {LOCALHOST_IPV6_ALONE, "curl 7.78 to 8.2.0 meets \\x1b[31m (process 1)."},
      {LOCALHOST_IPV4_FIRST, " node and python meet \\x1b[31m (process 1), for 127.0.0.1 comes first"},
      {LOCALHOST_IPV4_ALONE, " node, python and Go meet \\x1b[31m (process 1), for localhost is 127.0.0.1 alone"},
  };
  char text[TWO_SERVERS_TEXT_SIZE];
  (void)state;
  add("127.0.0.1", false, 1, "\x1b[31m");
  add("::1", false, 2, "six");
  assert_true(finds());
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    if (strstr(two_servers_write(&two, cases[i].order, text), cases[i].words) == NULL)
      fail_msg("wanted \"%s\" in: %s", cases[i].words, text);
  assert_null(strstr(two_servers_write(&two, LOCALHOST_UNKNOWN, text), "localhost"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(one_on_each_address_are_two, set_up),
      cmocka_unit_test_setup(the_very_address_goes_before_every_address, set_up),
      cmocka_unit_test_setup(an_ipv4_socket_goes_before_one_of_both_families, set_up),
      cmocka_unit_test_setup(one_program_is_not_two, set_up),
      cmocka_unit_test_setup(workers_of_one_server_are_not_two, set_up),
      cmocka_unit_test_setup(only_one_address_or_only_bound_is_no_matter, set_up),
      cmocka_unit_test_setup(what_is_hidden_is_told_apart_by_its_user_alone, set_up),
      cmocka_unit_test_setup(names_are_escaped_and_each_order_has_its_words, set_up),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
