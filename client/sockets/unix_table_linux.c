/* Unix sockets on Linux: which one is bound to a path, which one is the other end. */
#include "client/sockets/unix_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/sockets/unix_diag_linux.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/sockets/origin.h"
#include "common/sockets/process_linux.h"

struct bound_search {
  const char *path;
  bool has_file;
  struct stat file;
  struct unix_row by_file;
  struct unix_row by_name;
};

/* Those that were accepted have their listener's name and file. */
static bool is_bound(const struct unix_row *row) {
  return row->is_listening || (row->name[0] != '\0' && !row->is_connected);
}

static const char *last_part(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

/* A file system of layers may say another device than its sockets have: then the name's last part has to agree. */
static bool is_file(const struct bound_search *search, const struct unix_row *row) {
  if (!search->has_file || !row->has_file || row->file_inode != (uint32_t)search->file.st_ino) return false;
  return row->file_device == search->file.st_dev || strcmp(last_part(row->name), last_part(search->path)) == 0;
}

static bool on_bound(const struct unix_row *row, void *visitor) {
  struct bound_search *search = visitor;
  if (!is_bound(row)) return true;
  if (strcmp(row->name, search->path) == 0) search->by_name = *row;
  if (is_file(search, row)) search->by_file = *row;
  return search->by_file.inode == 0;
}

int unix_table_find_bound(const char *path, struct unix_row *row, bool *is_file_gone) {
  struct bound_search search = {.path = path};
  bool is_abstract = path[0] == '@';
  search.has_file = !is_abstract && stat(path, &search.file) == 0;
  /* What stands behind a shut folder may be there, and what could not be looked at as well. */
  bool is_hidden = !is_abstract && !search.has_file && errno != ENOENT && errno != ENOTDIR;
  if (is_hidden) lack_note_errno();
  int code = unix_diag_list(0, on_bound, &search);
  *row = search.by_file.inode != 0 ? search.by_file : search.by_name;
  *is_file_gone = row->inode != 0 && search.by_file.inode == 0 && !is_abstract && !is_hidden;
  return code;
}

struct half_search {
  uint64_t own_inode;
  struct unix_row found;
};

static bool on_half(const struct unix_row *row, void *visitor) {
  struct half_search *search = visitor;
  if (row->peer_inode == search->own_inode) {
    search->found = *row;
    return false;
  }
  if (row->has_waiting) search->found.has_waiting = true;
  return true;
}

int unix_table_find_half(uv_os_fd_t descriptor, struct unix_row *half) {
  struct stat own;
  struct half_search search = {.own_inode = 0};
  memset(half, 0, sizeof *half);
  if (fstat(descriptor, &own) != 0) return -errno;
  search.own_inode = own.st_ino;
  int code = unix_diag_list(search.own_inode, on_half, &search);
  *half = search.found;
  return code;
}

struct named_search {
  const char *name;
  struct unix_row found;
};

static bool on_named(const struct unix_row *row, void *visitor) {
  struct named_search *search = visitor;
  size_t length = strlen(search->name);
  bool is_open = length > 0 && search->name[length - 1] == '*';
  const char *last = last_part(row->name);
  bool fits = is_open ? strncmp(last, search->name, length - 1) == 0 : strcmp(last, search->name) == 0;
  if (fits && row->is_listening) search->found = *row;
  return search->found.inode == 0;
}

int unix_table_find_named(const char *name, struct unix_row *row) {
  struct named_search search = {.name = name};
  int code = unix_diag_list(0, on_named, &search);
  *row = search.found;
  return code;
}

int64_t unix_table_listener_pid(uv_os_fd_t descriptor) {
  struct ucred told;
  socklen_t length = sizeof told;
  return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &told, &length) == 0 ? told.pid : 0;
}

int unix_table_shares_network(int64_t pid) {
  struct stat own, others;
  char path[64];
  snprintf(path, sizeof path, "/proc/%lld/ns/net", (long long)pid);
  if (pid <= 0 || stat("/proc/self/ns/net", &own) != 0 || stat(path, &others) != 0) return -1;
  return own.st_ino == others.st_ino && own.st_dev == others.st_dev;
}

int unix_table_add_holder(const struct unix_row *row, struct port_list *list) {
  struct port_socket *grown = memory_grow(list->sockets, (list->socket_count + 1) * sizeof *grown);
  if (grown == NULL) return UV_ENOMEM;
  list->sockets = grown;
  struct port_socket *socket = &grown[list->socket_count];
  memset(socket, 0, sizeof *socket);
  socket->transport = TRANSPORT_UNIX;
  socket->state = row->is_listening ? SOCKET_STATE_LISTEN : SOCKET_STATE_BOUND;
  snprintf(socket->path, sizeof socket->path, "%.*s", (int)sizeof socket->path - 1, row->name);
  socket->uid = row->uid;
  socket->inode = row->inode;
  socket->queued = row->queued;
  socket->queue_limit = row->queue_limit;
  int code = process_find_holders(socket, 1);
  list->socket_count++;
  return code;
}

bool unix_table_describe(int64_t pid, char command[64], char command_line[256]) {
  struct process_origin *origin = memory_take_zeroed(1, sizeof *origin);
  command[0] = command_line[0] = '\0';
  if (origin == NULL) return false;
  origin_find(pid, 0, origin);
  bool is_known = origin->is_known;
  if (is_known) {
    memcpy(command, origin->self.command, sizeof origin->self.command);
    memcpy(command_line, origin->self.command_line, sizeof origin->self.command_line);
  }
  free(origin);
  return is_known;
}

void unix_table_owner_names(int64_t uid, int64_t gid, char user[64], char group[64]) {
  process_user_name(uid, user, 64);
  process_group_name(gid, group, 64);
}
