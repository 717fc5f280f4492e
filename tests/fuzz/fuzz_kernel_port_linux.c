/* One message on a network interface, and the port that is looked for in it, which the first two bytes are. */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "common/sockets/kernel_port.h"
#include "tests/fuzz/fuzz.h"

/* vx0, which receives on 4789. */
static const struct {
  uint16_t wanted;
  uint16_t padding;
  struct ifinfomsg link;
  struct rtattr name_head;
  char name[4];
  struct rtattr info_head;
  struct rtattr kind_head;
  char kind[8];
  struct rtattr data_head;
  struct rtattr port_head;
  uint8_t port[4];
} vxlan = {
    .wanted = 4789,
    .name_head = {.rta_len = RTA_LENGTH(4), .rta_type = IFLA_IFNAME},
    .name = "vx0",
    .info_head = {.rta_len = RTA_LENGTH(4 + 8 + 4 + 4 + 4), .rta_type = IFLA_LINKINFO},
    .kind_head = {.rta_len = RTA_LENGTH(6), .rta_type = IFLA_INFO_KIND},
    .kind = "vxlan",
    .data_head = {.rta_len = RTA_LENGTH(4 + 4), .rta_type = IFLA_INFO_DATA},
    .port_head = {.rta_len = RTA_LENGTH(2), .rta_type = IFLA_VXLAN_PORT},
    .port = {0x12, 0xb5},
};

FUZZ_SEEDS({&vxlan, sizeof(vxlan)});

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char name[KERNEL_PORT_NAME_SIZE];
  uint16_t wanted;
  if (length < 4) return 0;
  memcpy(&wanted, input, sizeof wanted);
  /* malloc() aligns it, as the parser asks, and ends where the sanitizer watches. */
  uint8_t *message = malloc(length - 4 > 0 ? length - 4 : 1);
  FUZZ_CHECK(message != NULL);
  memcpy(message, input + 4, length - 4);
  bool is_found = kernel_port_read_link(message, length - 4, wanted, name);
  FUZZ_CHECK(is_found == (name[0] != '\0'));
  FUZZ_CHECK(memchr(name, '\0', sizeof name) != NULL);
  free(message);
  return 0;
}
