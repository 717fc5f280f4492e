/* The wire format, byte by byte: what a peer of another make would send and expect, and every way to send too little.
 */
#include "common/wire/wire.h"

#include <stdbool.h>
#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

static const uint8_t stamped_hello[] = {0x8b, 'L', 'O', 'P', 'I', 'N', 'G', '1', 1, 0, 0, 0, 0x00, 0x04, 0, 0};
static const uint8_t source_welcome[] = {0x8b, 'L', 'O', 'P', 'O', 'N', 'G', '1', 3, 0, 0, 0, 0x78, 0x56, 0x34, 0x12};
static const uint8_t request_frame[] = {
    'L',  'P',  'F',  '1',  1,    0,    0xff, 0xff, /* magic, version, flags, server_cpu */
    0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, /* sequence */
    0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, /* client_send_ns */
    0,    0,    0,    0,    0,    0,    0,    0,    /* server_receive_ns */
    0,    0,    0,    0,    0,    0,    0,    0,    /* server_send_ns */
};
static const uint8_t sink_report[] = {1, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0};

static void hello_has_the_documented_bytes(void **state) {
  (void)state;
  uint8_t out[WIRE_HELLO_BYTES];
  wire_put_hello(&(struct wire_hello){.mode = WIRE_MODE_STAMPED, .frame_bytes = 1024}, out);
  assert_memory_equal(out, stamped_hello, sizeof(out));
}

static void welcome_has_the_documented_bytes(void **state) {
  (void)state;
  uint8_t out[WIRE_HELLO_BYTES];
  wire_put_welcome(&(struct wire_welcome){.mode = WIRE_MODE_SOURCE, .pid = 0x12345678}, out);
  assert_memory_equal(out, source_welcome, sizeof(out));
}

static void frame_header_has_the_documented_bytes(void **state) {
  (void)state;
  uint8_t out[WIRE_FRAME_HEADER_BYTES];
  wire_put_frame(&(struct wire_frame){.server_cpu = WIRE_CPU_UNKNOWN,
                                      .sequence = UINT64_C(0x0102030405060708),
                                      .client_send_ns = UINT64_C(0x1112131415161718)},
                 out);
  assert_memory_equal(out, request_frame, sizeof(out));
}

static void sink_report_has_the_documented_bytes(void **state) {
  (void)state;
  uint8_t out[WIRE_SINK_REPORT_BYTES];
  wire_put_sink_report(&(struct wire_sink_report){.bytes = UINT64_C(0x8000000000000001), .elapsed_ns = 0xffffffff},
                       out);
  assert_memory_equal(out, sink_report, sizeof(out));
}

