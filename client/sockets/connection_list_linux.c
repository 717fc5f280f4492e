/* The connections of this network namespace on Linux. Must not know why anybody asks. */
#include "client/sockets/connection_list.h"

#include <stdlib.h>
#include <string.h>

#include "client/sockets/table_walk_linux.h"
#include "common/memory/memory.h"
#include "common/sockets/process_linux.h"

struct gathering {
  struct connection_list *list;
  int code;
};

static void on_row(const struct socket_row *row, void *visitor) {
  struct gathering *gathering = visitor;
  int code = connection_list_keep(gathering->list, row);
  if (code != 0) gathering->code = code;
}

int connection_list_gather(struct connection_list *list) {
  struct gathering gathering = {.list = list};
  *list = (struct connection_list){0};
  int code = table_walk(TABLE_WALK_CONNECTED, on_row, &gathering);
  if (code == 0) code = gathering.code;
  list->known = code == 0;
  return code;
}

static void take_holder(struct connection *connection, const struct port_socket *socket) {
  connection->owner = socket->owner;
  if (socket->process_count == 0) return;
  connection->pid = socket->processes[0].pid;
  memcpy(connection->command, socket->processes[0].command, sizeof connection->command);
}

int connection_list_find_holders(struct connection_list *list, const bool *is_wanted) {
  size_t count = 0, taken = 0;
  for (size_t i = 0; i < list->count; i++)
    count += is_wanted[i];
  if (count > CONNECTION_HOLDERS_MAX) count = CONNECTION_HOLDERS_MAX;
  if (count == 0) return 0;
  struct port_socket *sockets = memory_take_zeroed(count, sizeof *sockets);
  if (sockets == NULL) return UV_ENOMEM;
  for (size_t i = 0; i < list->count && taken < count; i++)
    if (is_wanted[i])
      sockets[taken++] = (struct port_socket){.transport = list->rows[i].transport,
                                              .state = list->rows[i].state,
                                              .local = list->rows[i].local,
                                              .remote = list->rows[i].remote,
                                              .uid = -1,
                                              .inode = list->rows[i].inode};
  int code = process_find_holders(sockets, count);
  taken = 0;
  for (size_t i = 0; i < list->count && taken < count; i++)
    if (is_wanted[i]) take_holder(&list->rows[i], &sockets[taken++]);
  free(sockets);
  return code;
}
