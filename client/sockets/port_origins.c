/* Where the processes of a list came from; see port_list.h. */
#include <stdlib.h>
#include <uv.h>

#include "common/memory/memory.h"

#include "client/sockets/port_list.h"

/* About 6 KiB each. */
#define ORIGINS_MAX 2048

int port_list_find_origins(struct port_list *list, const bool *is_wanted) {
  size_t most = 0;
  for (size_t i = 0; i < list->socket_count; i++)
    if (is_wanted == NULL || is_wanted[i]) most += list->sockets[i].process_count;
  if (most > ORIGINS_MAX) most = ORIGINS_MAX;
  if (most == 0 || list->origins != NULL) return 0;
  list->origins = memory_take_zeroed(most, sizeof *list->origins);
  if (list->origins == NULL) return UV_ENOMEM;
  for (size_t i = 0; i < list->socket_count; i++)
    if (is_wanted == NULL || is_wanted[i])
      port_socket_find_origins(&list->sockets[i], list->origins, &list->origin_count, most);
  return 0;
}