static void hello_survives_a_round_trip_in_every_mode(void **state) {
  (void)state;
  static const struct wire_hello cases[] = {
      {.mode = WIRE_MODE_STAMPED, .flags = 0, .frame_bytes = WIRE_FRAME_BYTES_MIN},
      {.mode = WIRE_MODE_STAMPED, .flags = 255, .frame_bytes = WIRE_FRAME_BYTES_MAX},
      {.mode = WIRE_MODE_SINK, .flags = 7, .frame_bytes = 0},
      {.mode = WIRE_MODE_SOURCE, .flags = 1, .frame_bytes = 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint8_t bytes[WIRE_HELLO_BYTES];
    struct wire_hello got;
    wire_put_hello(&cases[i], bytes);
    assert_true(wire_get_hello(bytes, sizeof(bytes), &got));
    assert_int_equal(got.mode, cases[i].mode);
    assert_int_equal(got.flags, cases[i].flags);
    assert_int_equal(got.frame_bytes, cases[i].frame_bytes);
  }
}

static void welcome_survives_a_round_trip(void **state) {
  (void)state;
  uint8_t bytes[WIRE_HELLO_BYTES];
  struct wire_welcome got;
  wire_put_welcome(&(struct wire_welcome){.mode = WIRE_MODE_SINK, .flags = 9, .pid = UINT32_MAX}, bytes);
  assert_true(wire_get_welcome(bytes, sizeof(bytes), &got));
  assert_int_equal(got.mode, WIRE_MODE_SINK);
  assert_int_equal(got.flags, 9);
  assert_int_equal(got.pid, UINT32_MAX);
}

static void frame_survives_a_round_trip(void **state) {
  (void)state;
  static const struct wire_frame sent = {
      .flags = 1,
      .server_cpu = 513,
      .sequence = UINT64_MAX,
      .client_send_ns = 1,
      .server_receive_ns = UINT64_C(1) << 63,
      .server_send_ns = UINT64_C(0x0123456789abcdef),
  };
  uint8_t bytes[WIRE_FRAME_HEADER_BYTES];
  struct wire_frame got;
  wire_put_frame(&sent, bytes);
  assert_true(wire_get_frame(bytes, sizeof(bytes), &got));
  assert_int_equal(got.flags, sent.flags);
  assert_int_equal(got.server_cpu, sent.server_cpu);
  assert_int_equal(got.sequence, sent.sequence);
  assert_int_equal(got.client_send_ns, sent.client_send_ns);
  assert_int_equal(got.server_receive_ns, sent.server_receive_ns);
  assert_int_equal(got.server_send_ns, sent.server_send_ns);
}

static void a_hello_is_refused_for_every_wrong_field(void **state) {
  (void)state;
  static const struct {
    const char *name;
    size_t offset;
    uint8_t byte;
    bool accepted;
  } cases[] = {
      {"first byte of the magic", 0, 0x8a, false},
      {"last byte of the magic", 7, '2', false},
      {"the welcome's magic", 5, 'O', false},
      {"mode 0", 8, 0, false},
      {"mode 2, whatever frame_bytes says", 8, 2, true},
      {"mode 4", 8, 4, false},
      {"mode 255", 8, 255, false},
      {"flags of a later version", 9, 0xff, true},
      {"reserved bytes of a later version", 10, 0xff, true},
      {"frame_bytes 65536 + 1024", 14, 1, false},
      {"frame_bytes above 16 million", 15, 1, false},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint8_t bytes[WIRE_HELLO_BYTES];
    struct wire_hello hello;
    memcpy(bytes, stamped_hello, sizeof(bytes));
    bytes[cases[i].offset] = cases[i].byte;
    if (wire_get_hello(bytes, sizeof(bytes), &hello) != cases[i].accepted) fail_msg("%s", cases[i].name);
  }
}

static void a_stamped_hello_is_refused_outside_the_frame_sizes(void **state) {
  (void)state;
  static const struct {
    uint32_t frame_bytes;
    bool accepted;
  } cases[] = {{0, false}, {39, false}, {40, true}, {65535, true}, {65536, true}, {65537, false}, {UINT32_MAX, false}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    uint8_t bytes[WIRE_HELLO_BYTES];
    struct wire_hello hello;
    wire_put_hello(&(struct wire_hello){.mode = WIRE_MODE_STAMPED, .frame_bytes = cases[i].frame_bytes}, bytes);
    if (wire_get_hello(bytes, sizeof(bytes), &hello) != cases[i].accepted)
      fail_msg("frame_bytes %u", cases[i].frame_bytes);
  }
}

static void a_hello_is_no_welcome_and_a_welcome_no_hello(void **state) {
  (void)state;
  struct wire_hello hello;
  struct wire_welcome welcome;
  assert_false(wire_get_hello(source_welcome, sizeof(source_welcome), &hello));
  assert_false(wire_get_welcome(stamped_hello, sizeof(stamped_hello), &welcome));
}

static void a_frame_of_another_version_or_magic_is_refused(void **state) {
  (void)state;
  for (size_t offset = 0; offset < 5; offset++) {
    uint8_t bytes[WIRE_FRAME_HEADER_BYTES];
    struct wire_frame frame;
    memcpy(bytes, request_frame, sizeof(bytes));
    assert_true(wire_get_frame(bytes, sizeof(bytes), &frame));
    bytes[offset]++;
    assert_false(wire_get_frame(bytes, sizeof(bytes), &frame));
  }
}

static void every_truncated_message_is_refused_without_an_over_read(void **state) {
  (void)state;
  struct wire_hello hello;
  struct wire_welcome welcome;
  struct wire_frame frame;
  struct wire_sink_report report;
  for (size_t length = 0; length <= sizeof(stamped_hello); length++) {
    bool whole = length == sizeof(stamped_hello);
    assert_int_equal(wire_get_hello(guard_page_place(stamped_hello, length), length, &hello), whole);
    assert_int_equal(wire_get_welcome(guard_page_place(source_welcome, length), length, &welcome), whole);
    assert_int_equal(wire_get_sink_report(guard_page_place(sink_report, length), length, &report), whole);
  }
  for (size_t length = 0; length <= sizeof(request_frame); length++) {
    bool whole = length == sizeof(request_frame);
    assert_int_equal(wire_get_frame(guard_page_place(request_frame, length), length, &frame), whole);
  }
}

static void a_message_is_found_at_the_head_of_a_longer_read(void **state) {
  (void)state;
  uint8_t bytes[WIRE_HELLO_BYTES + 1];
  struct wire_hello hello;
  memcpy(bytes, stamped_hello, sizeof(stamped_hello));
  bytes[WIRE_HELLO_BYTES] = 'x';
  assert_true(wire_get_hello(guard_page_place(bytes, sizeof(bytes)), sizeof(bytes), &hello));
}

static void kernel_times_have_the_documented_bytes_and_a_flag(void **state) {
  (void)state;
  static const uint8_t wanted[] = {
      0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, /* kernel_receive_realtime_ns */
      0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, /* server_awake_ns */
      0x24, 0x23, 0x22, 0x21, 0x34, 0x33, 0x32, 0x31, /* asking_ns, previous_send_ns */
      0x5a,                                           /* the payload after them stays */
  };
  static const struct wire_kernel_times times = {
      .kernel_receive_realtime_ns = UINT64_C(0x0102030405060708),
      .server_awake_ns = UINT64_C(0x1112131415161718),
      .asking_ns = 0x21222324,
      .previous_send_ns = 0x31323334,
  };
  struct wire_kernel_times got;
  uint8_t frame[WIRE_TIMED_FRAME_BYTES_MIN + 1];
  memcpy(frame, request_frame, sizeof(request_frame));
  memset(frame + sizeof(request_frame), 0x5a, sizeof(frame) - sizeof(request_frame));
  frame[5] = WIRE_FRAME_FLAG_ASKS_TIMES;
  wire_put_kernel_times(&times, frame);
  assert_int_equal(frame[5], WIRE_FRAME_FLAG_ASKS_TIMES | WIRE_FRAME_FLAG_HAS_TIMES);
  frame[5] = 0;
  assert_memory_equal(frame, request_frame, sizeof(request_frame));
  assert_memory_equal(frame + sizeof(request_frame), wanted, sizeof(wanted));
  frame[5] = WIRE_FRAME_FLAG_HAS_TIMES;
  assert_true(wire_get_kernel_times(frame, sizeof(frame), &got));
  assert_memory_equal(&got, &times, sizeof(times));
}

static void kernel_times_need_their_flag_and_room_for_them(void **state) {
  (void)state;
  static const struct {
    uint8_t flags;
    size_t length;
    bool asks, has;
  } cases[] = {{0, 64, false, false}, {1, 64, false, false}, {2, 64, true, false},  {3, 64, true, false},
               {4, 64, false, true},  {7, 64, true, true},   {6, 63, false, false}, {6, 40, false, false}};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct wire_kernel_times times;
    uint8_t frame[WIRE_TIMED_FRAME_BYTES_MIN] = {0};
    memcpy(frame, request_frame, sizeof(request_frame));
    frame[5] = cases[i].flags;
    const uint8_t *placed = guard_page_place(frame, cases[i].length);
    if (wire_asks_kernel_times(placed, cases[i].length) != cases[i].asks) fail_msg("asks: case %zu", i);
    if (wire_get_kernel_times(placed, cases[i].length, &times) != cases[i].has) fail_msg("has: case %zu", i);
  }
}

