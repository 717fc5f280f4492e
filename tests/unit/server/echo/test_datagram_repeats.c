/* Which datagram ends a loop: repeats of one source are counted, and nothing else is. */
#include "server/echo/datagram_repeats.h"

#include <string.h>

#include "common/text/clock.h"
#include "tests/unit/unit_test.h"

#define LIMIT 1000

static struct sockaddr_storage source(const char *host, int port) {
  struct sockaddr_storage address;
  memset(&address, 0, sizeof address);
  if (strchr(host, ':') != NULL)
    assert_int_equal(uv_ip6_addr(host, port, (struct sockaddr_in6 *)&address), 0);
  else
    assert_int_equal(uv_ip4_addr(host, port, (struct sockaddr_in *)&address), 0);
  return address;
}

/* How many of `count` datagrams, `apart_ns` after each other, are left unanswered. */
static int count_unanswered(const struct sockaddr_storage *from, size_t length, int count, uint64_t apart_ns) {
  static struct datagram_repeats repeats;
  static const uint8_t bytes[65507] = {1, 2, 3};
  int unanswered = 0;
  memset(&repeats, 0, sizeof repeats);
  for (int i = 0; i < count; i++)
    unanswered += datagram_repeats_note(&repeats, from, bytes, length, 5 + (uint64_t)i * apart_ns, LIMIT);
  return unanswered;
}

static void one_repeat_in_a_thousand_is_left_unanswered(void **state) {
  static const char *const hosts[] = {"127.0.0.1", "::1"};
  static const size_t lengths[] = {0, 1, 7, 8, 64, 65, 1000, 65507};
  (void)state;
  for (size_t host = 0; host < COUNT_OF(hosts); host++) {
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
      struct sockaddr_storage from = source(hosts[host], 7000);
      assert_int_equal(count_unanswered(&from, lengths[i], LIMIT - 1, 1000), 0);
      assert_int_equal(count_unanswered(&from, lengths[i], LIMIT, 1000), 1);
      assert_int_equal(count_unanswered(&from, lengths[i], 3 * LIMIT, 1000), 3);
    }
  }
}

static void slow_repeats_are_no_loop(void **state) {
  struct sockaddr_storage from = source("127.0.0.1", 7000);
  (void)state;
  assert_int_equal(count_unanswered(&from, 4, 5 * LIMIT, 250 * CLOCK_NS_PER_MS), 5);
  assert_int_equal(count_unanswered(&from, 4, 5 * LIMIT, 251 * CLOCK_NS_PER_MS), 0);
}

/* Each byte of the datagram matters, also one in the middle of a long one. */
static void bytes_that_differ_are_no_repeat(void **state) {
  static struct datagram_repeats repeats;
  static uint8_t bytes[2000];
  static const size_t places[] = {0, 31, 32, 999, 1967, 1968, 1999};
  struct sockaddr_storage from = source("127.0.0.1", 7000);
  (void)state;
  for (size_t place = 0; place < COUNT_OF(places); place++) {
    memset(&repeats, 0, sizeof repeats);
    memset(bytes, 0, sizeof bytes);
    for (uint32_t i = 0; i < 20 * LIMIT; i++) {
      bytes[places[place]] = (uint8_t)i;
      assert_false(datagram_repeats_note(&repeats, &from, bytes, sizeof bytes, 5 + i, LIMIT));
    }
  }
}

static void sources_are_counted_apart(void **state) {
  static struct datagram_repeats repeats;
  static const uint8_t bytes[] = "same";
  (void)state;
  for (int i = 0; i < LIMIT - 1; i++) {
    struct sockaddr_storage one = source("127.0.0.1", 7000), other = source("127.0.0.1", 7001),
                            third = source("127.0.0.2", 7000);
    assert_false(datagram_repeats_note(&repeats, &one, bytes, sizeof bytes, 5, LIMIT));
    assert_false(datagram_repeats_note(&repeats, &other, bytes, sizeof bytes, 5, LIMIT));
    assert_false(datagram_repeats_note(&repeats, &third, bytes, sizeof bytes, 5, LIMIT));
  }
}

/* Several loops at a time, and fresh datagrams between them that want their slots. */
static void cut_loops_that_differ_in(size_t place) {
  static struct datagram_repeats repeats;
  enum { LOOPS = 40 };
  struct sockaddr_storage from = source("127.0.0.1", 7000), client = source("127.0.0.1", 40000);
  bool is_running[LOOPS];
  int running = LOOPS;
  uint8_t bytes[8] = {0};
  memset(&repeats, 0, sizeof repeats);
  memset(is_running, true, sizeof is_running);
  for (uint64_t round = 0; running > 0 && round < 100 * LIMIT; round++) {
    uint64_t fresh = round;
    for (uint8_t i = 0; i < LOOPS; i++) {
      bytes[place] = i;
      if (!is_running[i] || !datagram_repeats_note(&repeats, &from, bytes, sizeof bytes, 5 + round, LIMIT)) continue;
      is_running[i] = false;
      running--;
    }
    assert_false(datagram_repeats_note(&repeats, &client, (const uint8_t *)&fresh, sizeof fresh, 5 + round, LIMIT));
  }
  assert_int_equal(running, 0);
}

static void loops_side_by_side_are_all_cut(void **state) {
  (void)state;
  for (size_t place = 0; place < 8; place++)
    cut_loops_that_differ_in(place);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_repeat_in_a_thousand_is_left_unanswered),
      cmocka_unit_test(slow_repeats_are_no_loop),
      cmocka_unit_test(bytes_that_differ_are_no_repeat),
      cmocka_unit_test(sources_are_counted_apart),
      cmocka_unit_test(loops_side_by_side_are_all_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
