/* The list of a system's listeners, whichever tables named them. */
#include "client/sockets/port_list.h"

#include <stdlib.h>

#include "client/sockets/socket_rows.h"
#include "common/memory/memory.h"

int port_list_take(struct port_list *list, struct socket_rows *rows) {
  socket_rows_settle(rows);
  if (rows->count > 0) {
    list->sockets = memory_take_zeroed(rows->count, sizeof *list->sockets);
    if (list->sockets == NULL) return UV_ENOMEM;
  }
  for (size_t i = 0; i < rows->count; i++)
    socket_row_expand(&rows->rows[i], &list->sockets[i]);
  list->known = true;
  list->socket_count = rows->count;
  list->sockets_left_out = rows->left_out;
  return 0;
}

void port_list_free(struct port_list *list) {
  free(list->origins);
  free(list->sockets);
  *list = (struct port_list){0};
}
