/* The rows of a long list: each socket once, however often its table named it, and never more than the limit. Pure. */
#include <stdlib.h>
#include <string.h>

#include "client/sockets/port_list.h"
#include "client/sockets/socket_rows.h"
#include "common/memory/memory.h"

#define FIRST_CAPACITY 64

int socket_rows_keep(struct socket_rows *rows, const struct socket_row *row) {
  if (rows->count == PORT_LIST_MAX) {
    rows->left_out++;
    return 0;
  }
  if (rows->count == rows->capacity) {
    size_t capacity = rows->capacity == 0 ? FIRST_CAPACITY : rows->capacity * 2;
    struct socket_row *larger = memory_grow(rows->rows, capacity * sizeof *larger);
    if (larger == NULL) return UV_ENOMEM;
    rows->rows = larger;
    rows->capacity = capacity;
  }
  rows->rows[rows->count++] = *row;
  return 0;
}

/* By user first: what is asked once for each user is then asked once. What has no inode is told apart by its address.
 */
static int compare_rows(const void *one, const void *other) {
  const struct socket_row *first = one, *second = other;
  if (first->uid != second->uid) return first->uid < second->uid ? -1 : 1;
  if (first->inode != second->inode) return first->inode < second->inode ? -1 : 1;
  if (first->inode != 0) return 0;
  if (first->transport != second->transport) return first->transport < second->transport ? -1 : 1;
  return memcmp(&first->local, &second->local, sizeof first->local);
}

void socket_rows_settle(struct socket_rows *rows) {
  size_t kept = 0;
  if (rows->count == 0) return;
  qsort(rows->rows, rows->count, sizeof *rows->rows, compare_rows);
  for (size_t i = 1; i < rows->count; i++)
    if (compare_rows(&rows->rows[kept], &rows->rows[i]) != 0) rows->rows[++kept] = rows->rows[i];
  rows->count = kept + 1;
}
