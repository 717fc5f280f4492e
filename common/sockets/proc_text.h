/*
 * The lines of Linux's /proc that the port owner seam reads. Pure: text in, plain facts out, so that every line can be
 * tested and fuzzed anywhere. Internal to the seam. Sources: proc_pid_stat(5), proc_net(5) and the kernel's
 * tcp4_seq_show(), unix_seq_show().
 */
#ifndef LOPING_COMMON_SOCKETS_PROC_TEXT_H
#define LOPING_COMMON_SOCKETS_PROC_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sockets/socket_row.h"

/* What /proc/PID/stat says of a process. */
struct proc_stat {
  char command[64];
  char state;           /* 'R', 'S', 'T', ... */
  uint64_t start_ticks; /* after boot, in clock ticks (sysconf(_SC_CLK_TCK)) */
};

/* Reads a stat line. The command may hold spaces and brackets: it ends at the last ')'. */
bool proc_text_read_stat(const char *line, struct proc_stat *stat);

/* Reads the effective user id from the text of /proc/PID/status ("Uid:\treal\teffective..."). */
bool proc_text_read_uid(const char *status, int64_t *uid);

/* Reads a line of /proc/net/tcp, tcp6, udp or udp6; false for the heading and for what is no such line. An IPv6 row
 * with an IPv4-mapped address becomes an IPv4 row. `ticks_per_second` is sysconf(_SC_CLK_TCK). */
bool proc_text_read_inet(const char *line, enum transport transport, long ticks_per_second, struct socket_row *row);

/* Reads a line of /proc/net/unix: a socket with a path that fits ADDRESS_PATH_SIZE; false for all others. */
bool proc_text_read_unix(const char *line, struct socket_row *row);

/* The inode of a descriptor's link, "socket:[12345]"; false for other kinds of descriptor. */
bool proc_text_read_socket_link(const char *link, size_t length, uint64_t *inode);

/* Makes one line of the NUL-separated arguments in /proc/PID/cmdline: spaces between them, cut with "..." before a
 * whole UTF-8 character where `out_bytes` is too few. */
void proc_text_join_arguments(const char *arguments, size_t length, char *out, size_t out_bytes);

/* An IPv6 address that is an IPv4-mapped one becomes the IPv4 address that it means; others stay. */
void proc_text_unmap(struct sockaddr_storage *address);

/* The kernel's state number (include/net/tcp_states.h) as ours. */
enum socket_state proc_text_state(enum transport transport, unsigned kernel_state);

#endif
