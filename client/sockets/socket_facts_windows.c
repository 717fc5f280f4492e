/* One socket's facts on Windows: SIO_TCP_INFO (Windows 10 1703). An error that came as a packet is
 * not told apart from others there. Must not know why anybody asks. */
#include "client/sockets/socket_facts.h"

#include <string.h>

/* mstcpip.h and mswsock.h of MinGW-w64 lack them: _WSAIORW(IOC_VENDOR, 39), and TCP_INFO_v0 of Windows' mstcpip.h. */
#define TELL_TCP 0xD8000027

struct tcp_told {
  int32_t state; /* TCPSTATE: 0 closed, 1 listen, 2 SYN sent, 3 SYN received, 4 established, ... */
  uint32_t mss;
  uint64_t connection_ms;
  uint8_t has_timestamps;
  uint32_t rtt_us, least_rtt_us;
  uint32_t in_flight_bytes;
  uint32_t congestion_window, send_window, receive_window, receive_buffer;
  uint64_t out_bytes, in_bytes;
  uint32_t reordered_bytes, repeated_bytes, fast_repeats;
  uint32_t duplicate_acks_in, timeouts;
  uint8_t opening_repeats;
};

#define STATE_ESTABLISHED 4

void socket_facts_keep_errors(uv_os_fd_t descriptor, int family) {
  (void)descriptor;
  (void)family;
}

void socket_facts_take_error(uv_os_fd_t descriptor, struct socket_icmp *icmp) {
  (void)descriptor;
  memset(icmp, 0, sizeof *icmp);
}

void socket_facts_read_tcp(uv_os_fd_t descriptor, struct socket_tcp_facts *facts) {
  struct tcp_told told;
  DWORD version = 0, length = 0;
  memset(facts, 0, sizeof *facts);
  memset(&told, 0, sizeof told);
  if (WSAIoctl((SOCKET)descriptor, TELL_TCP, &version, sizeof version, &told, sizeof told, &length, NULL, NULL) != 0 ||
      length < sizeof told)
    return;
  facts->known = true;
  facts->is_established = told.state >= STATE_ESTABLISHED;
  facts->repeats = told.opening_repeats + told.fast_repeats + told.timeouts;
  facts->unacknowledged = facts->is_established ? told.in_flight_bytes : 0;
}
