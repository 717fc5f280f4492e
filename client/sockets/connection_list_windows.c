/* The connections of this machine on Windows. UDP's table names no other end, so only those of TCP are there. Must not
 * know why anybody asks. */
#include "client/sockets/connection_list.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"
#include "common/sockets/process_windows.h"
#include "common/sockets/socket_table_windows.h"

struct gathering {
  struct connection_list *list;
  int code;
};

static void on_row(const struct socket_row *row, void *visitor) {
  struct gathering *gathering = visitor;
  if (row->remote.ss_family == AF_UNSPEC || row->state == SOCKET_STATE_UNKNOWN) return;
  int code = connection_list_keep(gathering->list, row);
  if (code != 0) gathering->code = code;
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
