/* The kernel's receive times, asked of real sockets on the loopback. */
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io/kernel_times.h"
#include "common/text/clock.h"
#include "tests/unit/unit_test.h"

#define DEADLINE_NS (20 * CLOCK_NS_PER_SECOND)

/* A connected pair on 127.0.0.1: `fixture.receiver` as a handle of libuv, whose loop never runs, and a plain sender. */
struct fixture {
  uv_loop_t loop;
  union {
    uv_handle_t handle;
    uv_tcp_t tcp;
    uv_udp_t udp;
  } receiver;
  int sender;
};

static void open_pair(struct fixture *fixture, int type) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listening = socket(AF_INET, type, 0);
  assert_int_equal(bind(listening, (struct sockaddr *)&address, length), 0);
  if (type == SOCK_STREAM) assert_int_equal(listen(listening, 1), 0);
  assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &length), 0);
  fixture->sender = socket(AF_INET, type, 0);
  assert_int_equal(connect(fixture->sender, (struct sockaddr *)&address, length), 0);
  assert_int_equal(uv_loop_init(&fixture->loop), 0);
  if (type == SOCK_STREAM) {
    int receiver = accept(listening, NULL, NULL);
    assert_true(receiver >= 0);
    close(listening);
    assert_int_equal(uv_tcp_init(&fixture->loop, &fixture->receiver.tcp), 0);
    assert_int_equal(uv_tcp_open(&fixture->receiver.tcp, receiver), 0);
  } else {
    assert_int_equal(uv_udp_init(&fixture->loop, &fixture->receiver.udp), 0);
    assert_int_equal(uv_udp_open(&fixture->receiver.udp, listening), 0);
  }
}

static void close_pair(struct fixture *fixture) {
  close(fixture->sender);
  uv_close(&fixture->receiver.handle, NULL);
  uv_run(&fixture->loop, UV_RUN_DEFAULT);
  assert_int_equal(uv_loop_close(&fixture->loop), 0);
}

/* On the loopback the message has reached the other socket before the send call returns. */
static void tells_a_time_between_sending_and_asking(int type) {
  struct fixture fixture;
  struct kernel_times times;
  struct clock_distance distance;
  char byte = 'x';
  int descriptor;
  open_pair(&fixture, type);
  assert_int_equal(kernel_times_start(&times, &fixture.receiver.handle), 0);
  /* The kernel begins to note times a moment after it is first asked to: a work queue does it (net_enable_timestamp()).
   */
  for (uint64_t begin_ns = clock_now_ns(); clock_now_ns() - begin_ns < DEADLINE_NS;) {
    kernel_times_measure_distance(&distance);
    uint64_t send_ns = clock_now_ns();
    assert_int_equal(send(fixture.sender, &byte, 1, 0), 1);
    kernel_times_ask(&times, &fixture.receiver.handle);
    assert_int_equal(uv_fileno(&fixture.receiver.handle, &descriptor), 0);
    assert_int_equal(recv(descriptor, &byte, 1, MSG_DONTWAIT), 1);
    if (times.received_realtime_ns == 0) continue;
    uint64_t received_ns = times.received_realtime_ns - (uint64_t)distance.ahead_ns;
    assert_true(received_ns + distance.error_ns >= send_ns);
    /* Of a datagram that came before, it tells the moment of the asking (__sock_recv_timestamp()). */
    bool is_stand_in = type == SOCK_DGRAM && received_ns > times.awake_ns + distance.error_ns;
    if (is_stand_in && received_ns <= times.asked_ns + distance.error_ns) continue;
    assert_true(received_ns <= times.awake_ns + distance.error_ns);
    assert_true(times.awake_ns <= times.asked_ns);
    close_pair(&fixture);
    return;
  }
  fail_msg("the kernel told no time");
}

static void a_stream_tells_when_the_kernel_had_the_message(void **state) {
  (void)state;
  tells_a_time_between_sending_and_asking(SOCK_STREAM);
}

static void a_datagram_socket_tells_when_the_kernel_had_the_message(void **state) {
  (void)state;
  tells_a_time_between_sending_and_asking(SOCK_DGRAM);
}

static void asking_an_empty_socket_tells_no_time_and_does_not_wait(void **state) {
  struct fixture fixture;
  struct kernel_times times;
  (void)state;
  open_pair(&fixture, SOCK_STREAM);
  assert_int_equal(kernel_times_start(&times, &fixture.receiver.handle), 0);
  kernel_times_ask(&times, &fixture.receiver.handle);
  assert_int_equal(times.received_realtime_ns, 0);
  assert_true(times.awake_ns > 0);
  close_pair(&fixture);
}

static void after_the_stop_nothing_is_known(void **state) {
  struct fixture fixture;
  struct kernel_times times;
  (void)state;
  open_pair(&fixture, SOCK_DGRAM);
  assert_int_equal(kernel_times_start(&times, &fixture.receiver.handle), 0);
  kernel_times_stop(&times, &fixture.receiver.handle);
  assert_false(times.is_on);
  assert_int_equal(send(fixture.sender, "x", 1, 0), 1);
  kernel_times_ask(&times, &fixture.receiver.handle);
  assert_int_equal(times.received_realtime_ns, 0);
  close_pair(&fixture);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_stream_tells_when_the_kernel_had_the_message),
      cmocka_unit_test(a_datagram_socket_tells_when_the_kernel_had_the_message),
      cmocka_unit_test(asking_an_empty_socket_tells_no_time_and_does_not_wait),
      cmocka_unit_test(after_the_stop_nothing_is_known),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
