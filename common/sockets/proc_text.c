/*
 * Reads the lines of Linux's /proc: processes, sockets, descriptors. Apart from the files, because these texts hold
 * whatever a process calls itself. Pure: it must not open anything.
 */
#include "common/sockets/proc_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool proc_text_read_stat(const char *line, struct proc_stat *stat) {
  memset(stat, 0, sizeof *stat);
  const char *begin = strchr(line, '(');
  const char *end = strrchr(line, ')');
  if (begin == NULL || end == NULL || end < begin) return false;
  size_t length = (size_t)(end - begin - 1);
  if (length >= sizeof stat->command) length = sizeof stat->command - 1;
  memcpy(stat->command, begin + 1, length);
  /* Field 3 (state) follows the bracket; starttime is field 22, so 18 fields lie between the two. */
  int used = 0;
  if (sscanf(end + 1, " %c%n", &stat->state, &used) != 1) return false;
  const char *rest = end + 1 + used;
  for (int field = 0; field < 18; field++) {
    rest += strspn(rest, " ");
    rest += strcspn(rest, " \n");
  }
  return sscanf(rest, " %" SCNu64, &stat->start_ticks) == 1;
}

bool proc_text_read_uid(const char *status, int64_t *uid) {
  const char *line = strncmp(status, "Uid:", 4) == 0 ? status : strstr(status, "\nUid:");
  uint32_t effective;
  if (line == NULL || sscanf(strchr(line, ':') + 1, "%*u %" SCNu32, &effective) != 1) return false;
  *uid = effective;
  return true;
}

enum socket_state proc_text_state(enum transport transport, unsigned kernel_state) {
  static const enum socket_state states[] = {
      [1] = SOCKET_STATE_ESTABLISHED, [2] = SOCKET_STATE_CONNECTING, [3] = SOCKET_STATE_CONNECTING,
      [4] = SOCKET_STATE_FIN_WAIT,    [5] = SOCKET_STATE_FIN_WAIT,   [6] = SOCKET_STATE_TIME_WAIT,
      [7] = SOCKET_STATE_BOUND, /* CLOSE: a TCP socket that has a port and neither listens nor connects */
      [8] = SOCKET_STATE_CLOSE_WAIT,  [9] = SOCKET_STATE_FIN_WAIT,  /* LAST_ACK */
      [10] = SOCKET_STATE_LISTEN,     [11] = SOCKET_STATE_FIN_WAIT, /* CLOSING */
      [12] = SOCKET_STATE_CONNECTING, [13] = SOCKET_STATE_BOUND,
  };
  if (kernel_state >= sizeof states / sizeof states[0]) return SOCKET_STATE_UNKNOWN;
  if (transport == TRANSPORT_UDP && kernel_state != 1) return SOCKET_STATE_BOUND;
  return states[kernel_state];
}

void proc_text_unmap(struct sockaddr_storage *address) {
  static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  struct sockaddr_in6 wide;
  struct sockaddr_in narrow;
  if (address->ss_family != AF_INET6) return;
  memcpy(&wide, address, sizeof wide);
  if (memcmp(&wide.sin6_addr, mapped_prefix, sizeof mapped_prefix) != 0) return;
  memset(&narrow, 0, sizeof narrow);
  narrow.sin_family = AF_INET;
  narrow.sin_port = wide.sin6_port;
  memcpy(&narrow.sin_addr, (const uint8_t *)&wide.sin6_addr + sizeof mapped_prefix, sizeof narrow.sin_addr);
  memset(address, 0, sizeof *address);
  memcpy(address, &narrow, sizeof narrow);
}

/* "0100007F:F5AD", or the same with 32 digits: the address's 32-bit words as this machine reads them, so that writing
 * the words back gives network order. The port is a plain hexadecimal number. */
static bool read_hex_address(const char *text, struct sockaddr_storage *address) {
  const char *colon = strchr(text, ':');
  size_t words = colon == NULL ? 0 : (size_t)(colon - text) / 8;
  uint32_t bits[4];
  unsigned port;
  memset(address, 0, sizeof *address);
  if ((words != 1 && words != 4) || (size_t)(colon - text) != words * 8) return false;
  for (size_t i = 0; i < words; i++)
    if (sscanf(text + i * 8, "%8" SCNx32, &bits[i]) != 1) return false;
  if (sscanf(colon + 1, "%4x", &port) != 1) return false;
  if (words == 1) {
    address->ss_family = AF_INET;
    memcpy(&((struct sockaddr_in *)address)->sin_addr, bits, 4);
  } else {
    address->ss_family = AF_INET6;
    memcpy(&((struct sockaddr_in6 *)address)->sin6_addr, bits, 16);
  }
  address_set_port(address, (uint16_t)port);
  proc_text_unmap(address);
  return true;
}

