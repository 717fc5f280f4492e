/* Reading and writing past the event loop, on real sockets. */
#include <arpa/inet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io/direct_io.h"
#include "common/net/address.h"
#include "tests/unit/unit_test.h"

static void open_datagrams(int family, int sockets[2], struct sockaddr_storage addresses[2]) {
  for (size_t i = 0; i < 2; i++) {
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *wanted = family == AF_INET ? (struct sockaddr *)&ipv4 : (struct sockaddr *)&ipv6;
    socklen_t length = family == AF_INET ? sizeof ipv4 : sizeof ipv6;
    sockets[i] = socket(family, SOCK_DGRAM, 0);
    if (sockets[i] < 0 || bind(sockets[i], wanted, length) != 0) skip(); /* IPv6 is off */
    length = sizeof addresses[i];
    assert_int_equal(getsockname(sockets[i], (struct sockaddr *)&addresses[i], &length), 0);
  }
}

/* Delivery may be a moment after sending. */
static void wait_for_input(int socket) {
  struct pollfd wanted = {.fd = socket, .events = POLLIN};
  assert_int_equal(poll(&wanted, 1, 5000), 1);
}

static void close_both(const int sockets[2]) {
  close(sockets[0]);
  close(sockets[1]);
}

static void an_empty_socket_has_nothing_yet(void **state) {
  (void)state;
  int pair[2];
  uint8_t bytes[8];
  struct sockaddr_storage from;
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  assert_int_equal(direct_read(pair[0], bytes, sizeof bytes), UV_EAGAIN);
  assert_int_equal(direct_read_from(pair[0], bytes, sizeof bytes, &from), UV_EAGAIN);
  close_both(pair);
}

static void a_stream_gives_what_is_there_and_then_its_end(void **state) {
  (void)state;
  int pair[2];
  uint8_t bytes[8];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  assert_int_equal(direct_write(pair[1], "abc", 3), 3);
  assert_int_equal(direct_read(pair[0], bytes, sizeof bytes), 3);
  assert_memory_equal(bytes, "abc", 3);
  close(pair[1]);
  assert_int_equal(direct_read(pair[0], bytes, sizeof bytes), 0);
  close(pair[0]);
}

static void a_full_stream_takes_a_part_and_then_nothing(void **state) {
  (void)state;
  int pair[2];
  static uint8_t many[4 * 1024 * 1024];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  int buffer_bytes = 65536;
  assert_int_equal(setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes), 0);
  ssize_t taken = direct_write(pair[0], many, sizeof many);
  assert_true(taken > 0 && taken < (ssize_t)sizeof many);
  /* The last bit of room may have been too small for a part of the first write. */
  while ((taken = direct_write(pair[0], many, sizeof many)) > 0)
    continue;
  assert_int_equal(taken, UV_EAGAIN);
  close_both(pair);
}

/* A signal would end this test. */
static void writing_to_a_peer_that_is_gone_is_an_error_without_a_signal(void **state) {
  (void)state;
  int pair[2];
  assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  close(pair[1]);
  assert_int_equal(direct_write(pair[0], "x", 1), UV_EPIPE);
  close(pair[0]);
}

static void datagrams_go_where_they_are_sent_and_name_their_sender(void **state) {
  (void)state;
  static const int families[] = {AF_INET, AF_INET6};
  for (size_t i = 0; i < COUNT_OF(families); i++) {
    int sockets[2];
    struct sockaddr_storage addresses[2], from;
    uint8_t bytes[8];
    open_datagrams(families[i], sockets, addresses);
    assert_int_equal(direct_write_to(sockets[0], "abc", 3, &addresses[1]), 3);
    assert_int_equal(direct_write_to(sockets[0], "", 0, &addresses[1]), 0);
    wait_for_input(sockets[1]);
    assert_int_equal(direct_read_from(sockets[1], bytes, sizeof bytes, &from), 3);
    assert_true(address_same_host(&from, &addresses[0]));
    assert_int_equal(address_port(&from), address_port(&addresses[0]));
    wait_for_input(sockets[1]);
    assert_int_equal(direct_read_from(sockets[1], bytes, sizeof bytes, &from), 0);
    assert_int_equal(direct_read_from(sockets[1], bytes, sizeof bytes, &from), UV_EAGAIN);
    close_both(sockets);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(an_empty_socket_has_nothing_yet),
      cmocka_unit_test(a_stream_gives_what_is_there_and_then_its_end),
      cmocka_unit_test(a_full_stream_takes_a_part_and_then_nothing),
      cmocka_unit_test(writing_to_a_peer_that_is_gone_is_an_error_without_a_signal),
      cmocka_unit_test(datagrams_go_where_they_are_sent_and_name_their_sender),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
