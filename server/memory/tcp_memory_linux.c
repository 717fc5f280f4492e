/* TCP memory on Linux: tcp(7), socket(7). */
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/io/unsent_bound.h"
#include "server/memory/tcp_memory.h"

/* Headers older than Linux 5.14 do not have it. */
#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72
#endif

/* The system doubles it, and takes no more than net.core.rmem_max. */
#define FIRST_STEP_BYTES (256 * 1024)
/* Of SO_BUF_LOCK: the size for receiving is no longer grown (SOCK_RCVBUF_LOCK). */
#define RECEIVE_LOCK 2

static void set(uv_os_fd_t socket, int option, int value) {
  (void)setsockopt(socket, SOL_SOCKET, option, &value, sizeof value);
}

/* A buffer that grew is not made smaller (SO_RCVBUF): what is on its way by a window that was granted would be thrown
 * away, and sent again only after seconds. */
void tcp_memory_bound(uv_os_fd_t socket) {
  set(socket, SO_BUF_LOCK, RECEIVE_LOCK);
  unsent_bound(socket);
}

/* By itself the system makes a buffer larger only when more comes within a round trip than before, and in one that was
 * held small that does not happen again: so the first step is made here. */
void tcp_memory_release(uv_os_fd_t socket) {
  int bytes = 0;
  socklen_t length = sizeof bytes;
  bool is_known = getsockopt(socket, SOL_SOCKET, SO_RCVBUF, &bytes, &length) == 0;
  if (is_known && bytes < FIRST_STEP_BYTES) set(socket, SO_RCVBUF, FIRST_STEP_BYTES);
  set(socket, SO_BUF_LOCK, 0);
  unsent_unbound(socket);
}

uint64_t tcp_memory_held_bytes(uv_os_fd_t socket) {
  uint32_t memory[SK_MEMINFO_VARS] = {0};
  socklen_t length = sizeof memory;
  if (getsockopt(socket, SOL_SOCKET, SO_MEMINFO, memory, &length) != 0) return 0;
  /* Not what is set aside for it as well (SK_MEMINFO_FWD_ALLOC): that is less than a page or two, and below 0 at times.
   */
  return (uint64_t)memory[SK_MEMINFO_RMEM_ALLOC] + memory[SK_MEMINFO_WMEM_QUEUED];
}

void tcp_memory_abandon(uv_os_fd_t socket) {
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  (void)setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

uint64_t tcp_memory_pressure_bytes(void) {
  unsigned long long least, pressure;
  FILE *file = fopen("/proc/sys/net/ipv4/tcp_mem", "re");
  if (file == NULL) return 0;
  bool is_read = fscanf(file, "%llu %llu", &least, &pressure) == 2;
  fclose(file);
  return is_read ? (uint64_t)pressure * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

int tcp_memory_open_account(void) {
  return open("/proc/net/sockstat", O_RDONLY | O_CLOEXEC);
}

int tcp_memory_copy_account(int account) {
  return account < 0 ? -1 : fcntl(account, F_DUPFD_CLOEXEC, 0);
}

void tcp_memory_close_account(int account) {
  if (account >= 0) close(account);
}

/* "TCP: inuse 4 orphan 0 tw 412 alloc 4 mem 0", in pages, of all namespaces. */
uint64_t tcp_memory_all_bytes(int account) {
  char text[1024];
  unsigned long long pages;
  ssize_t length = account < 0 ? -1 : pread(account, text, sizeof text - 1, 0);
  if (length <= 0) return 0;
  text[length] = '\0';
  const char *line = strstr(text, "TCP: ");
  const char *memory = line == NULL ? NULL : strstr(line, " mem ");
  if (memory == NULL || sscanf(memory, " mem %llu", &pages) != 1) return 0;
  return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}
