/* Windows' processes. Internal to the seams that tell whose a socket is. */
#ifndef LOPING_COMMON_SOCKETS_PROCESS_WINDOWS_H
#define LOPING_COMMON_SOCKETS_PROCESS_WINDOWS_H

#include <stddef.h>
#include <stdint.h>

#include "common/sockets/port_owner.h"

/* The process of Windows' own kernel, whose http.sys has the ports of IIS, WinRM and others. */
#define PROCESS_OF_KERNEL 4

/* Fills the owner, and the process that the table named, of each of the `count` sockets. One list of all processes is
 * made, and only those that have a socket are looked into. Returns 0 or a negative UV_ code. */
int process_find_holders(struct port_socket *sockets, size_t count);

/* A program's short name: that of its file, without ".exe", which the programs of other systems lack. Pure. */
void process_short_name(const char *file, char *out, size_t out_bytes);

/* The seconds since 1970 of a moment in steps of 100 ns since 1601; 0 for one before 1970. Pure. */
int64_t process_seconds_of(uint64_t steps);

#endif
