/* Packets read from their headers, what they make of both ends, and the ladder that is drawn of them. */
#include "client/ladder/packet.h"

#include <string.h>

#include "client/ladder/ends.h"
#include "client/ladder/rungs.h"
#include "tests/unit/unit_test.h"

#define CLIENT 40000
#define SERVER 7

/* IPv4, 20 bytes; TCP, 20 bytes; 3 of payload: from 40000 to 7, PSH ACK, seq 0x01020304, ack 0x05060708. */
static const uint8_t ipv4[] = {0x45, 0,   0,    43,   0, 0,    0x40, 0, 64, 6, 0,   0,   127, 0, 0,
                               1,    127, 0,    0,    1, 0x9c, 0x40, 0, 7,  1, 2,   3,   4,   5, 6,
                               7,    8,   0x50, 0x18, 2, 0,    0,    0, 0,  0, 'a', 'b', 'c'};

static void an_ipv4_packet_is_read(void **state) {
  (void)state;
  struct packet packet;
  char flags[PACKET_FLAGS_SIZE];
  assert_true(packet_read(ipv4, sizeof ipv4, &packet));
  assert_int_equal(packet.source, CLIENT);
  assert_int_equal(packet.destination, SERVER);
  assert_int_equal(packet.sequence, 0x01020304);
  assert_int_equal(packet.acknowledged, 0x05060708);
  assert_int_equal(packet.payload_bytes, 3);
  assert_int_equal(packet.window, 512);
  assert_string_equal(packet_flags(&packet, flags), "PSH ACK");
}

static void an_ipv6_packet_is_read(void **state) {
  (void)state;
  uint8_t bytes[40 + 23] = {0x60, 0, 0, 0, 0, 23, 6, 64};
  struct packet packet;
  memcpy(bytes + 40, ipv4 + 20, 23);
  assert_true(packet_read(bytes, sizeof bytes, &packet));
  assert_int_equal(packet.source, CLIENT);
  assert_int_equal(packet.payload_bytes, 3);
  bytes[6] = 17;
  assert_false(packet_read(bytes, sizeof bytes, &packet));
}

/* Headers that are not whole, other protocols, later fragments, lengths that cannot be. */
static void what_is_no_whole_packet_is_not_read(void **state) {
  (void)state;
  struct packet packet;
  for (size_t length = 0; length < 40; length++)
    assert_false(packet_read(ipv4, length, &packet));
  static const struct {
    size_t at;
    uint8_t value;
  } rows[] = {{0, 0x55}, {0, 0x44}, {0, 0x4f}, {3, 19}, {3, 39}, {7, 1}, {9, 17}, {32, 0x40}, {32, 0xf0}};
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    uint8_t bytes[sizeof ipv4];
    memcpy(bytes, ipv4, sizeof ipv4);
    bytes[rows[i].at] = rows[i].value;
    assert_false(packet_read(bytes, sizeof bytes, &packet));
  }
}

#define FROM_CLIENT(kind, number, ack, bytes)                                                              \
  {                                                                                                        \
    .source = CLIENT, .destination = SERVER, .flags = (kind), .sequence = (number), .acknowledged = (ack), \
    .payload_bytes = (bytes)                                                                               \
  }
#define FROM_SERVER(kind, number, ack, bytes)                                                              \
  {                                                                                                        \
    .source = SERVER, .destination = CLIENT, .flags = (kind), .sequence = (number), .acknowledged = (ack), \
    .payload_bytes = (bytes)                                                                               \
  }

/* Numbers wrap in the middle. */
#define C 0xfffffffau
#define S 100u
static const struct packet orderly[] = {
    FROM_CLIENT(PACKET_SYN, C, 0, 0),
    FROM_SERVER(PACKET_SYN | PACKET_ACK, S, C + 1, 0),
    FROM_CLIENT(PACKET_ACK, C + 1, S + 1, 0),
    FROM_CLIENT(PACKET_PSH | PACKET_ACK, C + 1, S + 1, 16),
    FROM_SERVER(PACKET_PSH | PACKET_ACK, S + 1, C + 17, 16),
    FROM_CLIENT(PACKET_FIN | PACKET_ACK, C + 17, S + 17, 0),
    FROM_SERVER(PACKET_ACK, S + 17, C + 18, 0),
    FROM_SERVER(PACKET_FIN | PACKET_ACK, S + 17, C + 18, 0),
    FROM_CLIENT(PACKET_ACK, C + 18, S + 18, 0),
};

