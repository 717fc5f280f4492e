/* The rows of a list of connections, whichever system named them. */
#include <stdlib.h>

#include "client/sockets/connection_list.h"
#include "common/memory/memory.h"

#define FIRST_CAPACITY 256

static int make_room(struct connection_list *list) {
  if (list->count < list->capacity) return 0;
  size_t capacity = list->capacity == 0 ? FIRST_CAPACITY : list->capacity * 2;
  struct connection *larger = memory_grow(list->rows, capacity * sizeof *larger);
  if (larger == NULL) return UV_ENOMEM;
  list->rows = larger;
  list->capacity = capacity;
  return 0;
}

int connection_list_keep(struct connection_list *list, const struct socket_row *row) {
  if (list->count == CONNECTION_LIST_MAX) {
    list->left_out++;
    return 0;
  }
  int code = make_room(list);
  if (code != 0) return code;
  list->rows[list->count++] = (struct connection){.transport = row->transport,
                                                  .state = row->state,
                                                  .local = row->local,
                                                  .remote = row->remote,
                                                  .inode = row->inode,
                                                  .expires_ms = row->expires_ms,
                                                  .is_half_open = row->is_half_open,
                                                  .pid = row->told_pid,
                                                  .owner = SOCKET_OWNER_UNKNOWN};
  return 0;
}

void connection_list_free(struct connection_list *list) {
  free(list->rows);
  *list = (struct connection_list){0};
}
