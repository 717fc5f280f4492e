/* Each fact by its own seam; one that this system does not tell stays unknown. */
#include "client/explain/gathered.h"

#include <stdio.h>
#include <string.h>

#include "client/sockets/port_list.h"
#include "common/text/clock.h"

static void list_addresses(struct gathered *gathered) {
  size_t used = 0;
  for (size_t i = 0; i < gathered->own.count && used + ADDRESS_TEXT_SIZE * 2 < GATHERED_ADDRESSES_SIZE; i++) {
    char host[ADDRESS_TEXT_SIZE];
    const struct own_address *row = &gathered->own.rows[i];
    used += (size_t)snprintf(gathered->addresses + used, GATHERED_ADDRESSES_SIZE - used, "%s%s (%s)", i > 0 ? ", " : "",
                             address_format_host(&row->address, host), row->interface_name);
  }
}

static bool takes_requests(const struct port_socket *socket) {
  return socket->state == (socket->transport == TRANSPORT_TCP ? SOCKET_STATE_LISTEN : SOCKET_STATE_BOUND);
}

static void count_sockets(struct about_machine *machine) {
  struct port_list list;
  machine->sockets_known = port_list_gather(&list) == 0 && list.known && list.sockets_left_out == 0;
  for (size_t i = 0; i < list.socket_count; i++) {
    if (!takes_requests(&list.sockets[i])) continue;
    if (address_is_loopback(&list.sockets[i].local))
      machine->local_sockets++;
    else
      machine->exposed_sockets++;
  }
  port_list_free(&list);
}

void gather(struct gathered *gathered, unsigned facts) {
  struct about_machine *machine = &gathered->machine;
  memset(gathered, 0, sizeof *gathered);
  machine_port_settings(&machine->ports);
  machine->has_reserved = machine_reserved_ports(gathered->reserved, sizeof gathered->reserved);
  machine->reserved = gathered->reserved;
  machine->descriptor_limit = machine_descriptor_limit();
  machine->queue_limit = machine_queue_limit();
  machine->ipv6_off = machine_ipv6_off();
  machine->now = clock_calendar_seconds();
  machine->own_user_id = machine_user_id();
  own_addresses_gather(&gathered->own);
  list_addresses(gathered);
  machine->addresses = gathered->addresses;
  if ((facts & EXPLAIN_FACT_SOCKETS) != 0) count_sockets(machine);
}
