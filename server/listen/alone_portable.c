/* Elsewhere it is so unless both programs ask for the contrary. */
#include "server/listen/alone.h"

int alone_ask_tcp(uv_tcp_t *tcp, int family) {
  (void)tcp;
  (void)family;
  return 0;
}

int alone_ask_udp(uv_udp_t *udp, int family) {
  (void)udp;
  (void)family;
  return 0;
}
