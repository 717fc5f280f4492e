/* One timed payload and its echo: what is sent, what may come back, and where the first wrong byte is. */
#include "client/workloads/message.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

#define MESSAGE_BYTES_MAX 256

/* Sizes around the sequence number's 8 bytes and the frame header's 40. */
static const size_t sizes[] = {1, 2, 7, 8, 9, 39, 40, 41, 64, 255, 256};

static void make_message(uint8_t *message, size_t bytes, uint64_t sequence) {
  for (size_t i = 0; i < bytes; i++)
    message[i] = (uint8_t)(i * 7 + 1);
  message_put(message, bytes, sequence);
  message_put_send_time(message, bytes, 1234);
}

/* Feeds a reply in pieces of `step` bytes, each against an unreadable page. */
static void take_all(struct reply_reader *reader, const uint8_t *sent, const uint8_t *reply, size_t bytes,
                     size_t step) {
  reply_reader_reset(reader);
  for (size_t at = 0; at < bytes;) {
    size_t given = bytes - at < step ? bytes - at : step;
    size_t taken = reply_reader_take(reader, sent, bytes, guard_page_place(reply + at, given), given);
    assert_int_equal(taken, given);
    at += taken;
  }
  assert_int_equal(reader->offset, bytes);
}

static void a_message_carries_its_sequence_number(void **state) {
  (void)state;
  static const uint64_t sequences[] = {0, 1, 127, 128, 255, 256, 257, 65535, 65536, 1000000};
  for (size_t s = 0; s < COUNT_OF(sizes); s++) {
    for (size_t i = 0; i < COUNT_OF(sequences); i++) {
      uint8_t message[MESSAGE_BYTES_MAX];
      make_message(message, sizes[s], sequences[i]);
      const uint8_t *placed = guard_page_place(message, sizes[s]);
      assert_int_equal(message_sequence(placed, sizes[s], sequences[i]), sequences[i]);
    }
  }
}

/* One byte counts to 255 only: the number nearest to the expected one is meant, before or after it. */
static void a_short_message_means_the_nearest_number(void **state) {
  (void)state;
  static const struct {
    size_t bytes;
    uint64_t sequence;
    uint64_t near;
  } cases[] = {
      {1, 255, 256},     {1, 256, 255},
      {1, 300, 400},     {1, 500, 400},
      {1, 0, 100},       {1, 100, 0},
      {2, 65535, 65536}, {2, 65536, 65535},
      {2, 70000, 90000}, {7, UINT64_C(1) << 55, 5 + (UINT64_C(1) << 55)},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint8_t message[MESSAGE_BYTES_MAX];
    make_message(message, cases[i].bytes, cases[i].sequence);
    uint64_t got = message_sequence(message, cases[i].bytes, cases[i].near);
    if (got != cases[i].sequence)
      fail_msg("%zu bytes, near %llu: wanted %llu, got %llu", cases[i].bytes, (unsigned long long)cases[i].near,
               (unsigned long long)cases[i].sequence, (unsigned long long)got);
  }
}

static void only_a_message_of_40_bytes_is_a_frame(void **state) {
  (void)state;
  assert_false(message_is_frame(39));
  assert_true(message_is_frame(40));
}

static void an_exact_echo_is_equal_however_it_is_split(void **state) {
  (void)state;
  for (size_t s = 0; s < COUNT_OF(sizes); s++) {
    for (size_t step = 1; step <= sizes[s]; step++) {
      uint8_t sent[MESSAGE_BYTES_MAX];
      struct reply_reader reader;
      struct wire_frame stamp;
      bool is_stamped = true;
      make_message(sent, sizes[s], 5);
      take_all(&reader, sent, sent, sizes[s], step);
      assert_int_equal(reply_reader_judge(&reader, sent, sizes[s], 0, &stamp, &is_stamped), MESSAGE_ALL_EQUAL);
      assert_false(is_stamped);
    }
  }
}

static void the_first_wrong_byte_is_found_wherever_it_is(void **state) {
  (void)state;
  static const size_t steps[] = {1, 7, 40, 64, 256};
  for (size_t s = 0; s < COUNT_OF(sizes); s++) {
    for (size_t wrong = 0; wrong < sizes[s]; wrong++) {
      for (size_t i = 0; i < COUNT_OF(steps); i++) {
        uint8_t sent[MESSAGE_BYTES_MAX], reply[MESSAGE_BYTES_MAX];
        struct reply_reader reader;
        struct wire_frame stamp;
        bool is_stamped = true;
        make_message(sent, sizes[s], 5);
        memcpy(reply, sent, sizes[s]);
        reply[wrong] ^= 0x40;
        reply[sizes[s] - 1] ^= 0x80;
        take_all(&reader, sent, reply, sizes[s], steps[i]);
        assert_int_equal(reply_reader_judge(&reader, sent, sizes[s], 0, &stamp, &is_stamped), wrong);
        assert_false(is_stamped);
      }
    }
  }
}

