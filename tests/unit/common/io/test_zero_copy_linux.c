/* Sending a file's pages and discarding unread, on a real TCP connection over the loopback. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io/zero_copy.h"
#include "common/wire/pattern.h"
#include "tests/unit/unit_test.h"

#define SCRATCH_BYTES 4096

struct pair {
  int sender, receiver;
};

static void open_pair(struct pair *pair) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listening = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(bind(listening, (struct sockaddr *)&address, length), 0);
  assert_int_equal(listen(listening, 1), 0);
  assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &length), 0);
  pair->sender = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(connect(pair->sender, (struct sockaddr *)&address, length), 0);
  pair->receiver = accept(listening, NULL, NULL);
  assert_true(pair->receiver >= 0);
  close(listening);
}

static void close_pair(struct pair *pair) {
  close(pair->sender);
  close(pair->receiver);
}

static void read_exactly(int socket, uint8_t *bytes, size_t length) {
  assert_int_equal(recv(socket, bytes, length, MSG_WAITALL), length);
}

static void what_is_sent_from_the_file_is_the_pattern(void **state) {
  (void)state;
  static const struct {
    uint64_t offset;
    size_t length;
  } pieces[] = {{0, 1}, {1, 1}, {4095, 2}, {4096, 4096}, {262138, 3}, {12345, 50000}, {262139, 60000}};
  struct pattern *pattern = pattern_create(7);
  struct pair pair;
  uv_file file;
  size_t all;
  static uint8_t got[65536];
  assert_non_null(pattern);
  const uint8_t *bytes = pattern_bytes(pattern, &all);
  assert_int_equal(zero_copy_file_create(bytes, all, &file), 0);
  open_pair(&pair);
  for (size_t i = 0; i < COUNT_OF(pieces); i++) {
    assert_int_equal(zero_copy_send(pair.sender, file, pieces[i].offset, pieces[i].length), pieces[i].length);
    read_exactly(pair.receiver, got, pieces[i].length);
    assert_memory_equal(got, bytes + pieces[i].offset, pieces[i].length);
  }
  close_pair(&pair);
  zero_copy_file_close(file);
  pattern_free(pattern);
}

static void a_full_socket_says_so(void **state) {
  (void)state;
  static const uint8_t bytes[262144];
  struct pair pair;
  uv_file file;
  ssize_t sent;
  open_pair(&pair);
  assert_int_equal(zero_copy_file_create(bytes, sizeof bytes, &file), 0);
  /* As the programs' sockets are: one that may wait would. */
  assert_int_equal(fcntl(pair.sender, F_SETFL, O_NONBLOCK), 0);
  do
    sent = zero_copy_send(pair.sender, file, 0, sizeof bytes);
  while (sent > 0);
  assert_int_equal(sent, UV_EAGAIN);
  close_pair(&pair);
  zero_copy_file_close(file);
}

static void discarding_counts_and_does_not_touch_the_scratch(void **state) {
  (void)state;
  struct pair pair;
  uint8_t scratch[SCRATCH_BYTES], untouched[SCRATCH_BYTES], sent[3 * SCRATCH_BYTES + 5];
  memset(sent, 'x', sizeof sent);
  memset(scratch, 1, sizeof scratch);
  memset(untouched, 1, sizeof untouched);
  open_pair(&pair);
  assert_int_equal(zero_copy_discard(pair.receiver, scratch, sizeof scratch), UV_EAGAIN);
  assert_int_equal(send(pair.sender, sent, sizeof sent, 0), sizeof sent);
  size_t discarded = 0;
  while (discarded < sizeof sent) {
    ssize_t got = zero_copy_discard(pair.receiver, scratch, sizeof scratch);
    if (got != UV_EAGAIN) assert_in_range(got, 1, sizeof sent - discarded);
    if (got > 0) discarded += (size_t)got;
  }
  assert_int_equal(zero_copy_discard(pair.receiver, scratch, sizeof scratch), UV_EAGAIN);
  assert_memory_equal(scratch, untouched, sizeof scratch);
  close_pair(&pair);
}

static void the_end_comes_after_the_bytes_before_it(void **state) {
  (void)state;
  struct pair pair;
  uint8_t scratch[SCRATCH_BYTES];
  open_pair(&pair);
  assert_int_equal(send(pair.sender, "abc", 3, 0), 3);
  assert_int_equal(shutdown(pair.sender, SHUT_WR), 0);
  /* Waits until the end has come, and takes nothing. */
  assert_int_equal(recv(pair.receiver, scratch, 4, MSG_PEEK | MSG_WAITALL), 3);
  assert_int_equal(zero_copy_discard(pair.receiver, scratch, sizeof scratch), 3);
  assert_int_equal(zero_copy_discard(pair.receiver, scratch, sizeof scratch), 0);
  close_pair(&pair);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(what_is_sent_from_the_file_is_the_pattern),
      cmocka_unit_test(a_full_socket_says_so),
      cmocka_unit_test(discarding_counts_and_does_not_touch_the_scratch),
      cmocka_unit_test(the_end_comes_after_the_bytes_before_it),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
