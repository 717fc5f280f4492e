/* Sessions without a socket: recognising the hello, cutting the stream into frames, stamping, the sink's report. */
#include "server/echo/session.h"

#include <string.h>

#include "tests/unit/guard_page.h"
#include "tests/unit/unit_test.h"

enum { FRAME_BYTES = 100 };

static size_t put_hello(uint8_t *out, enum wire_mode mode, uint32_t frame_bytes) {
  wire_put_hello(&(struct wire_hello){.mode = mode, .frame_bytes = frame_bytes}, out);
  return WIRE_HELLO_BYTES;
}

static void put_frames(uint8_t *out, size_t count) {
  memset(out, 0xab, count * FRAME_BYTES);
  for (size_t i = 0; i < count; i++)
    wire_put_frame(&(struct wire_frame){.sequence = i, .client_send_ns = 5}, out + i * FRAME_BYTES);
}

static void a_hello_chooses_its_mode(void **state) {
  static const struct {
    enum wire_mode mode;
    uint32_t frame_bytes;
    enum session_mode wanted;
  } cases[] = {
      {WIRE_MODE_STAMPED, 40, SESSION_STAMPED}, {WIRE_MODE_STAMPED, 65536, SESSION_STAMPED},
      {WIRE_MODE_STAMPED, 39, SESSION_PLAIN},   {WIRE_MODE_STAMPED, 65537, SESSION_PLAIN},
      {WIRE_MODE_SINK, 0, SESSION_SINK},        {WIRE_MODE_SOURCE, 0, SESSION_SOURCE},
      {(enum wire_mode)0, 64, SESSION_PLAIN},   {(enum wire_mode)4, 64, SESSION_PLAIN},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct session session = {0};
    uint8_t bytes[WIRE_HELLO_BYTES];
    put_hello(bytes, cases[i].mode, cases[i].frame_bytes);
    size_t used = session_begin(&session, bytes, sizeof bytes, false);
    assert_int_equal(session.mode, cases[i].wanted);
    assert_int_equal(used, cases[i].wanted == SESSION_PLAIN ? 0 : WIRE_HELLO_BYTES);
  }
}

static void every_shorter_beginning_of_a_hello_is_plain(void **state) {
  uint8_t bytes[WIRE_HELLO_BYTES];
  (void)state;
  put_hello(bytes, WIRE_MODE_SINK, 0);
  for (size_t length = 0; length < sizeof bytes; length++) {
    struct session session = {0};
    assert_int_equal(session_begin(&session, guard_page_place(bytes, length), length, false), 0);
    assert_int_equal(session.mode, SESSION_PLAIN);
  }
}

static void the_welcome_names_mode_and_pid(void **state) {
  struct session session = {.mode = SESSION_SOURCE};
  struct wire_welcome welcome;
  uint8_t bytes[WIRE_HELLO_BYTES];
  (void)state;
  session_put_welcome(&session, 4711, bytes);
  assert_true(wire_get_welcome(bytes, sizeof bytes, &welcome));
  assert_int_equal(welcome.mode, WIRE_MODE_SOURCE);
  assert_int_equal(welcome.pid, 4711);
}

static void only_whole_frames_are_found(void **state) {
  struct session session = {.mode = SESSION_STAMPED, .frame_bytes = FRAME_BYTES};
  uint8_t bytes[3 * FRAME_BYTES];
  (void)state;
  put_frames(bytes, 3);
  for (size_t length = 0; length <= sizeof bytes; length++) {
    size_t whole_bytes = 12345;
    assert_true(session_find_frames(&session, guard_page_place(bytes, length), length, &whole_bytes));
    assert_int_equal(whole_bytes, length / FRAME_BYTES * FRAME_BYTES);
  }
}

static void bytes_that_are_no_frame_are_refused_wherever_they_stand(void **state) {
  struct session session = {.mode = SESSION_STAMPED, .frame_bytes = FRAME_BYTES};
  uint8_t bytes[3 * FRAME_BYTES];
  size_t whole_bytes;
  (void)state;
  for (size_t broken = 0; broken < 3; broken++) {
    put_frames(bytes, 3);
    bytes[broken * FRAME_BYTES] ^= 1;
    assert_false(session_find_frames(&session, bytes, sizeof bytes, &whole_bytes));
    assert_false(session_find_frames(&session, bytes, broken * FRAME_BYTES + WIRE_FRAME_HEADER_BYTES, &whole_bytes));
    assert_true(session_find_frames(&session, bytes, broken * FRAME_BYTES + WIRE_FRAME_HEADER_BYTES - 1, &whole_bytes));
    put_frames(bytes, 3);
    bytes[broken * FRAME_BYTES + 4]++; /* the version */
    assert_false(session_find_frames(&session, bytes, sizeof bytes, &whole_bytes));
  }
}

