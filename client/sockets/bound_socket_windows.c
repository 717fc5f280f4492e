/* A socket that is bound to a port alone, on Windows: SO_EXCLUSIVEADDRUSE. */
#include <string.h>

#include "client/sockets/bound_socket.h"
#include "common/memory/lack.h"

static int last_code(void) {
  return lack_note(uv_translate_sys_error(WSAGetLastError()));
}

int bound_socket_make(enum transport transport, const struct sockaddr_storage *address, uv_os_sock_t *descriptor) {
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

void bound_socket_close(uv_os_sock_t descriptor) {
  (void)closesocket(descriptor);
}

int bound_socket_address(uv_os_sock_t descriptor, struct sockaddr_storage *address) {
  int length = sizeof *address;
  memset(address, 0, sizeof *address);
  return getsockname(descriptor, (struct sockaddr *)address, &length) == 0 ? 0 : last_code();
}
