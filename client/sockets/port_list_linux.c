/*
 * Every listener of this machine, on Linux: each table once, by sock_diag(7) or from /proc/net, and then one walk over
 * the processes. Facts only: who can be reached from where is for others to judge.
 */
#include <stdlib.h>

#include "client/sockets/port_list.h"
#include "client/sockets/socket_rows.h"
#include "client/sockets/table_walk_linux.h"
#include "common/memory/memory.h"
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
  int walk_code = table_walk(TABLE_WALK_TAKING, on_row, &gathering);
  if (gathering.code == 0) gathering.code = walk_code;
  socket_rows_settle(&gathering.rows);
  int code = gathering.code;
  size_t count = gathering.rows.count;
  if (code == 0 && count > 0) {
    list->sockets = memory_take_zeroed(count, sizeof *list->sockets);
    if (list->sockets == NULL) code = UV_ENOMEM;
  }
  if (code == 0) {
    for (size_t i = 0; i < count; i++)
      socket_row_expand(&gathering.rows.rows[i], &list->sockets[i]);
    list->known = true;
    list->socket_count = count;
    list->sockets_left_out = gathering.rows.left_out;
    code = process_find_holders(list->sockets, count);
    for (size_t i = 0; i < count; i++)
      port_socket_find_kernel(&list->sockets[i]);
  }
  free(gathering.rows.rows);
  return code;
}

void port_list_free(struct port_list *list) {
  free(list->origins);
  free(list->sockets);
  *list = (struct port_list){0};
}