bool proc_text_read_inet(const char *line, enum transport transport, long ticks_per_second, struct socket_row *row) {
  char local[48], remote[48];
  unsigned state, timer;
  uint32_t send_queue, receive_queue, uid;
  uint64_t expires_ticks;
  memset(row, 0, sizeof *row);
  if (sscanf(line,
             " %*[0-9]: %47s %47s %2x %8" SCNx32 ":%8" SCNx32 " %2x:%8" SCNx64 " %*8x %10" SCNu32 " %*d %20" SCNu64,
             local, remote, &state, &send_queue, &receive_queue, &timer, &expires_ticks, &uid, &row->inode) != 9)
    return false;
  if (!read_hex_address(local, &row->local) || !read_hex_address(remote, &row->remote)) return false;
  row->transport = transport;
  row->state = proc_text_state(transport, state);
  row->uid = uid;
  if (address_port(&row->remote) == 0) memset(&row->remote, 0, sizeof row->remote);
  /* These files do not tell IPV6_V6ONLY; a :: is dual-stack unless a program asked otherwise (ipv6(7)). */
  row->dual_stack = row->local.ss_family == AF_INET6 && address_is_any(&row->local);
  if (row->state == SOCKET_STATE_LISTEN) row->queued = receive_queue;
  if (row->state == SOCKET_STATE_TIME_WAIT && timer == 3 && ticks_per_second > 0)
    row->expires_ms = (uint32_t)(expires_ticks * 1000 / (uint64_t)ticks_per_second);
  return true;
}

bool proc_text_read_unix(const char *line, struct socket_row *row) {
  unsigned flags, state;
  int path_at = 0;
  memset(row, 0, sizeof *row);
  row->uid = -1;
  /* Num: RefCount Protocol Flags Type St Inode Path */
  if (sscanf(line, "%*[0-9a-fA-F]: %*8x %*8x %8x %*4x %2x %20" SCNu64 " %n", &flags, &state, &row->inode, &path_at) !=
          3 ||
      path_at == 0)
    return false;
  size_t length = strcspn(line + path_at, "\n");
  if (length == 0 || length >= sizeof row->path) return false;
  memcpy(row->path, line + path_at, length);
  row->transport = TRANSPORT_UNIX;
  row->state = SOCKET_STATE_BOUND;
  if (state == 2) row->state = SOCKET_STATE_CONNECTING;
  if (state == 3) row->state = SOCKET_STATE_ESTABLISHED;
  /* __SO_ACCEPTCON: somebody called listen(). */
  if ((flags & 0x10000u) != 0) row->state = SOCKET_STATE_LISTEN;
  return true;
}

bool proc_text_read_socket_link(const char *link, size_t length, uint64_t *inode) {
  static const char prefix[] = "socket:[";
  size_t at = sizeof prefix - 1;
  uint64_t number = 0;
  if (length < at + 2 || memcmp(link, prefix, at) != 0 || link[length - 1] != ']') return false;
  for (; at < length - 1; at++) {
    if (link[at] < '0' || link[at] > '9' || number > UINT64_MAX / 10 - 1) return false;
    number = number * 10 + (uint64_t)(link[at] - '0');
  }
  *inode = number;
  return true;
}

void proc_text_join_arguments(const char *arguments, size_t length, char *out, size_t out_bytes) {
  static const char more[] = "...";
  /* A program that renames itself may leave many NULs at the end. */
  while (length > 0 && (arguments[length - 1] == '\0' || arguments[length - 1] == ' '))
    length--;
  bool is_cut = length >= out_bytes;
  if (is_cut) {
    length = out_bytes - sizeof more;
    while (length > 0 && ((uint8_t)arguments[length] & 0xc0u) == 0x80u)
      length--;
  }
  memcpy(out, arguments, length);
  for (size_t i = 0; i < length; i++)
    if (out[i] == '\0') out[i] = ' ';
  out[length] = '\0';
  if (is_cut) memcpy(out + length, more, sizeof more);
}
