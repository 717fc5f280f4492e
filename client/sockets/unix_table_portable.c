/* Where nobody wrote that system's own file yet: nothing is known of unix sockets but what connecting tells. */
#include <stdio.h>
#include <string.h>

#include "client/sockets/unix_table.h"

int unix_table_find_bound(const char *path, struct unix_row *row, bool *is_file_gone) {
  (void)path;
  memset(row, 0, sizeof *row);
  *is_file_gone = false;
  return UV_ENOTSUP;
}

int unix_table_find_half(uv_os_fd_t descriptor, struct unix_row *half) {
  (void)descriptor;
  memset(half, 0, sizeof *half);
  return UV_ENOTSUP;
}

int unix_table_find_named(const char *name, struct unix_row *row) {
  (void)name;
  memset(row, 0, sizeof *row);
  return UV_ENOTSUP;
}

int64_t unix_table_listener_pid(uv_os_fd_t descriptor) {
  (void)descriptor;
  return 0;
}

int unix_table_shares_network(int64_t pid) {
  (void)pid;
  return -1;
}

int unix_table_add_holder(const struct unix_row *row, struct port_list *list) {
  (void)row;
  (void)list;
  return UV_ENOTSUP;
}

bool unix_table_describe(int64_t pid, char command[64], char command_line[256]) {
  (void)pid;
  command[0] = command_line[0] = '\0';
  return false;
}

void unix_table_owner_names(int64_t uid, int64_t gid, char user[64], char group[64]) {
  snprintf(user, 64, "%lld", (long long)uid);
  snprintf(group, 64, "%lld", (long long)gid);
}