static void stamping_touches_only_the_servers_fields(void **state) {
  struct session session = {.mode = SESSION_STAMPED, .frame_bytes = FRAME_BYTES};
  uint8_t bytes[2 * FRAME_BYTES], wanted[2 * FRAME_BYTES];
  (void)state;
  put_frames(bytes, 2);
  put_frames(wanted, 2);
  session_stamp_frames(&session, bytes, sizeof bytes, 3, 1000, 2000);
  for (size_t i = 0; i < 2; i++)
    wire_put_frame(&(struct wire_frame){.flags = WIRE_FRAME_FLAG_REPLY,
                                        .server_cpu = 3,
                                        .sequence = i,
                                        .client_send_ns = 5,
                                        .server_receive_ns = 1000,
                                        .server_send_ns = 2000},
                   wanted + i * FRAME_BYTES);
  assert_memory_equal(bytes, wanted, sizeof bytes);
}

static void kernel_times_go_into_the_frames_that_ask(void **state) {
  enum { TIMED_BYTES = WIRE_TIMED_FRAME_BYTES_MIN + 8 };
  struct session session = {.mode = SESSION_STAMPED, .frame_bytes = TIMED_BYTES};
  static const struct wire_kernel_times times = {1, 2, 3, 4};
  uint8_t bytes[2 * TIMED_BYTES] = {0}, wanted[2 * TIMED_BYTES];
  (void)state;
  wire_put_frame(&(struct wire_frame){.sequence = 1}, bytes);
  assert_false(session_asks_kernel_times(&session, bytes, TIMED_BYTES));
  wire_put_frame(&(struct wire_frame){.sequence = 2, .flags = WIRE_FRAME_FLAG_ASKS_TIMES}, bytes + TIMED_BYTES);
  assert_true(session_asks_kernel_times(&session, bytes, sizeof bytes));
  memcpy(wanted, bytes, sizeof bytes);
  wire_put_kernel_times(&times, wanted + TIMED_BYTES);
  session_put_kernel_times(&session, bytes, sizeof bytes, &times);
  assert_memory_equal(bytes, wanted, sizeof bytes);
}

static void frames_without_room_get_no_kernel_times(void **state) {
  struct session session = {.mode = SESSION_STAMPED, .frame_bytes = WIRE_TIMED_FRAME_BYTES_MIN - 1};
  uint8_t bytes[WIRE_TIMED_FRAME_BYTES_MIN - 1] = {0};
  (void)state;
  wire_put_frame(&(struct wire_frame){.flags = WIRE_FRAME_FLAG_ASKS_TIMES}, bytes);
  assert_false(session_asks_kernel_times(&session, bytes, sizeof bytes));
}

/* The stream as the server sees it, for every place where it can be cut in two. */
static void a_frame_survives_every_cut(void **state) {
  uint8_t stream[3 * FRAME_BYTES], buffer[4 * FRAME_BYTES];
  (void)state;
  put_frames(stream, 3);
  for (size_t cut = 1; cut < sizeof stream; cut++) {
    struct session session = {.mode = SESSION_STAMPED, .frame_bytes = FRAME_BYTES};
    uint8_t joined[sizeof stream];
    size_t joined_bytes = 0, at = 0;
    for (size_t end = cut; at < sizeof stream; end = sizeof stream) {
      size_t partial = session_copy_partial(&session, buffer), whole;
      memcpy(buffer + partial, stream + at, end - at);
      size_t length = partial + end - at;
      at = end;
      assert_true(session_find_frames(&session, buffer, length, &whole));
      memcpy(joined + joined_bytes, buffer, whole);
      joined_bytes += whole;
      assert_true(session_keep_partial(&session, buffer + whole, length - whole));
    }
    assert_int_equal(joined_bytes, sizeof stream);
    assert_memory_equal(joined, stream, sizeof stream);
    assert_null(session.partial);
    session_end(&session);
  }
}

static void the_sink_reports_bytes_and_time(void **state) {
  struct session session = {.mode = SESSION_SINK, .moved_bytes = 1234, .welcomed_ns = 1000};
  struct wire_sink_report report;
  uint8_t bytes[WIRE_SINK_REPORT_BYTES];
  (void)state;
  session_put_sink_report(&session, 1500, bytes);
  assert_true(wire_get_sink_report(bytes, sizeof bytes, &report));
  assert_int_equal(report.bytes, 1234);
  assert_int_equal(report.elapsed_ns, 500);
}

static void ending_frees_what_is_kept(void **state) {
  struct session session = {.mode = SESSION_STAMPED, .frame_bytes = FRAME_BYTES};
  (void)state;
  assert_true(session_keep_partial(&session, (const uint8_t *)"abc", 3));
  session_end(&session);
  assert_null(session.partial);
  assert_int_equal(session.partial_bytes, 0);
  session_end(&session);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_hello_chooses_its_mode),
      cmocka_unit_test(every_shorter_beginning_of_a_hello_is_plain),
      cmocka_unit_test(the_welcome_names_mode_and_pid),
      cmocka_unit_test(only_whole_frames_are_found),
      cmocka_unit_test(bytes_that_are_no_frame_are_refused_wherever_they_stand),
      cmocka_unit_test(stamping_touches_only_the_servers_fields),
      cmocka_unit_test(kernel_times_go_into_the_frames_that_ask),
      cmocka_unit_test(frames_without_room_get_no_kernel_times),
      cmocka_unit_test(a_frame_survives_every_cut),
      cmocka_unit_test(the_sink_reports_bytes_and_time),
      cmocka_unit_test(ending_frees_what_is_kept),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
