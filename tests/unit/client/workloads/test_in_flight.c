/* Messages in flight: replies in any pieces and any order, and each thing that a wrong server can do, counted once. The
 * connection is a box that keeps what was sent. */
#include "client/workloads/in_flight.h"

#include <stdlib.h>
#include <string.h>

#include "client/workloads/message.h"
#include "common/text/clock.h"
#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define KEPT_MAX 8192

static const size_t sizes[] = {1, 3, 8, 39, 40, 41, 64, 300};

struct connection {
  size_t message_bytes;
  size_t count;
  size_t calls;
  uint8_t *sent; /* message n (from 0) begins at n * message_bytes */
  int code;      /* what connection_send() answers */
};

int connection_send(struct connection *connection, const uint8_t *bytes, size_t length) {
  if (connection->code != 0) return connection->code;
  size_t messages = length / connection->message_bytes;
  assert_int_equal(length % connection->message_bytes, 0);
  assert_in_range(connection->count + messages, 1, KEPT_MAX);
  memcpy(connection->sent + connection->count * connection->message_bytes, bytes, length);
  connection->count += messages;
  connection->calls++;
  return 0;
}

struct client {
  struct pattern *pattern;
  struct in_flight *in_flight;
  struct result_errors errors;
  struct connection connection;
  size_t reply_count;
  struct in_flight_reply last;
  uint64_t sequences[KEPT_MAX]; /* of the replies, in their order */
};

static void begin(struct client *client, size_t bytes, size_t depth) {
  memset(client, 0, sizeof *client);
  client->pattern = pattern_create(1);
  assert_non_null(client->pattern);
  client->in_flight = in_flight_create(bytes, depth, client->pattern, &client->errors);
  assert_non_null(client->in_flight);
  client->connection.message_bytes = bytes;
  client->connection.sent = malloc(KEPT_MAX * bytes);
  assert_non_null(client->connection.sent);
}

static void end(struct client *client) {
  in_flight_free(client->in_flight);
  pattern_free(client->pattern);
  free(client->connection.sent);
}

static void on_reply(void *owner, const struct in_flight_reply *reply) {
  struct client *client = owner;
  client->last = *reply;
  client->sequences[client->reply_count++] = reply->sequence;
}

/* Sends `count` messages; returns when the last one left. */
static uint64_t send_messages(struct client *client, size_t count) {
  uint64_t send_ns = 0;
  for (size_t i = 0; i < count; i++) {
    assert_true(in_flight_has_room(client->in_flight));
    assert_int_equal(in_flight_send(client->in_flight, &client->connection, 1, true, 0, &send_ns), 0);
  }
  return send_ns;
}

/* The bytes of message number `sequence` (from 1) as they were sent. */
static uint8_t *sent(struct client *client, size_t sequence) {
  return client->connection.sent + (sequence - 1) * client->connection.message_bytes;
}

/* Bytes against an unreadable page. */
static void take_stream(struct client *client, const uint8_t *bytes, size_t length) {
  in_flight_take_stream(client->in_flight, guard_page_place(bytes, length), length, clock_now_ns(), on_reply, client);
}

static void take_datagram(struct client *client, const uint8_t *bytes, size_t length) {
  in_flight_take_datagram(client->in_flight, guard_page_place(bytes, length), length, clock_now_ns(), on_reply, client);
}

static void answer(struct client *client, size_t sequence) {
  take_datagram(client, sent(client, sequence), client->connection.message_bytes);
}

struct wanted {
  size_t replies;
  uint64_t lost, duplicated, reordered, corrupted, timed_out;
};

static void expect(const struct client *client, struct wanted wanted) {
  const struct result_errors *errors = &client->errors;
  assert_int_equal(client->reply_count, wanted.replies);
  assert_int_equal(errors->lost, wanted.lost);
  assert_int_equal(errors->duplicated, wanted.duplicated);
  assert_int_equal(errors->reordered, wanted.reordered);
  assert_int_equal(errors->corrupted, wanted.corrupted);
  assert_int_equal(errors->timed_out, wanted.timed_out);
}