static void stamping_fills_the_servers_fields_and_nothing_else(void **state) {
  (void)state;
  uint8_t bytes[WIRE_FRAME_HEADER_BYTES];
  struct wire_frame got;
  memcpy(bytes, request_frame, sizeof(bytes));
  uint8_t *frame = guard_page_place(bytes, sizeof(bytes));
  wire_stamp_frame(frame, 258, 1000, UINT64_MAX);

  static const uint8_t expected_cpu[] = {2, 1};
  assert_memory_equal(frame, request_frame, 5);
  assert_memory_equal(frame + 6, expected_cpu, 2);
  assert_memory_equal(frame + 8, request_frame + 8, 16);
  assert_true(wire_get_frame(frame, sizeof(bytes), &got));
  assert_int_equal(got.flags, WIRE_FRAME_FLAG_REPLY);
  assert_int_equal(got.server_receive_ns, 1000);
  assert_int_equal(got.server_send_ns, UINT64_MAX);
}

static void stamping_keeps_the_other_flags(void **state) {
  (void)state;
  uint8_t bytes[WIRE_FRAME_HEADER_BYTES];
  memcpy(bytes, request_frame, sizeof(bytes));
  bytes[5] = 0x80;
  wire_stamp_frame(bytes, 0, 0, 0);
  assert_int_equal(bytes[5], 0x80 | WIRE_FRAME_FLAG_REPLY);
}

static void a_sink_report_survives_a_round_trip(void **state) {
  (void)state;
  struct wire_sink_report got;
  assert_true(wire_get_sink_report(sink_report, sizeof(sink_report), &got));
  assert_int_equal(got.bytes, UINT64_C(0x8000000000000001));
  assert_int_equal(got.elapsed_ns, 0xffffffff);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(hello_has_the_documented_bytes),
      cmocka_unit_test(welcome_has_the_documented_bytes),
      cmocka_unit_test(frame_header_has_the_documented_bytes),
      cmocka_unit_test(sink_report_has_the_documented_bytes),
      cmocka_unit_test(hello_survives_a_round_trip_in_every_mode),
      cmocka_unit_test(welcome_survives_a_round_trip),
      cmocka_unit_test(frame_survives_a_round_trip),
      cmocka_unit_test(a_hello_is_refused_for_every_wrong_field),
      cmocka_unit_test(a_stamped_hello_is_refused_outside_the_frame_sizes),
      cmocka_unit_test(a_hello_is_no_welcome_and_a_welcome_no_hello),
      cmocka_unit_test(a_frame_of_another_version_or_magic_is_refused),
      cmocka_unit_test(every_truncated_message_is_refused_without_an_over_read),
      cmocka_unit_test(a_message_is_found_at_the_head_of_a_longer_read),
      cmocka_unit_test(kernel_times_have_the_documented_bytes_and_a_flag),
      cmocka_unit_test(kernel_times_need_their_flag_and_room_for_them),
      cmocka_unit_test(stamping_fills_the_servers_fields_and_nothing_else),
      cmocka_unit_test(stamping_keeps_the_other_flags),
      cmocka_unit_test(a_sink_report_survives_a_round_trip),
  };
  return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
