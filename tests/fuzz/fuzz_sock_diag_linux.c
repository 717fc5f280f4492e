/* A batch of netlink messages. They come from the kernel, and are read as if they came from anybody. */
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <string.h>

#include "common/sockets/sock_diag_linux.h"
#include "tests/fuzz/fuzz.h"

#define SEQUENCE 1

static const struct {
  struct nlmsghdr header;
  struct inet_diag_msg told;
  struct rtattr attribute;
  unsigned char v6only[4];
  struct nlmsghdr done;
  int code;
} listener = {
    .header = {.nlmsg_len = sizeof(struct nlmsghdr) + sizeof(struct inet_diag_msg) + sizeof(struct rtattr) + 4,
               .nlmsg_type = SOCK_DIAG_BY_FAMILY,
               .nlmsg_seq = SEQUENCE},
    .told = {.idiag_family = 10, .idiag_state = 10, .id = {.idiag_sport = 0xadf5}, .idiag_uid = 1000, .idiag_inode = 9},
    .attribute = {.rta_len = sizeof(struct rtattr) + 1, .rta_type = INET_DIAG_SKV6ONLY},
    .v6only = {1},
    .done = {.nlmsg_len = sizeof(struct nlmsghdr) + sizeof(int), .nlmsg_type = NLMSG_DONE, .nlmsg_seq = SEQUENCE},
};

static const struct {
  struct nlmsghdr header;
  struct nlmsgerr error;
} refusal = {
    .header = {.nlmsg_len = sizeof(struct nlmsghdr) + sizeof(struct nlmsgerr),
               .nlmsg_type = NLMSG_ERROR,
               .nlmsg_flags = NLM_F_DUMP_INTR,
               .nlmsg_seq = SEQUENCE},
    .error = {.error = -1},
};

FUZZ_SEEDS({&listener, sizeof(listener)}, {&refusal, sizeof(refusal)});

static void check_row(const struct socket_row *row, void *visitor) {
  size_t *count = visitor;
  char out[ADDRESS_TEXT_SIZE];
  FUZZ_CHECK(row->local.ss_family == AF_INET || row->local.ss_family == AF_INET6);
  FUZZ_CHECK(strlen(address_format(&row->local, out)) < sizeof(out));
  (*count)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  /* malloc() aligns it, as the parser asks, and ends where the sanitizer watches. */
  uint8_t *batch = malloc(length > 0 ? length : 1);
  size_t count = 0;
  int code = 1;
  FUZZ_CHECK(batch != NULL);
  memcpy(batch, input, length);
  enum sock_diag_batch answer = sock_diag_read_batch(batch, length, TRANSPORT_TCP, SEQUENCE, check_row, &count, &code);
  FUZZ_CHECK(code <= 0 && (answer == SOCK_DIAG_FAILED) == (code < 0));
  FUZZ_CHECK(count <= length / sizeof(struct nlmsghdr));
  free(batch);
  return 0;
}
