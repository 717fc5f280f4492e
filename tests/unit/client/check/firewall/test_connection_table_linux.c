/* Where a connection really goes, as connection tracking tells it. Needs root and nft; all of it stands in a network
 * namespace of the test's own. */
#include "client/check/firewall/connection_table.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit_test.h"

static const char *const rules =
    "PATH=$PATH:/usr/sbin:/sbin; ip link set lo up && nft 'table ip t { chain c { type nat hook output priority "
    "-100; tcp dport 7007 redirect to :7008; }; }' 2> /dev/null";

static int connect_to(uint16_t port, struct endpoint *target, struct sockaddr_storage *source) {
  struct sockaddr_in *in = (void *)&target->address;
  socklen_t length = sizeof *source;
  memset(target, 0, sizeof *target);
  in->sin_family = AF_INET;
  in->sin_port = htons(port);
  in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(connect(client, (struct sockaddr *)in, sizeof *in), 0);
  assert_int_equal(getsockname(client, (struct sockaddr *)source, &length), 0);
  return client;
}

static void a_redirected_connections_real_end_is_found(void **state) {
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(7008)};
  struct sockaddr_storage source, end;
  struct endpoint target;
  (void)state;
  if (geteuid() != 0 || unshare(CLONE_NEWNET) != 0 || system(rules) != 0) skip();
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(listener, (struct sockaddr *)&where, sizeof where), 0);
  assert_int_equal(listen(listener, 4), 0);
  int redirected = connect_to(7007, &target, &source);
  assert_true(connection_table_find_end(&target, &source, &end));
  assert_int_equal(address_port(&end), 7008);
  int direct = connect_to(7008, &target, &source);
  assert_false(connection_table_find_end(&target, &source, &end));
  close(direct);
  close(redirected);
  close(listener);
}

static void a_table_is_full_when_it_holds_as_many_as_it_may(void **state) {
  (void)state;
  assert_true(connection_table_is_full(&(struct connection_table){true, 10, 10}));
  assert_true(connection_table_is_full(&(struct connection_table){true, 11, 10}));
  assert_false(connection_table_is_full(&(struct connection_table){true, 9, 10}));
  assert_false(connection_table_is_full(&(struct connection_table){false, 10, 10}));
  assert_false(connection_table_is_full(&(struct connection_table){true, 0, 0}));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_redirected_connections_real_end_is_found),
      cmocka_unit_test(a_table_is_full_when_it_holds_as_many_as_it_may),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
