/* Rows of the kernel's tables on their way into a list. Pure. */
#ifndef LOPING_CLIENT_SOCKETS_SOCKET_ROWS_H
#define LOPING_CLIENT_SOCKETS_SOCKET_ROWS_H

#include "client/sockets/port_list.h"
#include "common/sockets/socket_row.h"

/* Rows on their way into a list. Begins as zeros. */
struct socket_rows {
  size_t count;
  size_t capacity;
  size_t left_out; /* found beyond PORT_LIST_MAX */
  struct socket_row *rows;
};

/* Adds a row, or counts it as left out. Returns 0 or UV_ENOMEM. */
int socket_rows_keep(struct socket_rows *rows, const struct socket_row *row);

/* For the seam of port_list.h: puts what was gathered into the list, without its processes. The caller frees the rows.
 * Returns 0 or UV_ENOMEM. */
int port_list_take(struct port_list *list, struct socket_rows *rows);

/* Removes the rows that are there twice, and puts the others in an order. */
void socket_rows_settle(struct socket_rows *rows);

#endif
