/* Linux processes and the sockets that they have open, from /proc. Internal to the port owner seam. */
#ifndef LOPING_COMMON_SOCKETS_PROCESS_LINUX_H
#define LOPING_COMMON_SOCKETS_PROCESS_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sockets/port_owner.h"

/* Fills the processes and the owner of each of the `count` sockets that has an inode, by looking at each descriptor of
 * each process. Takes about 2 us a descriptor. Returns 0 or a negative UV_ code (/proc is not there, no memory). */
int process_find_holders(struct port_socket *sockets, size_t count);

/* The name of a user, or the number where it has none; "" for -1. */
void process_user_name(int64_t uid, char *out, size_t out_bytes);

/* The same of a group. */
void process_group_name(int64_t gid, char *out, size_t out_bytes);

#endif
