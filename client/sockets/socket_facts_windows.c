/* One socket's facts on Windows: SIO_TCP_INFO (Windows 10 1703), SO_EXCLUSIVEADDRUSE. An error that came as a packet is
 * not told apart from others there. Must not know why anybody asks. */
#include "client/sockets/socket_facts.h"

#include <string.h>

#include "common/memory/lack.h"

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

static int last_code(void) {
  return lack_note(uv_translate_sys_error(WSAGetLastError()));
}

int socket_facts_bind_alone(enum transport transport, const struct sockaddr_storage *address,
                            uv_os_sock_t *descriptor) {
  DWORD on = 1;
  u_long is_on = 1;
  int type = transport == TRANSPORT_UDP ? SOCK_DGRAM : SOCK_STREAM;
  /* libuv takes only those that are made so. */
  SOCKET made = WSASocketW(address->ss_family, type, 0, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (made == INVALID_SOCKET) return last_code();
  if (address->ss_family == AF_INET6) (void)setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&on, sizeof on);
  /* Else another's SO_REUSEADDR would share it. */
  (void)setsockopt(made, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&on, sizeof on);
  if (ioctlsocket(made, (long)FIONBIO, &is_on) != 0 ||
      bind(made, (const struct sockaddr *)address, (int)address_bytes(address)) != 0) {
    int code = last_code();
    closesocket(made);
    return code;
  }
  *descriptor = made;
  return 0;
}

void socket_facts_close(uv_os_sock_t descriptor) {
  (void)closesocket(descriptor);
}

int socket_facts_local(uv_os_sock_t descriptor, struct sockaddr_storage *address) {
  int length = sizeof *address;
  memset(address, 0, sizeof *address);
  return getsockname(descriptor, (struct sockaddr *)address, &length) == 0 ? 0 : last_code();
}