static void replies_are_taken_in_pieces_of_any_size(void **state) {
  (void)state;
  for (size_t s = 0; s < COUNT_OF(sizes); s++)
    for (size_t step = 1; step < 3 * sizes[s]; step += 1 + sizes[s] / 7) {
      struct client client;
      begin(&client, sizes[s], 3);
      send_messages(&client, 3);
      for (size_t at = 0; at < 3 * sizes[s]; at += step) {
        size_t rest = 3 * sizes[s] - at;
        assert_int_equal(client.reply_count, at / sizes[s]);
        take_stream(&client, sent(&client, 1) + at, rest < step ? rest : step);
      }
      expect(&client, (struct wanted){.replies = 3});
      assert_int_equal(in_flight_count(client.in_flight), 0);
      for (size_t i = 0; i < 3; i++)
        assert_int_equal(client.sequences[i], i + 1);
      end(&client);
    }
}

static void a_reply_says_when_its_message_left_and_whether_it_counts(void **state) {
  (void)state;
  struct client client;
  uint64_t first_ns, second_ns;
  begin(&client, 64, 2);
  uint64_t before_ns = clock_now_ns();
  assert_int_equal(in_flight_send(client.in_flight, &client.connection, 1, false, 0, &first_ns), 0);
  assert_int_equal(in_flight_send(client.in_flight, &client.connection, 1, true, 0, &second_ns), 0);
  assert_in_range(first_ns, before_ns, second_ns);
  assert_int_equal(in_flight_oldest_send_ns(client.in_flight), first_ns);
  take_stream(&client, sent(&client, 1), 64);
  assert_int_equal(client.last.send_ns, first_ns);
  assert_false(client.last.is_measured);
  assert_int_equal(in_flight_oldest_send_ns(client.in_flight), second_ns);
  take_stream(&client, sent(&client, 2), 64);
  assert_int_equal(client.last.send_ns, second_ns);
  assert_true(client.last.is_measured);
  assert_true(in_flight_oldest_send_ns(client.in_flight) == UINT64_MAX);
  end(&client);
}

/* Depth 4; the second batch begins at the last slot, and so takes two calls. */
static void a_batch_leaves_in_as_few_calls_as_can_be(void **state) {
  (void)state;
  struct client client;
  uint64_t first_ns, second_ns;
  begin(&client, 64, 4);
  assert_int_equal(in_flight_room(client.in_flight), 4);
  assert_int_equal(in_flight_send(client.in_flight, &client.connection, 2, true, 0, &first_ns), 0);
  assert_int_equal(client.connection.calls, 1);
  assert_int_equal(in_flight_room(client.in_flight), 2);
  take_stream(&client, sent(&client, 1), 2 * 64);
  assert_int_equal(client.last.send_ns, first_ns);
  assert_int_equal(in_flight_room(client.in_flight), 4);
  assert_int_equal(in_flight_send(client.in_flight, &client.connection, 3, true, 0, &second_ns), 0);
  assert_int_equal(client.connection.calls, 3);
  assert_int_equal(in_flight_room(client.in_flight), 1);
  assert_int_equal(in_flight_count(client.in_flight), 3);
  take_stream(&client, sent(&client, 3), 3 * 64);
  assert_int_equal(client.last.send_ns, second_ns);
  expect(&client, (struct wanted){.replies = 5});
  for (size_t i = 0; i < 5; i++)
    assert_int_equal(client.sequences[i], i + 1);
  end(&client);
}

static void depth_bounds_what_is_in_flight(void **state) {
  (void)state;
  struct client client;
  begin(&client, 64, 2);
  send_messages(&client, 2);
  assert_false(in_flight_has_room(client.in_flight));
  take_stream(&client, sent(&client, 1), 63);
  assert_false(in_flight_has_room(client.in_flight));
  take_stream(&client, sent(&client, 1) + 63, 1);
  assert_true(in_flight_has_room(client.in_flight));
  assert_int_equal(in_flight_count(client.in_flight), 1);
  end(&client);
}

