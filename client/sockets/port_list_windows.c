/* Every listener of this machine, on Windows: each table once. Facts only: who can be reached from where is for others
 * to judge. */
#include "client/sockets/port_list.h"

#include <stdlib.h>

#include "client/sockets/socket_rows.h"
#include "common/sockets/process_windows.h"
#include "common/sockets/socket_table_windows.h"

struct gathering {
  struct socket_rows rows;
  int code;
};

static void on_row(const struct socket_row *row, void *visitor) {
  struct gathering *gathering = visitor;
  bool is_taking = row->state == SOCKET_STATE_LISTEN || row->state == SOCKET_STATE_BOUND;
  if (!is_taking || gathering->code != 0) return;
  gathering->code = socket_rows_keep(&gathering->rows, row);
}

int port_list_gather(struct port_list *list) {
  struct gathering gathering = {.code = 0};
  *list = (struct port_list){0};
  int code = socket_table_walk(TRANSPORT_TCP, on_row, &gathering);
  if (code == 0) code = socket_table_walk(TRANSPORT_UDP, on_row, &gathering);
  if (code == 0) code = gathering.code;
  if (code == 0) code = port_list_take(list, &gathering.rows);
  if (code == 0) code = process_find_holders(list->sockets, list->socket_count);
  free(gathering.rows.rows);
  return code;
}
