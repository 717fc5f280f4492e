/* Batches of netlink messages: rows, ends, errors, changed tables, and bytes that are none of these. */
#include "common/sockets/sock_diag_linux.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define SEQUENCE 7

/* One batch that is being made. */
static _Alignas(8) uint8_t batch[4096];
static size_t batch_bytes;

static struct socket_row rows[8];
static size_t row_count;

static void on_row(const struct socket_row *row, void *visitor) {
  (void)visitor;
  if (row_count < COUNT_OF(rows)) rows[row_count] = *row;
  row_count++;
}

static struct nlmsghdr *add_message(uint16_t type, uint16_t flags, const void *body, size_t body_bytes) {
  struct nlmsghdr *header = (struct nlmsghdr *)(void *)(batch + batch_bytes);
  *header = (struct nlmsghdr){
      .nlmsg_len = (uint32_t)NLMSG_LENGTH(body_bytes), .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_seq = SEQUENCE};
  if (body_bytes > 0) memcpy(NLMSG_DATA(header), body, body_bytes);
  batch_bytes += NLMSG_ALIGN(header->nlmsg_len);
  return header;
}

/* A dual-stack [::]:62893, unless `v6only`. */
static void add_listener(bool v6only) {
  struct {
    struct inet_diag_msg told;
    struct rtattr attribute;
    uint8_t v6only[4];
  } body = {.told = {.idiag_family = AF_INET6, .idiag_state = 10},
            .attribute = {.rta_len = RTA_LENGTH(1), .rta_type = INET_DIAG_SKV6ONLY},
            .v6only = {v6only}};
  body.told.id.idiag_sport = htons(62893);
  body.told.idiag_uid = 1000;
  body.told.idiag_inode = 99;
  body.told.idiag_rqueue = 3;
  body.told.idiag_wqueue = 128;
  add_message(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &body, sizeof body);
}

static enum sock_diag_batch read_batch(int *code) {
  row_count = 0;
  /* The copy's end is watched; its beginning is aligned, because all messages have a multiple of 4 bytes. */
  return sock_diag_read_batch(guard_page_place(batch, batch_bytes), batch_bytes, TRANSPORT_TCP, SEQUENCE, on_row, NULL,
                              code);
}

static int set_up(void **state) {
  (void)state;
  memset(batch, 0, sizeof batch);
  batch_bytes = 0;
  return 0;
}

static void a_listener_tells_its_queue_and_its_stack(void **state) {
  (void)state;
  int code;
  char text[ADDRESS_TEXT_SIZE];
  add_listener(false);
  add_listener(true);
  assert_int_equal(read_batch(&code), SOCK_DIAG_MORE);
  assert_int_equal(row_count, 2);
  assert_int_equal(rows[0].state, SOCKET_STATE_LISTEN);
  assert_string_equal(address_format(&rows[0].local, text), "[::]:62893");
  assert_int_equal(rows[0].remote.ss_family, AF_UNSPEC);
  assert_true(rows[0].dual_stack);
  assert_false(rows[1].dual_stack);
  assert_int_equal(rows[0].uid, 1000);
  assert_int_equal(rows[0].inode, 99);
  assert_int_equal(rows[0].queued, 3);
  assert_int_equal(rows[0].queue_limit, 128);
}

static void a_mapped_address_becomes_the_ipv4_one(void **state) {
  (void)state;
  int code;
  char text[ADDRESS_TEXT_SIZE];
  struct inet_diag_msg told = {.idiag_family = AF_INET6, .idiag_state = 6, .idiag_timer = 3, .idiag_expires = 59000};
  told.id.idiag_sport = htons(62893);
  told.id.idiag_dport = htons(40000);
  told.id.idiag_src[2] = told.id.idiag_dst[2] = htonl(0xffff);
  told.id.idiag_src[3] = told.id.idiag_dst[3] = htonl(0x7f000001);
  add_message(SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, &told, sizeof told);
  assert_int_equal(read_batch(&code), SOCK_DIAG_MORE);
  assert_int_equal(row_count, 1);
  assert_string_equal(address_format(&rows[0].local, text), "127.0.0.1:62893");
  assert_string_equal(address_format(&rows[0].remote, text), "127.0.0.1:40000");
  assert_int_equal(rows[0].state, SOCKET_STATE_TIME_WAIT);
  assert_int_equal(rows[0].expires_ms, 59000);
  assert_false(rows[0].dual_stack);
}

