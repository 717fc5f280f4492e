/* The floor's two threads, over every transport: they answer each other, count what they did, and end. */
#include <netinet/in.h>
#include <uv.h>

#include "client/run/floor.h"
#include "common/text/clock.h"
#include "tests/unit/unit_test.h"

static struct endpoint endpoint_of(enum transport transport, int family) {
  struct endpoint endpoint = {.transport = transport};
  endpoint.address.ss_family = (sa_family_t)family;
  return endpoint;
}

static void round_trips_are_counted_over_every_transport(void **state) {
  static const struct {
    enum transport transport;
    int family;
    size_t bytes;
  } cases[] = {{TRANSPORT_TCP, AF_INET, 64},  {TRANSPORT_TCP, AF_INET6, 64},     {TRANSPORT_TCP, AF_INET, 1 << 20},
               {TRANSPORT_UDP, AF_INET, 1},   {TRANSPORT_UDP, AF_INET6, 64},     {TRANSPORT_UDP, AF_INET, 65507},
               {TRANSPORT_UNIX, AF_UNIX, 64}, {TRANSPORT_UNIX, AF_UNIX, 1 << 20}};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct endpoint like = endpoint_of(cases[i].transport, cases[i].family);
    struct histogram *rtt = histogram_create();
    struct floor *floor;
    uint64_t same_cpu = 0;
    assert_int_equal(floor_open(&like, cases[i].bytes, 0, &floor), 0);
    assert_int_equal(floor_run(floor, CLOCK_NS_PER_MS, NULL, &same_cpu), 0);
    assert_int_equal(histogram_count(rtt), 0);
    same_cpu = 0;
    assert_int_equal(floor_run(floor, 5 * CLOCK_NS_PER_MS, rtt, &same_cpu), 0);
    assert_true(histogram_count(rtt) > 0);
    assert_true(same_cpu <= histogram_count(rtt));
    assert_true(histogram_min(rtt) > 0);
    floor_close(floor);
    histogram_free(rtt);
  }
}

static void a_floor_that_never_ran_ends(void **state) {
  static const enum transport transports[] = {TRANSPORT_TCP, TRANSPORT_UDP, TRANSPORT_UNIX};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(transports); i++) {
    struct endpoint like = endpoint_of(transports[i], AF_INET);
    struct floor *floor;
    assert_int_equal(floor_open(&like, 64, 0, &floor), 0);
    floor_close(floor);
  }
  floor_close(NULL);
}

static void a_transport_that_cannot_be_is_an_error_and_leaves_nothing(void **state) {
  struct endpoint like = endpoint_of(TRANSPORT_TCP, 12345);
  struct floor *floor;
  (void)state;
  assert_int_equal(floor_open(&like, 64, 0, &floor), UV_EAFNOSUPPORT);
  assert_null(floor);
}

static void a_server_that_is_gone_does_not_matter(void **state) {
  struct endpoint like = endpoint_of(TRANSPORT_UNIX, AF_UNIX);
  struct floor *floor;
  uint64_t same_cpu = 0;
  (void)state;
  assert_int_equal(floor_open(&like, 64, INT32_MAX, &floor), 0);
  assert_int_equal(floor_run(floor, CLOCK_NS_PER_MS, NULL, &same_cpu), 0);
  floor_close(floor);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(round_trips_are_counted_over_every_transport),
      cmocka_unit_test(a_floor_that_never_ran_ends),
      cmocka_unit_test(a_transport_that_cannot_be_is_an_error_and_leaves_nothing),
      cmocka_unit_test(a_server_that_is_gone_does_not_matter),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
