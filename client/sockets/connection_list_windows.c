/* The connections of this machine on Windows. UDP's table names no other end, so only those of TCP are there. Must not
 * know why anybody asks. */
#include "client/sockets/connection_list.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"
#include "common/sockets/process_windows.h"
#include "common/sockets/socket_table_windows.h"

#define FIRST_CAPACITY 256

struct gathering {
  struct connection_list *list;
  int code;
};

static bool make_room(struct gathering *gathering) {
  struct connection_list *list = gathering->list;
  if (list->count < list->capacity) return true;
  size_t capacity = list->capacity == 0 ? FIRST_CAPACITY : list->capacity * 2;
  struct connection *larger = memory_grow(list->rows, capacity * sizeof *larger);
  if (larger == NULL) {
    gathering->code = UV_ENOMEM;
    return false;
  }
  list->rows = larger;
  list->capacity = capacity;
  return true;
}

static void on_row(const struct socket_row *row, void *visitor) {
  struct gathering *gathering = visitor;
  struct connection_list *list = gathering->list;
  if (row->remote.ss_family == AF_UNSPEC || row->state == SOCKET_STATE_UNKNOWN) return;
  if (list->count == CONNECTION_LIST_MAX) {
    list->left_out++;
    return;
  }
  if (!make_room(gathering)) return;
  list->rows[list->count++] = (struct connection){.transport = row->transport,
                                                  .state = row->state,
                                                  .local = row->local,
                                                  .remote = row->remote,
                                                  .pid = row->told_pid,
                                                  .owner = SOCKET_OWNER_UNKNOWN};
}

int connection_list_gather(struct connection_list *list) {
  struct gathering gathering = {.list = list};
  *list = (struct connection_list){0};
  int code = socket_table_walk(TRANSPORT_TCP, on_row, &gathering);
  if (code == 0) code = gathering.code;
  list->known = code == 0;
  return code;
}

int connection_list_find_holders(struct connection_list *list, const bool *is_wanted) {
  size_t looked = 0;
  int code = 0;
  struct port_socket *socket = memory_take_zeroed(1, sizeof *socket);
  if (socket == NULL) return UV_ENOMEM;
  for (size_t i = 0; i < list->count && looked < CONNECTION_HOLDERS_MAX && code == 0; i++) {
    struct connection *connection = &list->rows[i];
    if (!is_wanted[i]) continue;
    *socket = (struct port_socket){.state = connection->state, .told_pid = connection->pid};
    code = process_find_holders(socket, 1);
    connection->owner = socket->owner;
    memcpy(connection->command, socket->processes[0].command, sizeof connection->command);
    looked++;
  }
  free(socket);
  return code;
}

void connection_list_free(struct connection_list *list) {
  free(list->rows);
  *list = (struct connection_list){0};
}
