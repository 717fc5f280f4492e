/* The listeners as one JSON object; ports_schema.c has the rows of its fields. Pure. */
#include <string.h>

#include "client/ports/port_view.h"
#include "common/explain/explain_text.h"
#include "common/explain/explanation.h"
#include "common/text/clock.h"
#include "common/text/json_text.h"
#include "common/text/version.h"

static json_t *holders_array(const struct port_socket *socket) {
  json_t *holders = json_array();
  for (size_t i = 0; i < socket->process_count; i++)
    json_array_append_new(holders, explain_holder_to_json(socket, &socket->processes[i]));
  return holders;
}

json_t *port_row_json(const struct port_row *row, bool is_judged) {
  static const char *const owners[] = {
      [SOCKET_OWNER_SHOWN] = "shown", [SOCKET_OWNER_HIDDEN] = "hidden",   [SOCKET_OWNER_OUTSIDE] = "outside",
      [SOCKET_OWNER_NONE] = "kernel", [SOCKET_OWNER_UNKNOWN] = "unknown", [SOCKET_OWNER_KERNEL] = "kernel",
      [SOCKET_OWNER_GONE] = "gone",
  };
  char host[ADDRESS_TEXT_SIZE];
  const struct port_socket *socket = row->socket;
  bool is_listener = socket->state == SOCKET_STATE_LISTEN;
  json_t *object = json_object();
  json_object_set_new(object, "port", json_integer(address_port(&socket->local)));
  json_object_set_new(object, "transport", json_string(transport_name(socket->transport)));
  json_object_set_new(object, "address", json_string(address_format_host(&socket->local, host)));
  json_object_set_new(object, "takes_ipv4_too", json_boolean(socket->dual_stack && address_is_any(&socket->local)));
  json_object_set_new(object, "state", json_string(explain_state_name(socket->state)));
  json_object_set_new(object, "exposed", json_boolean(port_reach_of(socket) == PORT_REACH_EXPOSED));
  json_object_set_new(object, "uid", socket->uid >= 0 ? json_integer(socket->uid) : json_null());
  json_object_set_new(object, "user", json_text(socket->user));
  json_object_set_new(object, "queued", is_listener ? json_integer(socket->queued) : json_null());
  json_object_set_new(object, "queue_limit",
                      is_listener && socket->queue_limit > 0 ? json_integer(socket->queue_limit) : json_null());
  json_object_set_new(object, "owner", json_string(owners[socket->owner]));
  json_object_set_new(object, "holders", holders_array(socket));
  json_object_set_new(object, "holders_left_out", json_integer((json_int_t)socket->processes_left_out));
  json_object_set_new(object, "holders_hidden", json_boolean(socket->owner == SOCKET_OWNER_HIDDEN));
  json_object_set_new(object, "expected", is_judged ? json_boolean(!row->is_unexpected) : json_null());
  return object;
}

static json_t *missing_object(const struct expected_port *port) {
  const char *transport = port->allows_tcp && port->allows_udp ? NULL : port->allows_tcp ? "tcp" : "udp";
  json_t *object = json_object();
  json_object_set_new(object, "line", json_integer(port->line));
  json_object_set_new(object, "port", json_integer(port->port));
  json_object_set_new(object, "transport", json_text(transport));
  json_object_set_new(object, "process", json_text(port->process));
  return object;
}

static json_t *expect_object(const struct port_view *view) {
  if (view->expected == NULL) return json_null();
  size_t unexpected = 0;
  json_t *object = json_object();
  json_t *missing = json_array();
  for (size_t i = 0; i < view->row_count; i++)
    unexpected += view->rows[i].is_unexpected;
  for (size_t i = 0; i < view->expected->count; i++)
    if (port_view_misses(view, &view->expected->ports[i]))
      json_array_append_new(missing, missing_object(&view->expected->ports[i]));
  json_object_set_new(object, "file", json_text(view->expected_path));
  json_object_set_new(object, "unexpected", json_integer((json_int_t)unexpected));
  json_object_set_new(object, "missing", missing);
  return object;
}

static json_t *addresses_array(const struct own_addresses *own) {
  json_t *array = json_array();
  for (size_t i = 0; i < own->count; i++) {
    char host[ADDRESS_TEXT_SIZE];
    json_t *object = json_object();
    json_object_set_new(object, "address", json_string(address_format_host(&own->rows[i].address, host)));
    json_object_set_new(object, "interface", json_text(own->rows[i].interface_name));
    json_array_append_new(array, object);
  }
  return array;
}

/* A sentence for each number that two programs share. */
static json_t *two_servers_array(const struct port_view *view) {
  json_t *array = json_array();
  char text[TWO_SERVERS_TEXT_SIZE];
  struct two_servers two;
  for (size_t i = 0; i < view->row_count; i++) {
    if (!port_view_two_servers(view->list, &view->rows[i], &two)) continue;
    json_array_append_new(array, json_pack("{s:i, s:s}", "port", (int)address_port(&two.ipv4->local), "sentence",
                                           two_servers_write(&two, view->localhost, text)));
  }
  return array;
}

static json_t *published_array(const struct port_view *view) {
  if (view->published == NULL || !view->published->known) return json_null();
  json_t *array = json_array();
  for (size_t i = 0; i < view->published->count; i++)
    if (published_is_listed(&view->published->rows[i], view->list, view->filter))
      json_array_append_new(array, published_json(&view->published->rows[i]));
  return array;
}

json_t *port_report_json(const struct port_view *view, int argument_count, char *const *arguments) {
  char listed_at[CLOCK_UTC_TEXT_SIZE];
  json_t *object = json_object();
  json_t *command_line = json_array();
  json_t *sockets = json_array();
  clock_utc_text(view->now, listed_at);
  for (int i = 0; i < argument_count; i++) {
    json_t *argument = json_text(arguments[i]);
    json_array_append_new(command_line, json_is_null(argument) ? json_string("") : argument);
  }
  for (size_t i = 0; i < view->row_count; i++) {
    json_t *socket = port_row_json(&view->rows[i], view->expected != NULL);
    json_object_set_new(socket, "connected", view->peers != NULL ? port_peers_json(&view->peers[i]) : json_null());
    json_array_append_new(sockets, socket);
  }
  json_object_set_new(object, "schema_version", json_integer(PORTS_SCHEMA_VERSION));
  json_object_set_new(object, "tool", json_string("loping"));
  json_object_set_new(object, "version", json_string(LOPING_VERSION));
  json_object_set_new(object, "command_line", command_line);
  json_object_set_new(object, "listed_at", json_string(listed_at));
  json_object_set_new(object, "own_addresses", addresses_array(view->own));
  json_object_set_new(object, "sockets", sockets);
  json_object_set_new(object, "sockets_left_out", json_integer((json_int_t)view->list->sockets_left_out));
  json_object_set_new(object, "two_servers", two_servers_array(view));
  json_object_set_new(object, "published", published_array(view));
  bool is_known = view->published != NULL && view->published->known;
  json_object_set_new(object, "docker_passes_ufw",
                      is_known ? json_boolean(view->published->docker_passes_ufw) : json_null());
  json_object_set_new(object, "expect", expect_object(view));
  json_object_set_new(object, "error", json_null());
  return object;
}
