/*
 * Unix sockets as this system's own table shows them: the seam (unix_table_linux.c, unix_table_portable.c). A socket
 * is told by its file, not by its name: names are what each program called the path, and a file may be replaced. Facts
 * only.
 */
#ifndef LOPING_CLIENT_SOCKETS_UNIX_TABLE_H
#define LOPING_CLIENT_SOCKETS_UNIX_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "client/sockets/port_list.h"

/* sun_path of unix(7), and an end mark. */
#define UNIX_NAME_SIZE 109

enum unix_kind { UNIX_KIND_STREAM, UNIX_KIND_DATAGRAM, UNIX_KIND_SEQPACKET };

struct unix_row {
  enum unix_kind kind;
  bool is_listening;
  bool is_connected;
  uint64_t inode;
  uint64_t peer_inode; /* 0: none, or not accepted yet */
  bool has_file;
  uint64_t file_inode;
  uint64_t file_device;      /* as stat(2) says it */
  char name[UNIX_NAME_SIZE]; /* as bind() was told it; an abstract one begins with '@'; "" : none */
  int64_t uid;               /* -1: unknown */
  uint32_t queued;           /* LISTEN: connections that wait to be accepted */
  uint32_t queue_limit;
  uint32_t unread_bytes; /* the others */
  uint32_t unsent_bytes;
  bool has_waiting; /* LISTEN: the connection that was asked for waits to be accepted */
};

/* Finds the socket that is bound to the path, or at the abstract name "@...". row->inode 0: there is none.
 * `*is_file_gone`: it was bound to that path, but the file there is none, or another's. Returns 0 or a negative UV_
 * code (UV_ENOTSUP: this system does not tell). Source: sock_diag(7), UNIX_DIAG_VFS. */
int unix_table_find_bound(const char *path, struct unix_row *row, bool *is_file_gone);

/* Finds the other end of a connection that this process made. inode 0 and has_waiting: it is not accepted yet. Both
 * empty: not found. Returns as above. */
int unix_table_find_half(uv_os_fd_t descriptor, struct unix_row *half);

/* Finds a socket that listens at a path whose last part is `name`; one that ends in '*' stands for all that begin so.
 * row->inode 0: there is none. Returns as above. */
int unix_table_find_named(const char *name, struct unix_row *row);

/* Who called listen() at the other end of this connection, by SO_PEERCRED (unix(7)), also where the processes' own
 * descriptors are not to be seen. 0: not in this PID namespace, or not told. */
int64_t unix_table_listener_pid(uv_os_fd_t descriptor);

/* Does the process live in this process's network namespace? 1 yes, 0 no, -1 not to be seen. */
int unix_table_shares_network(int64_t pid);

/* Adds the socket to the list, with the processes that have it. Returns 0 or a negative UV_ code. */
int unix_table_add_holder(const struct unix_row *row, struct port_list *list);

/* What /proc tells of the process: its name and arguments. False where it has gone. */
bool unix_table_describe(int64_t pid, char command[64], char command_line[256]);

/* The names of a file's owner and group; numbers where they have none. */
void unix_table_owner_names(int64_t uid, int64_t gid, char user[64], char group[64]);

#endif
