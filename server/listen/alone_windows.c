/* On Windows whoever sets SO_REUSEADDR takes over a port that another has, unless that one has set SO_EXCLUSIVEADDRUSE
 * (Microsoft's page of that name). */
#include "server/listen/alone.h"

static int last_code(void) {
  return uv_translate_sys_error(WSAGetLastError());
}

/* libuv would make the socket itself, and bind it in the same call. */
static int make(int family, int type, uv_os_sock_t *made) {
  DWORD on = 1;
  *made = WSASocketW(family, type, 0, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (*made == INVALID_SOCKET) return last_code();
  if (setsockopt(*made, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, (const char *)&on, sizeof on) == 0) return 0;
  int code = last_code();
  closesocket(*made);
  return code;
}

int alone_ask_tcp(uv_tcp_t *tcp, int family) {
  uv_os_sock_t made;
  int code = make(family, SOCK_STREAM, &made);
  if (code != 0) return code;
  code = uv_tcp_open(tcp, made);
  if (code != 0) closesocket(made);
  return code;
}

int alone_ask_udp(uv_udp_t *udp, int family) {
  uv_os_sock_t made;
  int code = make(family, SOCK_DGRAM, &made);
  if (code != 0) return code;
  code = uv_udp_open(udp, made);
  if (code != 0) closesocket(made);
  return code;
}
