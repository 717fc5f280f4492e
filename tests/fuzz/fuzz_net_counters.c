/* The texts of network counters. */
#include <string.h>

#include "client/sockets/net_counters.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("Tcp: RtoMin OutRsts InCsumErrors\nTcp: 200 42 0\nUdp: InDatagrams NoPorts\nUdp: 10 11\n"),
           FUZZ_SEED("TcpExt: SyncookiesSent ListenOverflows\nTcpExt: 0 18446744073709551615\n"),
           FUZZ_SEED("Udp6InDatagrams                 \t5\nUdp6NoPorts \t2\nIp6OutDiscards\t1\n"));

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  char *text = fuzz_string(input, length);
  struct net_counters counters;
  memset(&counters, 0, sizeof counters);
  net_counters_add_text(text, &counters);
  counters.known = true;
  for (int i = 0; i < NET_COUNTERS; i++)
    FUZZ_CHECK(net_counters_growth(&counters, &counters, (enum net_counter)i) == 0);
  free(text);
  return 0;
}
