/* By sock_table.h, which asks for these two sockets alone. */
#include "client/walk/walk_ends.h"

#include <string.h>

#include "client/sockets/sock_table.h"

static void take(const struct sock_table *table, struct walk_end *end) {
  end->known = true;
  for (size_t i = 0; i < table->count; i++) {
    if (table->rows[i].state == SOCKET_STATE_LISTEN) continue;
    end->is_there = true;
    end->state = table->rows[i].state;
    end->unread_bytes = table->rows[i].unread_bytes;
    return;
  }
}

void walk_ends_find(struct walk_facts *facts) {
  struct sock_table table;
  memset(&facts->client, 0, sizeof facts->client);
  memset(&facts->server, 0, sizeof facts->server);
  if (address_port(&facts->local) == 0 || address_is_any(&facts->local)) return;
  if (sock_table_find_pair(TRANSPORT_TCP, &facts->local, &facts->remote, &table) == 0) take(&table, &facts->client);
  if (sock_table_find_remote(TRANSPORT_TCP, &facts->local, &table) == 0) take(&table, &facts->server);
}
