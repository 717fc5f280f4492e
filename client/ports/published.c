/* See published.h. */
#include "client/ports/published.h"

#include <stdio.h>
#include <string.h>

#include "common/text/json_text.h"
#include "common/text/safe_text.h"

static bool takes(const struct port_socket *socket, const struct published_port *port) {
  uint16_t number = address_port(&socket->local);
  if (socket->transport != port->transport || port_reach_of(socket) == PORT_REACH_NOBODY) return false;
  if (number < port->first_port || number > port->last_port) return false;
  return port->listen.ss_family == AF_UNSPEC ||
         address_overlaps(&socket->local, socket->dual_stack, &port->listen, false);
}

bool published_is_listed(const struct published_port *port, const struct port_list *list,
                         const struct port_filter *filter) {
  bool is_wanted = false;
  if (filter->process != NULL || filter->pid >= 0) return false;
  if ((filter->only_local && port->takes_others) || (filter->only_exposed && !port->takes_others)) return false;
  for (unsigned number = port->first_port; number <= port->last_port && !is_wanted; number++)
    is_wanted = port_filter_admits_port(filter, port->transport, (uint16_t)number);
  for (size_t i = 0; is_wanted && i < list->socket_count; i++)
    if (takes(&list->sockets[i], port)) return false;
  return is_wanted;
}

static void write_target(const struct published_port *port, char *out, size_t out_bytes) {
  char text[ADDRESS_TEXT_SIZE];
  struct sockaddr_storage target = port->target;
  if (target.ss_family == AF_UNSPEC) {
    snprintf(out, out_bytes, "port %u of this machine", port->target_port);
  } else if (port->target_port == 0) {
    snprintf(out, out_bytes, "%s", address_format_host(&target, text));
  } else {
    address_set_port(&target, port->target_port);
    snprintf(out, out_bytes, "%s", address_format(&target, text));
  }
}

const char *published_text(const struct published_port *port, char *out, size_t out_bytes) {
  char ports[16], host[ADDRESS_TEXT_SIZE], target[ADDRESS_TEXT_SIZE + 8];
  char table[2 * PUBLISHED_NAME_SIZE], chain[2 * PUBLISHED_NAME_SIZE];
  if (port->first_port == port->last_port)
    snprintf(ports, sizeof ports, "%u", port->first_port);
  else
    snprintf(ports, sizeof ports, "%u-%u", port->first_port, port->last_port);
  write_target(port, target, sizeof target);
  safe_text_copy(port->table, strlen(port->table), table, sizeof table);
  safe_text_copy(port->chain, strlen(port->chain), chain, sizeof chain);
  snprintf(out, out_bytes, "%s/%s on %s -> %s, by %s%srule in %s %s %s%s", ports, transport_name(port->transport),
           port->listen.ss_family == AF_UNSPEC ? "every address" : address_format_host(&port->listen, host), target,
           port->manager[0] != '\0' ? port->manager : "a ", port->manager[0] != '\0' ? "'s " : "", port->family, table,
           chain, port->takes_others ? "" : "; for what this machine itself sends");
  return out;
}

json_t *published_json(const struct published_port *port) {
  char host[ADDRESS_TEXT_SIZE];
  bool has_listen = port->listen.ss_family != AF_UNSPEC, has_target = port->target.ss_family != AF_UNSPEC;
  json_t *object = json_object();
  json_object_set_new(object, "first_port", json_integer(port->first_port));
  json_object_set_new(object, "last_port", json_integer(port->last_port));
  json_object_set_new(object, "transport", json_string(transport_name(port->transport)));
  json_object_set_new(object, "address",
                      has_listen ? json_string(address_format_host(&port->listen, host)) : json_null());
  json_object_set_new(object, "to_address",
                      has_target ? json_string(address_format_host(&port->target, host)) : json_null());
  json_object_set_new(object, "to_port", port->target_port != 0 ? json_integer(port->target_port) : json_null());
  json_object_set_new(object, "exposed", json_boolean(port->takes_others));
  json_object_set_new(object, "manager", port->manager[0] != '\0' ? json_string(port->manager) : json_null());
  json_object_set_new(object, "family", json_text(port->family));
  json_object_set_new(object, "table", json_text(port->table));
  json_object_set_new(object, "chain", json_text(port->chain));
  return object;
}