static void a_wrong_byte_is_found_wherever_it_is(void **state) {
  (void)state;
  for (size_t s = 0; s < COUNT_OF(sizes); s++)
    for (size_t at = 0; at < 3 * sizes[s]; at++) {
      struct client client;
      begin(&client, sizes[s], 3);
      send_messages(&client, 3);
      sent(&client, 1)[at] ^= 0x20;
      take_stream(&client, sent(&client, 1), 3 * sizes[s]);
      expect(&client, (struct wanted){.replies = 2, .corrupted = 1});
      assert_true(client.errors.has_first_corrupted);
      assert_int_equal(client.errors.first_corrupted_offset, at);
      assert_int_equal(in_flight_count(client.in_flight), 0);
      end(&client);
    }
}

static void of_several_wrong_bytes_the_first_is_kept(void **state) {
  (void)state;
  struct client client;
  begin(&client, 64, 3);
  send_messages(&client, 3);
  sent(&client, 2)[10] ^= 1;
  sent(&client, 2)[50] ^= 1;
  sent(&client, 3)[0] ^= 1;
  take_stream(&client, sent(&client, 1), 3 * 64);
  expect(&client, (struct wanted){.replies = 1, .corrupted = 2});
  assert_int_equal(client.errors.first_corrupted_offset, 74);
  end(&client);
}

static void bytes_beyond_what_was_sent_are_corruption_at_their_place(void **state) {
  (void)state;
  struct client client;
  begin(&client, 64, 2);
  send_messages(&client, 2);
  uint8_t more[2 * 64 + 5];
  memcpy(more, sent(&client, 1), 2 * 64);
  memset(more + 2 * 64, '!', 5);
  take_stream(&client, more, sizeof more);
  expect(&client, (struct wanted){.replies = 2, .corrupted = 1});
  assert_int_equal(client.errors.first_corrupted_offset, 128);
  take_stream(&client, more, 1);
  expect(&client, (struct wanted){.replies = 2, .corrupted = 2});
  end(&client);
}

static void a_failed_send_is_handed_on(void **state) {
  (void)state;
  struct client client;
  uint64_t send_ns;
  begin(&client, 64, 1);
  client.connection.code = UV_ECONNRESET;
  assert_int_equal(in_flight_send(client.in_flight, &client.connection, 1, true, 0, &send_ns), UV_ECONNRESET);
  end(&client);
}

static void a_stamped_reply_brings_the_servers_times(void **state) {
  (void)state;
  struct client client;
  begin(&client, 64, 1);
  uint64_t send_ns = send_messages(&client, 1);
  uint64_t server_ns = clock_now_ns();
  wire_stamp_frame(sent(&client, 1), 3, send_ns, server_ns);
  take_stream(&client, sent(&client, 1), 64);
  expect(&client, (struct wanted){.replies = 1});
  assert_true(client.last.is_stamped);
  assert_int_equal(client.last.server_receive_ns, send_ns);
  assert_int_equal(client.last.server_send_ns, server_ns);
  assert_int_equal(client.last.server_cpu, 3);
  end(&client);
}

static void times_outside_of_the_round_trip_are_no_stamps(void **state) {
  (void)state;
  static const struct {
    int64_t receive_after_ns, send_after_ns;
  } cases[] = {{-1, 0}, {0, INT64_C(1) << 50}, {5, 4}, {-20, -10}, {INT64_C(1) << 50, INT64_C(1) << 51}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct client client;
    begin(&client, 40, 1);
    uint64_t send_ns = send_messages(&client, 1);
    wire_stamp_frame(sent(&client, 1), 0, send_ns + (uint64_t)cases[i].receive_after_ns,
                     send_ns + (uint64_t)cases[i].send_after_ns);
    take_stream(&client, sent(&client, 1), 40);
    expect(&client, (struct wanted){.replies = 1});
    assert_false(client.last.is_stamped);
    assert_int_equal(in_flight_bad_stamps(client.in_flight), 1);
    end(&client);
  }
}

