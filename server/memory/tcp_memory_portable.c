/* TCP memory where its bounds are the system's own. */
#include "server/memory/tcp_memory.h"

void tcp_memory_bound(uv_os_fd_t socket) {
  (void)socket;
}

void tcp_memory_release(uv_os_fd_t socket) {
  (void)socket;
}

uint64_t tcp_memory_held_bytes(uv_os_fd_t socket) {
  (void)socket;
  return 0;
}

void tcp_memory_abandon(uv_os_fd_t socket) {
  (void)socket;
}

uint64_t tcp_memory_pressure_bytes(void) {
  return 0;
}

int tcp_memory_open_account(void) {
  return -1;
}

int tcp_memory_copy_account(int account) {
  (void)account;
  return -1;
}

void tcp_memory_close_account(int account) {
  (void)account;
}

uint64_t tcp_memory_all_bytes(int account) {
  (void)account;
  return 0;
}
