/* Messages on network interfaces: tunnels with a port, others, and bytes that end too early. */
#include "common/sockets/kernel_port.h"

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static _Alignas(8) uint8_t message[1024];
static size_t message_bytes;
static char name[KERNEL_PORT_NAME_SIZE];

static struct rtattr *open_attribute(unsigned short type) {
  struct rtattr *attribute = (struct rtattr *)(void *)(message + message_bytes);
  *attribute = (struct rtattr){.rta_type = type};
  message_bytes += RTA_LENGTH(0);
  return attribute;
}

/* Its length is all that was added since. */
static void close_attribute(struct rtattr *attribute) {
  attribute->rta_len = (unsigned short)(message + message_bytes - (uint8_t *)attribute);
  message_bytes = RTA_ALIGN(message_bytes);
}

static void add(unsigned short type, const void *value, size_t bytes) {
  struct rtattr *attribute = open_attribute(type);
  memcpy(message + message_bytes, value, bytes);
  message_bytes += bytes;
  close_attribute(attribute);
}

static void begin(const char *interface) {
  memset(message, 0, sizeof message);
  message_bytes = NLMSG_ALIGN(sizeof(struct ifinfomsg));
  if (interface != NULL) add(IFLA_IFNAME, interface, strlen(interface) + 1);
}

static void add_info(const char *kind, unsigned short nested, unsigned short type, const void *port, size_t bytes) {
  struct rtattr *info = open_attribute(IFLA_LINKINFO);
  add(IFLA_INFO_KIND, kind, strlen(kind) + 1);
  struct rtattr *data = open_attribute(IFLA_INFO_DATA | nested);
  add(type, port, bytes);
  close_attribute(data);
  close_attribute(info);
}

static void add_tunnel(const char *kind, unsigned short type, uint16_t port) {
  uint16_t network_order = htons(port);
  add_info(kind, 0, type, &network_order, sizeof network_order);
}

static bool reads(uint16_t port) {
  return kernel_port_read_link(guard_page_place(message, message_bytes), message_bytes, port, name);
}

static void a_tunnel_is_found_by_its_port(void **state) {
  (void)state;
  begin("vx0");
  add_tunnel("vxlan", IFLA_VXLAN_PORT, 4789);
  assert_true(reads(4789));
  assert_string_equal(name, "vx0 (vxlan)");
  assert_false(reads(4790));
  assert_string_equal(name, "");
  assert_false(reads(46354)); /* 4789 with its bytes the other way round */
  begin("gnv1");
  add_tunnel("geneve", IFLA_GENEVE_PORT, 6081);
  assert_true(reads(6081));
  assert_string_equal(name, "gnv1 (geneve)");
}

static void what_is_marked_as_nested_is_read_all_the_same(void **state) {
  uint16_t port = htons(4789);
  (void)state;
  begin("vx0");
  add_info("vxlan", NLA_F_NESTED, IFLA_VXLAN_PORT, &port, sizeof port);
  assert_true(reads(4789));
}

static void other_interfaces_have_no_port(void **state) {
  static const char one_byte = 0x12;
  (void)state;
  begin("lo");
  assert_false(reads(4789));
  begin("br0");
  add_tunnel("bridge", IFLA_VXLAN_PORT, 4789);
  assert_false(reads(4789));
  begin("gnv0"); /* a number that only a VXLAN's data has at this place */
  add_tunnel("geneve", IFLA_VXLAN_PORT, 4789);
  assert_false(reads(4789));
  begin(NULL);
  add_tunnel("vxlan", IFLA_VXLAN_PORT, 4789);
  assert_false(reads(4789));
  begin("vx0");
  add_info("vxlan", 0, IFLA_VXLAN_PORT, &one_byte, sizeof one_byte);
  assert_false(reads(4789));
  assert_string_equal(name, "");
}

static void a_message_that_ends_early_is_no_tunnel(void **state) {
  (void)state;
  begin("vx0");
  add_tunnel("vxlan", IFLA_VXLAN_PORT, 4789);
  for (size_t length = 0; length + 4 <= message_bytes; length += 4) {
    /* Its end is watched: whatever an attribute says of its own length, nothing behind it is read. */
    if (kernel_port_read_link(guard_page_place(message, length), length, 4789, name) && length + 4 < message_bytes)
      fail_msg("%zu bytes of %zu were taken for a tunnel", length, message_bytes);
  }
}

static void a_long_name_is_cut(void **state) {
  (void)state;
  begin("an-interface-name-of-thirty-bytes");
  add_tunnel("vxlan", IFLA_VXLAN_PORT, 4789);
  assert_true(reads(4789));
  assert_string_equal(name, "an-interface-nam (vxlan)");
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_tunnel_is_found_by_its_port),
      cmocka_unit_test(what_is_marked_as_nested_is_read_all_the_same),
      cmocka_unit_test(other_interfaces_have_no_port),
      cmocka_unit_test(a_message_that_ends_early_is_no_tunnel),
      cmocka_unit_test(a_long_name_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
