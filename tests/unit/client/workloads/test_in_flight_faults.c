/* The replies of a server that fails on purpose, over a stream: missing, doubled, changed, cut short, in pieces. */
#include <stdlib.h>
#include <string.h>

#include "client/workloads/in_flight.h"
#include "common/text/clock.h"
#include "common/wire/wire.h"
#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define BYTES 64
#define MOST  16

/* In place of client/run/connection.c. */
struct connection {
  uint8_t sent[MOST][BYTES];
  size_t count;
};

int connection_send(struct connection *connection, const uint8_t *bytes, size_t length) {
  assert_int_equal(length, BYTES);
  memcpy(connection->sent[connection->count++], bytes, length);
  return 0;
}

struct client {
  struct pattern *pattern;
  struct in_flight *in_flight;
  struct result_errors errors;
  struct wire_fault_count seen[WIRE_FAULT_COUNT];
  struct connection connection;
  uint64_t replies;
  uint8_t stream[MOST * BYTES];
  size_t stream_length;
};

static void begin(struct client *client, size_t messages) {
  uint64_t send_ns;
  memset(client, 0, sizeof *client);
  client->pattern = pattern_create(1);
  client->in_flight = in_flight_create(BYTES, MOST, client->pattern, &client->errors);
  assert_non_null(client->in_flight);
  in_flight_expect_faults(client->in_flight, client->seen);
  for (size_t i = 0; i < messages; i++)
    assert_int_equal(in_flight_send(client->in_flight, &client->connection, 1, true, 0, &send_ns), 0);
}

static void end(struct client *client) {
  in_flight_free(client->in_flight);
  pattern_free(client->pattern);
}

/* Appends the server's reply to message number `sequence`, from 1, with these flags and of so many bytes. */
static void reply(struct client *client, size_t sequence, uint8_t flags, size_t length) {
  uint8_t *frame = client->stream + client->stream_length;
  uint64_t now_ns = clock_now_ns();
  memcpy(frame, client->connection.sent[sequence - 1], BYTES);
  wire_stamp_frame(frame, 0, now_ns, now_ns);
  wire_add_frame_flags(frame, flags);
  if ((flags & WIRE_FRAME_FLAG_CHANGED) != 0 && length == BYTES) frame[BYTES - 2] ^= 0xff;
  client->stream_length += length;
}

static void on_reply(void *owner, const struct in_flight_reply *answer) {
  struct client *client = owner;
  client->replies++;
  assert_true(answer->is_stamped);
}

static void deliver(struct client *client, size_t step) {
  for (size_t at = 0; at < client->stream_length; at += step) {
    size_t length = client->stream_length - at < step ? client->stream_length - at : step;
    in_flight_take_stream(client->in_flight, guard_page_place(client->stream + at, length), length, clock_now_ns(),
                          on_reply, client);
  }
  client->stream_length = 0;
}

static size_t expire(struct client *client) {
  uint64_t sequence;
  return in_flight_expire(client->in_flight, clock_now_ns() + 1, &sequence);
}

