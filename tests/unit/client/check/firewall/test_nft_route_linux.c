/* Where a rule sends a port, from bytes as iptables of before 1.8.8 writes them: its own match in place of a
 * comparison. What nft and newer ones write is held against real rules by tests/net/ports_published.bats. */
#include "client/check/firewall/nft_route_linux.h"

#include <netinet/in.h>

#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/firewall/nft_message_linux.h"
#include "tests/unit/unit_test.h"

#define HEADER_BYTES 20 /* of netlink and of netfilter */

static struct nft_batch batch;

static size_t open_expression(const char *name, size_t *element) {
  *element = nft_nest(&batch, NFTA_LIST_ELEM);
  nft_put_text(&batch, NFTA_EXPR_NAME, name);
  return nft_nest(&batch, NFTA_EXPR_DATA);
}

static void put_match(const char *name, uint16_t first, uint16_t last, uint8_t inverted) {
  uint16_t ports[4] = {0, UINT16_MAX, first, last};
  uint8_t info[16] = {0};
  size_t element, body = open_expression("match", &element);
  memcpy(info, ports, sizeof ports);
  info[strcmp(name, "udp") == 0 ? 8 : 11] = inverted;
  nft_put_text(&batch, NFTA_MATCH_NAME, name);
  nft_put(&batch, NFTA_MATCH_INFO, info, sizeof info);
  nft_unnest(&batch, body);
  nft_unnest(&batch, element);
}

static void put_dnat(void) {
  /* Flags, the address twice, the port twice. */
  uint8_t info[40] = {0};
  size_t element, body = open_expression("target", &element);
  memcpy(info + 4, "\xac\x11\x00\x02", 4);
  memcpy(info + 20, "\xac\x11\x00\x02", 4);
  info[37] = info[39] = 80;
  nft_put_text(&batch, NFTA_TARGET_NAME, "DNAT");
  nft_put_u32(&batch, NFTA_TARGET_REV, 2);
  nft_put(&batch, NFTA_TARGET_INFO, info, sizeof info);
  nft_unnest(&batch, body);
  nft_unnest(&batch, element);
}

static int begin(void **state) {
  (void)state;
  memset(&batch, 0, sizeof batch);
  nft_batch_open(&batch, NFT_MSG_NEWRULE, 0, NFPROTO_IPV4);
  return 0;
}

static struct nft_route read_route(void) {
  struct nft_route route;
  nft_route_read(batch.bytes + HEADER_BYTES, batch.used - HEADER_BYTES, &route);
  return route;
}

static void a_match_of_iptables_names_the_port(void **state) {
  char text[ADDRESS_TEXT_SIZE];
  (void)state;
  put_match("tcp", 8080, 8080, 0);
  put_dnat();
  struct nft_route route = read_route();
  assert_true(route.is_publishing);
  assert_int_equal(route.transport, TRANSPORT_TCP);
  assert_int_equal(route.first_port, 8080);
  assert_int_equal(route.last_port, 8080);
  assert_int_equal(route.target_port, 80);
  assert_string_equal(address_format_host(&route.target, text), "172.17.0.2");
}

static void a_range_of_udp_is_read_too(void **state) {
  (void)state;
  put_match("udp", 5000, 5010, 0);
  put_dnat();
  struct nft_route route = read_route();
  assert_true(route.is_publishing);
  assert_int_equal(route.transport, TRANSPORT_UDP);
  assert_int_equal(route.first_port, 5000);
  assert_int_equal(route.last_port, 5010);
}

static void other_ports_than_these_and_all_ports_are_no_name(void **state) {
  (void)state;
  put_match("tcp", 8080, 8080, 2);
  put_dnat();
  assert_false(read_route().is_publishing);
  begin(NULL);
  put_match("udp", 8080, 8080, 2);
  put_dnat();
  assert_false(read_route().is_publishing);
  begin(NULL);
  put_match("tcp", 0, UINT16_MAX, 0);
  put_dnat();
  assert_false(read_route().is_publishing);
}

static void a_rule_that_sends_nothing_on_publishes_nothing(void **state) {
  (void)state;
  put_match("tcp", 8080, 8080, 0);
  assert_false(read_route().is_publishing);
}

static void any_beginning_of_a_rule_is_read_safely(void **state) {
  struct nft_route route;
  (void)state;
  put_match("tcp", 8080, 8080, 0);
  put_dnat();
  for (size_t length = 0; length <= batch.used - HEADER_BYTES; length++) {
    uint8_t *exact = malloc(length + 1);
    assert_non_null(exact);
    memcpy(exact, batch.bytes + HEADER_BYTES, length);
    nft_route_read(exact, length, &route);
    free(exact);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(a_match_of_iptables_names_the_port, begin),
      cmocka_unit_test_setup(a_range_of_udp_is_read_too, begin),
      cmocka_unit_test_setup(other_ports_than_these_and_all_ports_are_no_name, begin),
      cmocka_unit_test_setup(a_rule_that_sends_nothing_on_publishes_nothing, begin),
      cmocka_unit_test_setup(any_beginning_of_a_rule_is_read_safely, begin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
