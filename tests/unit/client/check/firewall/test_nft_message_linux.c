/* Messages of nftables: what is built can be read, and what is no message is refused; rules as text. */
#include "client/check/firewall/nft_message_linux.h"

#include <stdlib.h>
#include <string.h>

#include "client/check/firewall/nft_rule_text_linux.h"
#include "tests/unit/unit_test.h"

/* linux/netfilter/nf_tables.h, which every test but this one may do without. */
enum {
  LIST_ELEMENT = 1,
  EXPRESSION_NAME = 1,
  EXPRESSION_BODY = 2,
  HEADERS = 20, /* of netlink and of netfilter */
  INET = 1,
};

static struct nft_batch batch;

static void begin(void) {
  memset(&batch, 0, sizeof batch);
  nft_batch_open(&batch, 0, 0, 1);
}

static void what_is_built_can_be_read(void **state) {
  struct nft_attribute found;
  char text[8];
  (void)state;
  begin();
  nft_put_text(&batch, 1, "table");
  nft_put_u32(&batch, 2, 0xfffffe70u);
  size_t nest = nft_nest(&batch, 3);
  nft_put_u64(&batch, 4, UINT64_C(0x0102030405060708));
  nft_unnest(&batch, nest);
  nft_batch_close(&batch);
  const uint8_t *bytes = batch.bytes + HEADERS;
  size_t length = batch.used - HEADERS;
  assert_false(batch.is_overflown);
  assert_true(nft_find(bytes, length, 1, &found));
  nft_text(&found, text, sizeof text);
  assert_string_equal(text, "table");
  nft_text(&found, text, 4);
  assert_string_equal(text, "tab");
  assert_true(nft_find(bytes, length, 2, &found));
  assert_int_equal(nft_u32(&found), 0xfffffe70u);
  assert_int_equal(nft_u64(&found), 0);
  assert_true(nft_find(bytes, length, 3, &found));
  assert_true(nft_find(found.bytes, found.length, 4, &found));
  assert_true(nft_u64(&found) == UINT64_C(0x0102030405060708));
  assert_false(nft_find(bytes, length, 9, &found));
  assert_int_equal(found.length, 0);
}

static void a_batch_that_is_full_says_so(void **state) {
  static const uint8_t much[4096];
  (void)state;
  begin();
  nft_put(&batch, 1, much, sizeof much);
  assert_false(batch.is_overflown);
  nft_put(&batch, 1, much, sizeof much);
  assert_true(batch.is_overflown);
  nft_batch_close(&batch);
  assert_true(batch.used <= sizeof batch.bytes);
}

static void attributes_that_lie_about_their_length_end_the_reading(void **state) {
  static const struct {
    uint8_t bytes[8];
    size_t length;
  } cases[] = {{{0}, 0},
               {{8, 0, 1}, 3},
               {{0, 0, 1, 0, 1, 2, 3, 4}, 8},
               {{3, 0, 1, 0, 1, 2, 3, 4}, 8},
               {{9, 0, 1, 0, 1, 2, 3, 4}, 8},
               {{0xff, 0xff, 1, 0, 1, 2, 3, 4}, 8}};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct nft_attribute found;
    const uint8_t *bytes = cases[i].bytes;
    size_t length = cases[i].length;
    assert_false(nft_next(&bytes, &length, &found));
  }
}

/* One expression whose body holds 32-bit numbers, each under its type. */
static void put_expression(const char *name, const uint32_t (*numbers)[2], size_t count) {
  size_t element = nft_nest(&batch, LIST_ELEMENT);
  nft_put_text(&batch, EXPRESSION_NAME, name);
  size_t body = nft_nest(&batch, EXPRESSION_BODY);
  for (size_t i = 0; i < count; i++)
    nft_put_u32(&batch, numbers[i][0], numbers[i][1]);
  nft_unnest(&batch, body);
  nft_unnest(&batch, element);
}

static void what_is_not_understood_or_does_not_fit_is_dots(void **state) {
  char text[64];
  (void)state;
  begin();
  put_expression("limit", NULL, 0);
  put_expression("counter", NULL, 0);
  put_expression("reject", (const uint32_t[][2]){{1, 1}}, 1);
  nft_batch_close(&batch);
  nft_rule_text(INET, batch.bytes + HEADERS, batch.used - HEADERS, text, sizeof text);
  assert_string_equal(text, "... reject with tcp reset");
  /* Whole words only, where there is too little room. */
  nft_rule_text(INET, batch.bytes + HEADERS, batch.used - HEADERS, text, 20);
  assert_string_equal(text, "... ...");
  nft_rule_text(INET, batch.bytes, 0, text, sizeof text);
  assert_string_equal(text, "");
}

static void a_rule_that_is_cut_anywhere_is_read_up_to_there(void **state) {
  char text[64];
  (void)state;
  begin();
  put_expression("meta", (const uint32_t[][2]){{2, 16}}, 1);
  put_expression("cmp", (const uint32_t[][2]){{2, 0}, {3, 6}}, 2);
  put_expression("reject", (const uint32_t[][2]){{1, 1}}, 1);
  nft_batch_close(&batch);
  for (size_t length = 0; length <= batch.used - HEADERS; length++) {
    uint8_t *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, batch.bytes + HEADERS, length);
    nft_rule_text(INET, copy, length, text, sizeof text);
    free(copy);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_built_can_be_read),
      cmocka_unit_test(a_batch_that_is_full_says_so),
      cmocka_unit_test(attributes_that_lie_about_their_length_end_the_reading),
      cmocka_unit_test(what_is_not_understood_or_does_not_fit_is_dots),
      cmocka_unit_test(a_rule_that_is_cut_anywhere_is_read_up_to_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