static void datagrams_are_matched_in_any_order(void **state) {
  (void)state;
  for (size_t s = 0; s < COUNT_OF(sizes); s++) {
    struct client client;
    begin(&client, sizes[s], 4);
    send_messages(&client, 4);
    static const size_t order[] = {2, 4, 1, 3};
    for (size_t i = 0; i < 4; i++)
      answer(&client, order[i]);
    /* 1 and 3 came after one that was sent later. */
    expect(&client, (struct wanted){.replies = 4, .reordered = 2});
    for (size_t i = 0; i < 4; i++)
      assert_int_equal(client.sequences[i], order[i]);
    end(&client);
  }
}

static void a_copy_is_a_duplicate_also_much_later(void **state) {
  (void)state;
  struct client client;
  begin(&client, 64, 2);
  for (size_t i = 1; i <= 100; i++) {
    send_messages(&client, 1);
    answer(&client, i);
  }
  static const size_t again[] = {100, 99, 50, 1, 1};
  for (size_t i = 0; i < COUNT_OF(again); i++)
    answer(&client, again[i]);
  expect(&client, (struct wanted){.replies = 100, .duplicated = 5});
  end(&client);
}

static void what_is_given_up_is_lost_until_its_answer_comes(void **state) {
  (void)state;
  struct client client;
  uint64_t sequence = 0;
  begin(&client, 64, 3);
  uint64_t last_ns = send_messages(&client, 3);
  answer(&client, 2);
  assert_int_equal(in_flight_expire(client.in_flight, last_ns + 1, &sequence), 2);
  assert_int_equal(sequence, 3);
  expect(&client, (struct wanted){.replies = 1, .lost = 2, .timed_out = 2});
  assert_int_equal(in_flight_count(client.in_flight), 0);
  answer(&client, 3);
  expect(&client, (struct wanted){.replies = 2, .lost = 1, .timed_out = 2});
  answer(&client, 1);
  expect(&client, (struct wanted){.replies = 3, .reordered = 1, .timed_out = 2});
  answer(&client, 1);
  expect(&client, (struct wanted){.replies = 3, .duplicated = 1, .reordered = 1, .timed_out = 2});
  end(&client);
}

static void only_what_was_sent_before_the_moment_is_given_up(void **state) {
  (void)state;
  struct client client;
  uint64_t sequence = 0;
  begin(&client, 64, 2);
  uint64_t first_ns = send_messages(&client, 1);
  while (clock_now_ns() == first_ns)
    continue;
  uint64_t second_ns = send_messages(&client, 1);
  assert_int_equal(in_flight_expire(client.in_flight, first_ns, &sequence), 0);
  assert_int_equal(in_flight_expire(client.in_flight, second_ns, &sequence), 1);
  assert_int_equal(sequence, 1);
  expect(&client, (struct wanted){.lost = 1, .timed_out = 1});
  end(&client);
}

/* The one that waits holds its slot, and sending goes on around it as far as the depth allows. */
static void a_lost_datagram_holds_back_only_its_own_slot(void **state) {
  (void)state;
  struct client client;
  begin(&client, 64, 3);
  send_messages(&client, 3);
  answer(&client, 2);
  answer(&client, 3);
  assert_false(in_flight_has_room(client.in_flight));
  answer(&client, 1);
  assert_true(in_flight_has_room(client.in_flight));
  end(&client);
}

