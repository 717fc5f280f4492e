/*
 * Every listener of this machine, on Linux: each table once, by sock_diag(7) or from /proc/net, and then one walk over
 * the processes. Facts only: who can be reached from where is for others to judge.
 */
#include <stdlib.h>

#include "client/sockets/port_list.h"
#include "client/sockets/socket_rows.h"
#include "client/sockets/table_walk_linux.h"
#include "common/sockets/port_owner.h"
#include "common/sockets/process_linux.h"

struct gathering {
  struct socket_rows rows;
  int code;
};

static void on_row(const struct socket_row *row, void *visitor) {
  struct gathering *gathering = visitor;
  int code = socket_rows_keep(&gathering->rows, row);
  if (code != 0) gathering->code = code;
}

int port_list_gather(struct port_list *list) {
  struct gathering gathering = {.code = 0};
  *list = (struct port_list){0};
  int code = table_walk(TABLE_WALK_TAKING, on_row, &gathering);
  if (gathering.code != 0) code = gathering.code;
  if (code == 0) code = port_list_take(list, &gathering.rows);
  if (code == 0) code = process_find_holders(list->sockets, list->socket_count);
  for (size_t i = 0; i < list->socket_count; i++)
    port_socket_find_kernel(&list->sockets[i]);
  free(gathering.rows.rows);
  return code;
}
