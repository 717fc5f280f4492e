/* Taking connections on Windows: Winsock's own calls, whose errors libuv translates. */
#include "common/sockets/waiting_socket.h"

static int last_code(void) {
  return uv_translate_sys_error(WSAGetLastError());
}

int waiting_socket_listen(uv_os_fd_t bound, int backlog) {
  u_long is_on = 1;
  uv_os_sock_t socket = (uv_os_sock_t)bound;
  /* Else accept() would wait for the next one where the poller was a moment too early. */
  if (ioctlsocket(socket, (long)FIONBIO, &is_on) != 0) return last_code();
  return listen(socket, backlog) == 0 ? 0 : last_code();
}

int waiting_socket_take(uv_os_fd_t listening, uv_os_sock_t *taken) {
  uv_os_sock_t made = accept((uv_os_sock_t)listening, NULL, NULL);
  if (made == INVALID_SOCKET) return last_code();
  /* No program that this one starts is to have it. */
  (void)SetHandleInformation((HANDLE)made, HANDLE_FLAG_INHERIT, 0);
  *taken = made;
  return 0;
}

bool waiting_socket_is_of_connection(int code) {
  return code == UV_ECONNABORTED || code == UV_ECONNRESET || code == UV_EINTR;
}

void waiting_socket_close(uv_os_sock_t taken) {
  (void)closesocket(taken);
}