static void an_answer_that_is_very_late_is_late_all_the_same(void **state) {
  (void)state;
  static const size_t later[] = {1, 100, IN_FLIGHT_MEMORY - 2, IN_FLIGHT_MEMORY, IN_FLIGHT_MEMORY + 2000};
  for (size_t i = 0; i < COUNT_OF(later); i++) {
    struct client client;
    uint64_t sequence;
    begin(&client, 64, 1);
    uint64_t send_ns = send_messages(&client, 1);
    in_flight_expire(client.in_flight, send_ns + 1, &sequence);
    for (size_t n = 0; n < later[i]; n++) {
      send_messages(&client, 1);
      answer(&client, n + 2);
    }
    answer(&client, 1);
    expect(&client, (struct wanted){.replies = later[i] + 1, .reordered = 1, .timed_out = 1});
    assert_int_equal(client.last.sequence, 1);
    assert_int_equal(client.last.send_ns, send_ns);
    /* Whatever comes of it now can only be a copy. */
    answer(&client, 1);
    expect(&client, (struct wanted){.replies = later[i] + 1, .duplicated = 1, .reordered = 1, .timed_out = 1});
    end(&client);
  }
}

static void a_datagram_of_another_length_or_of_no_message_is_corrupted(void **state) {
  (void)state;
  struct client client;
  uint8_t wrong[65];
  begin(&client, 64, 1);
  send_messages(&client, 1);
  memcpy(wrong, sent(&client, 1), 64);
  wrong[64] = '!';
  take_datagram(&client, wrong, 65);
  take_datagram(&client, wrong, 63);
  take_datagram(&client, wrong, 0);
  expect(&client, (struct wanted){.corrupted = 3});
  /* Message 2 is not sent yet, and there is no message 0. */
  message_put(wrong, 64, 2);
  take_datagram(&client, wrong, 64);
  message_put(wrong, 64, 0);
  take_datagram(&client, wrong, 64);
  expect(&client, (struct wanted){.corrupted = 5});
  answer(&client, 1);
  expect(&client, (struct wanted){.replies = 1, .corrupted = 5});
  end(&client);
}

static void a_wrong_byte_of_a_datagram_is_found_beyond_its_number(void **state) {
  (void)state;
  for (size_t at = 0; at < 64; at++) {
    struct client client;
    begin(&client, 64, 4);
    send_messages(&client, 4);
    /* A frame's number is in bytes 8 to 15: a wrong one names another message. */
    if (at >= 8 && at < 16) {
      end(&client);
      continue;
    }
    sent(&client, 3)[at] ^= 0x40;
    for (size_t i = 1; i <= 4; i++)
      answer(&client, i);
    assert_int_equal(client.errors.corrupted, 1);
    /* Without its magic or version the frame's number is not believed. */
    if (at >= 5) {
      expect(&client, (struct wanted){.replies = 3, .corrupted = 1});
      assert_int_equal(client.errors.first_corrupted_offset, 2 * 64 + at);
    }
    end(&client);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(replies_are_taken_in_pieces_of_any_size),
      cmocka_unit_test(a_reply_says_when_its_message_left_and_whether_it_counts),
      cmocka_unit_test(a_batch_leaves_in_as_few_calls_as_can_be),
      cmocka_unit_test(depth_bounds_what_is_in_flight),
      cmocka_unit_test(a_wrong_byte_is_found_wherever_it_is),
      cmocka_unit_test(of_several_wrong_bytes_the_first_is_kept),
      cmocka_unit_test(bytes_beyond_what_was_sent_are_corruption_at_their_place),
      cmocka_unit_test(a_failed_send_is_handed_on),
      cmocka_unit_test(a_stamped_reply_brings_the_servers_times),
      cmocka_unit_test(times_outside_of_the_round_trip_are_no_stamps),
      cmocka_unit_test(datagrams_are_matched_in_any_order),
      cmocka_unit_test(a_copy_is_a_duplicate_also_much_later),
      cmocka_unit_test(what_is_given_up_is_lost_until_its_answer_comes),
      cmocka_unit_test(only_what_was_sent_before_the_moment_is_given_up),
      cmocka_unit_test(a_lost_datagram_holds_back_only_its_own_slot),
      cmocka_unit_test(an_answer_that_is_very_late_is_late_all_the_same),
      cmocka_unit_test(a_datagram_of_another_length_or_of_no_message_is_corrupted),
      cmocka_unit_test(a_wrong_byte_of_a_datagram_is_found_beyond_its_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