struct pair {
  enum end_state client, server;
};

static void expect_states(const struct packet *packets, size_t count, bool is_listening, const struct pair *states) {
  struct ends ends;
  ends_begin(&ends, is_listening);
  for (size_t i = 0; i < count; i++) {
    ends_take(&ends, &packets[i], packets[i].source == CLIENT, ends_has_arrived(packets, count, i, CLIENT));
    assert_string_equal(end_state_name(ends.client.state), end_state_name(states[i].client));
    assert_string_equal(end_state_name(ends.server.state), end_state_name(states[i].server));
  }
}

static void an_orderly_connection_goes_through_its_states(void **state) {
  static const struct pair states[] = {
      {END_SYN_SENT, END_SYN_RECV},       {END_ESTABLISHED, END_SYN_RECV},    {END_ESTABLISHED, END_ESTABLISHED},
      {END_ESTABLISHED, END_ESTABLISHED}, {END_ESTABLISHED, END_ESTABLISHED}, {END_FIN_WAIT1, END_CLOSE_WAIT},
      {END_FIN_WAIT2, END_CLOSE_WAIT},    {END_TIME_WAIT, END_LAST_ACK},      {END_TIME_WAIT, END_CLOSED},
  };
  (void)state;
  expect_states(orderly, sizeof orderly / sizeof orderly[0], true, states);
}

static void both_may_finish_at_once(void **state) {
  static const struct packet packets[] = {
      FROM_CLIENT(PACKET_SYN, C, 0, 0),
      FROM_SERVER(PACKET_SYN | PACKET_ACK, S, C + 1, 0),
      FROM_CLIENT(PACKET_ACK, C + 1, S + 1, 0),
      FROM_CLIENT(PACKET_FIN | PACKET_ACK, C + 1, S + 1, 0),
      FROM_SERVER(PACKET_FIN | PACKET_ACK, S + 1, C + 1, 0),
      FROM_CLIENT(PACKET_ACK, C + 2, S + 2, 0),
      FROM_SERVER(PACKET_ACK, S + 2, C + 2, 0),
  };
  static const struct pair states[] = {
      {END_SYN_SENT, END_SYN_RECV},    {END_ESTABLISHED, END_SYN_RECV}, {END_ESTABLISHED, END_ESTABLISHED},
      {END_FIN_WAIT1, END_CLOSE_WAIT}, {END_CLOSING, END_LAST_ACK},     {END_CLOSING, END_CLOSED},
      {END_TIME_WAIT, END_CLOSED},
  };
  (void)state;
  expect_states(packets, sizeof packets / sizeof packets[0], true, states);
}

static void a_reset_ends_both(void **state) {
  static const struct packet packets[] = {FROM_CLIENT(PACKET_SYN, C, 0, 0),
                                          FROM_SERVER(PACKET_RST | PACKET_ACK, 0, C + 1, 0)};
  static const struct pair states[] = {{END_SYN_SENT, END_CLOSED}, {END_CLOSED, END_CLOSED}};
  (void)state;
  expect_states(packets, 2, false, states);
}