static void a_stamped_echo_is_equal_but_for_the_servers_fields(void **state) {
  (void)state;
  uint8_t sent[64], reply[64];
  struct reply_reader reader;
  struct wire_frame stamp;
  bool is_stamped = false;
  make_message(sent, sizeof(sent), 77);
  memcpy(reply, sent, sizeof(sent));
  wire_stamp_frame(reply, 3, 5000, 6000);
  take_all(&reader, sent, reply, sizeof(sent), 11);
  assert_int_equal(reply_reader_judge(&reader, sent, sizeof(sent), 0, &stamp, &is_stamped), MESSAGE_ALL_EQUAL);
  assert_true(is_stamped);
  assert_int_equal(stamp.sequence, 77);
  assert_int_equal(stamp.server_cpu, 3);
  assert_int_equal(stamp.server_receive_ns, 5000);
  assert_int_equal(stamp.server_send_ns, 6000);
}

static void a_stamp_hides_no_other_change(void **state) {
  (void)state;
  for (size_t wrong = 0; wrong < 64; wrong++) {
    bool is_servers = (wrong >= 6 && wrong < 8) || (wrong >= 24 && wrong < 40);
    uint8_t sent[64], reply[64];
    struct reply_reader reader;
    struct wire_frame stamp;
    bool is_stamped = false;
    make_message(sent, sizeof(sent), 77);
    memcpy(reply, sent, sizeof(sent));
    wire_stamp_frame(reply, 3, 5000, 6000);
    reply[wrong] ^= 0x02;
    take_all(&reader, sent, reply, sizeof(sent), 64);
    size_t mismatch = reply_reader_judge(&reader, sent, sizeof(sent), 0, &stamp, &is_stamped);
    if (is_servers) {
      assert_int_equal(mismatch, MESSAGE_ALL_EQUAL);
    } else if (mismatch > wrong || mismatch == MESSAGE_ALL_EQUAL) {
      /* A broken magic makes it no stamp at all: then the first stamped byte is the first wrong one. */
      fail_msg("byte %zu is wrong, and %zu was found", wrong, mismatch);
    }
  }
}

static void a_reply_is_taken_to_its_end_and_not_beyond(void **state) {
  (void)state;
  for (size_t s = 0; s < COUNT_OF(sizes); s++) {
    uint8_t sent[MESSAGE_BYTES_MAX], two[2 * MESSAGE_BYTES_MAX];
    struct reply_reader reader;
    make_message(sent, sizes[s], 5);
    memcpy(two, sent, sizes[s]);
    memcpy(two + sizes[s], sent, sizes[s]);
    reply_reader_reset(&reader);
    assert_int_equal(reply_reader_take(&reader, sent, sizes[s], two, 2 * sizes[s]), sizes[s]);
    assert_int_equal(reader.offset, sizes[s]);
  }
}

static void a_reset_reader_forgets_the_reply_before(void **state) {
  (void)state;
  uint8_t sent[64], reply[64];
  struct reply_reader reader;
  struct wire_frame stamp;
  bool is_stamped;
  make_message(sent, sizeof(sent), 1);
  memset(reply, 0xee, sizeof(reply));
  take_all(&reader, sent, reply, sizeof(sent), 64);
  assert_int_equal(reply_reader_judge(&reader, sent, sizeof(sent), 0, &stamp, &is_stamped), 0);
  take_all(&reader, sent, sent, sizeof(sent), 64);
  assert_int_equal(reply_reader_judge(&reader, sent, sizeof(sent), 0, &stamp, &is_stamped), MESSAGE_ALL_EQUAL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_message_carries_its_sequence_number),
      cmocka_unit_test(a_short_message_means_the_nearest_number),
      cmocka_unit_test(only_a_message_of_40_bytes_is_a_frame),
      cmocka_unit_test(an_exact_echo_is_equal_however_it_is_split),
      cmocka_unit_test(the_first_wrong_byte_is_found_wherever_it_is),
      cmocka_unit_test(a_stamped_echo_is_equal_but_for_the_servers_fields),
      cmocka_unit_test(a_stamp_hides_no_other_change),
      cmocka_unit_test(a_reply_is_taken_to_its_end_and_not_beyond),
      cmocka_unit_test(a_reset_reader_forgets_the_reply_before),
  };
  return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