static void the_end_of_a_dump_is_seen(void **state) {
  (void)state;
  static const struct {
    uint16_t type;
    uint16_t flags;
    int value;
    size_t value_bytes;
    enum sock_diag_batch answer;
    int code;
  } cases[] = {
      {NLMSG_DONE, NLM_F_MULTI, 0, 4, SOCK_DIAG_DONE, 0},
      {NLMSG_DONE, NLM_F_MULTI, 0, 0, SOCK_DIAG_DONE, 0},
      {NLMSG_DONE, NLM_F_DUMP_INTR, 0, 4, SOCK_DIAG_CHANGED, 0},
      {NLMSG_DONE, NLM_F_MULTI, -2, 4, SOCK_DIAG_FAILED, -2},
      {NLMSG_ERROR, 0, -1, 4, SOCK_DIAG_FAILED, -1},
      {NLMSG_ERROR, 0, 0, 0, SOCK_DIAG_FAILED, UV_EPROTO},
      {NLMSG_ERROR, 0, 5, 4, SOCK_DIAG_FAILED, UV_EPROTO},
      {NLMSG_NOOP, 0, 0, 0, SOCK_DIAG_MORE, 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    int code = 1;
    batch_bytes = 0;
    add_listener(false);
    add_message(cases[i].type, cases[i].flags, &cases[i].value, cases[i].value_bytes);
    enum sock_diag_batch answer = read_batch(&code);
    if (answer != cases[i].answer || code != cases[i].code || row_count != 1)
      fail_msg("case %zu: wanted %d and %d, got %d and %d, %zu rows", i, cases[i].answer, cases[i].code, answer, code,
               row_count);
  }
}

static void answers_to_others_are_skipped(void **state) {
  (void)state;
  int code;
  add_listener(false);
  add_message(NLMSG_DONE, NLM_F_MULTI, NULL, 0)->nlmsg_seq = SEQUENCE - 1;
  assert_int_equal(read_batch(&code), SOCK_DIAG_MORE);
  assert_int_equal(row_count, 1);
}

/* Every length that a message or an attribute may claim, in a batch that ends before an unreadable page. */
static void no_claimed_length_is_trusted(void **state) {
  (void)state;
  int code;
  for (uint32_t claimed = 0; claimed < 256; claimed++) {
    batch_bytes = 0;
    add_listener(false);
    struct nlmsghdr *header = (struct nlmsghdr *)(void *)batch;
    header->nlmsg_len = claimed;
    read_batch(&code);
    if (claimed < NLMSG_LENGTH(sizeof(struct inet_diag_msg)) && row_count != 0)
      fail_msg("a message of %u bytes became a row", claimed);
  }
  for (uint16_t claimed = 0; claimed < 256; claimed++) {
    batch_bytes = 0;
    add_listener(true);
    struct rtattr *attribute = (struct rtattr *)(void *)(batch + NLMSG_LENGTH(sizeof(struct inet_diag_msg)));
    attribute->rta_len = claimed;
    read_batch(&code);
    assert_int_equal(row_count, 1);
    /* The value is one byte, and eight bytes are left in the message. */
    bool is_told = claimed >= RTA_LENGTH(1) && claimed <= 8;
    if (rows[0].dual_stack != !is_told) fail_msg("an attribute of %u bytes: dual %d", claimed, rows[0].dual_stack);
  }
}

static void a_batch_may_end_anywhere(void **state) {
  (void)state;
  int code;
  add_listener(false);
  add_message(NLMSG_DONE, NLM_F_MULTI, NULL, 0);
  for (size_t whole = batch_bytes; batch_bytes > 0; batch_bytes -= 4) {
    enum sock_diag_batch answer = read_batch(&code);
    if ((answer == SOCK_DIAG_DONE) != (batch_bytes == whole)) fail_msg("%zu bytes: got %d", batch_bytes, answer);
  }
}

#define WITH_BATCH(test) cmocka_unit_test_setup(test, set_up)

int main(void) {
  const struct CMUnitTest tests[] = {
      WITH_BATCH(a_listener_tells_its_queue_and_its_stack),
      WITH_BATCH(a_mapped_address_becomes_the_ipv4_one),
      WITH_BATCH(the_end_of_a_dump_is_seen),
      WITH_BATCH(answers_to_others_are_skipped),
      WITH_BATCH(no_claimed_length_is_trusted),
      WITH_BATCH(a_batch_may_end_anywhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