/* Nothing shows that it arrived, so the server's state stays. */
static void a_packet_that_is_never_answered_changes_its_sender_alone(void **state) {
  static const struct packet packets[] = {FROM_CLIENT(PACKET_SYN, C, 0, 0), FROM_CLIENT(PACKET_SYN, C, 0, 0)};
  static const struct pair states[] = {{END_SYN_SENT, END_LISTEN}, {END_SYN_SENT, END_LISTEN}};
  static const struct packet again[] = {
      FROM_CLIENT(PACKET_SYN, C, 0, 0), FROM_SERVER(PACKET_SYN | PACKET_ACK, S, C + 1, 0),
      FROM_CLIENT(PACKET_ACK, C + 1, S + 1, 0), FROM_SERVER(PACKET_SYN | PACKET_ACK, S, C + 1, 0)};
  static const struct pair lost[] = {{END_SYN_SENT, END_SYN_RECV},
                                     {END_ESTABLISHED, END_SYN_RECV},
                                     {END_ESTABLISHED, END_SYN_RECV},
                                     {END_ESTABLISHED, END_SYN_RECV}};
  (void)state;
  expect_states(packets, 2, true, states);
  expect_states(again, 4, true, lost);
}

struct page {
  char text[8192];
  size_t length;
};

static void put(void *owner, const char *bytes, size_t length) {
  struct page *page = owner;
  assert_true(page->length + length < sizeof page->text);
  memcpy(page->text + page->length, bytes, length);
  page->length += length;
  page->text[page->length] = '\0';
}

static const char *drawn(struct page *page, size_t columns) {
  struct style style = style_make(false, DRAW_ASCII, 0);
  struct rungs rungs = {.style = &style, .columns = columns, .put = put, .owner = page};
  size_t count = sizeof orderly / sizeof orderly[0];
  page->length = 0;
  rungs_begin(&rungs, "loping", "a server with a long name", true);
  for (size_t i = 0; i < count; i++) {
    struct packet packet = orderly[i];
    packet.at_ns = 1000 + 10000 * i;
    rungs_add(&rungs, &packet, packet.source == CLIENT, ends_has_arrived(orderly, count, i, CLIENT));
  }
  return page->text;
}

static void a_ladder_is_drawn(void **state) {
  (void)state;
  struct page page;
  assert_string_equal(drawn(&page, 80),
                      "     time  loping                                                   a server wi\n"
                      "           CLOSED                                                   LISTEN\n"
                      "     0 ns  SYN_SENT     -- SYN seq 0 ---------------------------->  SYN_RECV\n"
                      "  10.0 us  ESTABLISHED  <- SYN ACK seq 0 ack 1 -------------------\n"
                      "  20.0 us               -- ACK ack 1 ---------------------------->  ESTABLISHED\n"
                      "  30.0 us               -- PSH ACK seq 1 ack 1 len 16 ----------->\n"
                      "  40.0 us               <- PSH ACK seq 1 ack 17 len 16 -----------\n"
                      "  50.0 us  FIN_WAIT1    -- FIN ACK seq 17 ack 17 ---------------->  CLOSE_WAIT\n"
                      "  60.0 us  FIN_WAIT2    <- ACK ack 18 ----------------------------\n"
                      "  70.0 us  TIME_WAIT    <- FIN ACK seq 17 ack 18 -----------------  LAST_ACK\n"
                      "  80.0 us               -- ACK ack 18 --------------------------->  CLOSED\n");
}

/* At every width of a terminal no row is wider than that, and each keeps its flags. */
static void a_ladder_fits_each_width(void **state) {
  (void)state;
  struct page page;
  for (size_t columns = LAYOUT_COLUMNS_MIN; columns <= LAYOUT_COLUMNS_MAX; columns++) {
    const char *text = drawn(&page, columns);
    for (const char *at = text; *at != '\0'; at += strcspn(at, "\n") + 1)
      assert_true(strcspn(at, "\n") <= columns);
    assert_non_null(strstr(text, "PSH ACK"));
    assert_non_null(strstr(text, "TIME_WAIT"));
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_ipv4_packet_is_read),
      cmocka_unit_test(an_ipv6_packet_is_read),
      cmocka_unit_test(what_is_no_whole_packet_is_not_read),
      cmocka_unit_test(an_orderly_connection_goes_through_its_states),
      cmocka_unit_test(both_may_finish_at_once),
      cmocka_unit_test(a_reset_ends_both),
      cmocka_unit_test(a_packet_that_is_never_answered_changes_its_sender_alone),
      cmocka_unit_test(a_ladder_is_drawn),
      cmocka_unit_test(a_ladder_fits_each_width),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
