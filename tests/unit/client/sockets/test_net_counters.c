/* Counters read from the texts of /proc/net, whole, cut off and strange. */
#include "client/sockets/net_counters.h"

#include <string.h>

#include "tests/unit/unit_test.h"

static struct net_counters read_text(const char *text) {
  struct net_counters counters;
  memset(&counters, 0, sizeof counters);
  net_counters_add_text(text, &counters);
  counters.known = true;
  return counters;
}

static void values_are_found_under_their_names(void **state) {
  (void)state;
  struct net_counters counters = read_text(
      "Ip: Forwarding OutDiscards\nIp: 1 7\n"
      "Tcp: RtoMin OutRsts InCsumErrors\nTcp: 200 42 0\n"
      "TcpExt: SyncookiesSent ListenOverflows ListenDrops TCPRetransFail TCPSynRetrans\nTcpExt: 0 3 4 5 6\n"
      "Udp: InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors\nUdp: 10 11 12 13 14\n"
      "UdpLite: InDatagrams NoPorts\nUdpLite: 100 100\n");
  assert_int_equal(counters.values[COUNTER_IP_OUT_DISCARDED], 7);
  assert_int_equal(counters.values[COUNTER_TCP_RESETS_SENT], 42);
  assert_int_equal(counters.values[COUNTER_TCP_LISTEN_OVERFLOWS], 3);
  assert_int_equal(counters.values[COUNTER_TCP_LISTEN_DROPS], 4);
  assert_int_equal(counters.values[COUNTER_TCP_REPEAT_FAILED], 5);
  assert_int_equal(counters.values[COUNTER_TCP_SYN_REPEATED], 6);
  assert_int_equal(counters.values[COUNTER_UDP_RECEIVED], 10);
  assert_int_equal(counters.values[COUNTER_UDP_NO_PORT], 11);
  assert_int_equal(counters.values[COUNTER_UDP_SENT], 13);
  assert_int_equal(counters.values[COUNTER_UDP_BUFFER_FULL], 14);
}

static void ipv4_and_ipv6_are_added_up(void **state) {
  (void)state;
  struct net_counters counters =
      read_text("Udp: InDatagrams\nUdp: 10\nUdp6InDatagrams                 \t5\nUdp6NoPorts \t2\nIp6OutDiscards\t1\n");
  assert_int_equal(counters.values[COUNTER_UDP_RECEIVED], 15);
  assert_int_equal(counters.values[COUNTER_UDP_NO_PORT], 2);
  assert_int_equal(counters.values[COUNTER_IP_OUT_DISCARDED], 1);
}

static void text_that_is_cut_or_strange_tells_nothing(void **state) {
  static const char *const texts[] = {
      "",
      "\n\n",
      "Tcp:",
      "Tcp: OutRsts",
      "Tcp: OutRsts\nUdp: 5\n",
      "Tcp: OutRsts\nTcp:",
      "Tcp: OutRsts\nTcp: x\n",
      "OutRsts 5\n",
      "Tcp: OutRsts\nTcp: \n",
      ": :\n: :\n",
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(texts); i++)
    assert_int_equal(read_text(texts[i]).values[COUNTER_TCP_RESETS_SENT], 0);
}

static void growth_needs_two_known_readings_that_rise(void **state) {
  (void)state;
  struct net_counters before = read_text("Tcp: OutRsts\nTcp: 5\n"), after = read_text("Tcp: OutRsts\nTcp: 8\n");
  assert_int_equal(net_counters_growth(&before, &after, COUNTER_TCP_RESETS_SENT), 3);
  assert_int_equal(net_counters_growth(&after, &before, COUNTER_TCP_RESETS_SENT), 0);
  after.known = false;
  assert_int_equal(net_counters_growth(&before, &after, COUNTER_TCP_RESETS_SENT), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_found_under_their_names),
      cmocka_unit_test(ipv4_and_ipv6_are_added_up),
      cmocka_unit_test(text_that_is_cut_or_strange_tells_nothing),
      cmocka_unit_test(growth_needs_two_known_readings_that_rise),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