static void each_fault_is_counted_as_what_it_is(void **state) {
  (void)state;
  for (size_t step = 1; step <= 8 * BYTES; step++) {
    struct client client;
    begin(&client, 7);
    reply(&client, 1, 0, BYTES);
    /* 2 is missing. */
    reply(&client, 3, WIRE_FRAME_FLAG_CHANGED, BYTES);
    reply(&client, 3, WIRE_FRAME_FLAG_CHANGED | WIRE_FRAME_FLAG_DUPLICATED, BYTES);
    reply(&client, 4, WIRE_FRAME_FLAG_CHANGED, 50);
    reply(&client, 4, WIRE_FRAME_FLAG_CHANGED | WIRE_FRAME_FLAG_DUPLICATED, 50);
    reply(&client, 5, WIRE_FRAME_FLAG_DELAYED, BYTES);
    reply(&client, 5, WIRE_FRAME_FLAG_DELAYED | WIRE_FRAME_FLAG_DUPLICATED, BYTES);
    reply(&client, 6, WIRE_FRAME_FLAG_STALLED | WIRE_FRAME_FLAG_DELAYED, BYTES);
    reply(&client, 7, 0, BYTES);
    deliver(&client, step);
    assert_int_equal(client.replies, 4);
    assert_int_equal(client.errors.corrupted, 2);
    assert_int_equal(client.errors.duplicated, 3);
    assert_int_equal(client.errors.reordered, 0);
    assert_int_equal(in_flight_count(client.in_flight), 1);
    assert_int_equal(expire(&client), 1);
    assert_int_equal(client.errors.lost, 1);
    assert_int_equal(client.seen[WIRE_FAULT_CORRUPT].count, 1);
    assert_int_equal(client.seen[WIRE_FAULT_TRUNCATE].count, 1);
    assert_int_equal(client.seen[WIRE_FAULT_DUPLICATE].count, 3);
    assert_int_equal(client.seen[WIRE_FAULT_DELAY].count, 2);
    assert_int_equal(client.seen[WIRE_FAULT_STALL].count, 1);
    end(&client);
  }
}

/* A cut at each place that there is, the last bytes of a frame included. */
static void the_reply_behind_one_that_was_cut_short_is_found(void **state) {
  (void)state;
  for (size_t left = WIRE_FRAME_HEADER_BYTES; left < BYTES; left++) {
    struct client client;
    begin(&client, 2);
    reply(&client, 1, WIRE_FRAME_FLAG_CHANGED, left);
    reply(&client, 2, 0, BYTES);
    deliver(&client, 7);
    assert_int_equal(client.replies, 1);
    assert_int_equal(client.errors.corrupted, 1);
    assert_int_equal(client.seen[WIRE_FAULT_TRUNCATE].count, 1);
    assert_int_equal(in_flight_count(client.in_flight), 0);
    end(&client);
  }
}

static void the_last_one_that_was_cut_short_has_come_and_is_not_lost(void **state) {
  (void)state;
  struct client client;
  begin(&client, 1);
  reply(&client, 1, WIRE_FRAME_FLAG_CHANGED, 45);
  deliver(&client, 64);
  assert_int_equal(in_flight_count(client.in_flight), 1);
  assert_int_equal(expire(&client), 1);
  assert_int_equal(in_flight_count(client.in_flight), 0);
  assert_int_equal(client.errors.lost, 0);
  assert_int_equal(client.errors.timed_out, 0);
  assert_int_equal(client.errors.corrupted, 1);
  assert_int_equal(client.seen[WIRE_FAULT_TRUNCATE].count, 1);
  end(&client);
}

static void one_that_was_given_up_and_comes_late_is_not_lost(void **state) {
  (void)state;
  struct client client;
  begin(&client, 2);
  assert_int_equal(expire(&client), 2);
  assert_int_equal(client.errors.lost, 2);
  reply(&client, 2, WIRE_FRAME_FLAG_DELAYED, BYTES);
  deliver(&client, BYTES);
  assert_int_equal(client.errors.lost, 1);
  assert_int_equal(client.replies, 1);
  end(&client);
}

/* Of a server that serves well each such flag is a wrong byte. */
static void without_faults_their_flags_are_wrong_bytes(void **state) {
  (void)state;
  struct client client;
  begin(&client, 1);
  in_flight_expect_faults(client.in_flight, NULL);
  reply(&client, 1, WIRE_FRAME_FLAG_DELAYED, BYTES);
  deliver(&client, BYTES);
  assert_int_equal(client.replies, 0);
  assert_int_equal(client.errors.corrupted, 1);
  end(&client);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_fault_is_counted_as_what_it_is),
      cmocka_unit_test(the_reply_behind_one_that_was_cut_short_is_found),
      cmocka_unit_test(the_last_one_that_was_cut_short_has_come_and_is_not_lost),
      cmocka_unit_test(one_that_was_given_up_and_comes_late_is_not_lost),
      cmocka_unit_test(without_faults_their_flags_are_wrong_bytes),
  };
  return cmocka_run_group_tests_name("in_flight_faults", tests, NULL, NULL);
}
