/* Who is connected to a listener, in words and as JSON. Every name from outside is escaped here. Pure. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/ports/port_view.h"
#include "common/text/json_text.h"
#include "common/text/safe_text.h"

#define NAME_SIZE (4 * sizeof(((struct port_peer *)0)->command))

__attribute__((format(__printf__, 3, 4))) static void add(char *out, size_t out_bytes, const char *format, ...) {
  size_t used = strlen(out);
  va_list values;
  va_start(values, format);
  vsnprintf(out + used, out_bytes - used, format, values);
  va_end(values);
}

static void add_peer(const struct port_peer *peer, char *out, size_t out_bytes) {
  char host[ADDRESS_TEXT_SIZE], name[NAME_SIZE];
  address_format_host(&peer->address, host);
  safe_text_copy(peer->command, strlen(peer->command), name, sizeof name);
  if (peer->is_here && peer->owner == SOCKET_OWNER_SHOWN)
    add(out, out_bytes, "%s (pid %" PRId64 ")", name[0] != '\0' ? name : "?", peer->pid);
  else if (peer->is_here && peer->owner == SOCKET_OWNER_HIDDEN)
    add(out, out_bytes, "a hidden process of this machine (%s)", host);
  else if (peer->is_here)
    add(out, out_bytes, "a socket of this machine that no process here has (%s)", host);
  else
    add(out, out_bytes, "%s", host);
  add(out, out_bytes, " %zu", peer->connections);
}

const char *port_peers_text(const struct port_socket *socket, const struct port_peers *peers, char *out,
                            size_t out_bytes) {
  out[0] = '\0';
  if (peers->connections == 0) {
    add(out, out_bytes, "%s",
        socket->transport == TRANSPORT_UDP
            ? "no socket of this machine is connected to it; other senders leave no trace"
            : "none now");
    return out;
  }
  for (size_t i = 0; i < peers->peer_count; i++) {
    add(out, out_bytes, "%s", i > 0 ? ", " : "");
    add_peer(&peers->peers[i], out, out_bytes);
  }
  if (peers->left_out > 0) add(out, out_bytes, ", others %zu", peers->left_out);
  if (peers->waiting > 0)
    add(out, out_bytes, "; %zu of these wait%s to be accepted", peers->waiting, peers->waiting == 1 ? "s" : "");
  return out;
}

static json_t *peer_object(const struct port_peer *peer) {
  char host[ADDRESS_TEXT_SIZE];
  bool is_shown = peer->is_here && peer->owner == SOCKET_OWNER_SHOWN;
  json_t *object = json_object();
  json_object_set_new(object, "address", json_string(address_format_host(&peer->address, host)));
  json_object_set_new(object, "is_here", json_boolean(peer->is_here));
  json_object_set_new(object, "pid", is_shown ? json_integer(peer->pid) : json_null());
  json_object_set_new(object, "command", is_shown ? json_text(peer->command) : json_null());
  json_object_set_new(object, "connections", json_integer((json_int_t)peer->connections));
  json_object_set_new(object, "waiting", json_integer((json_int_t)peer->waiting));
  return object;
}

json_t *port_peers_json(const struct port_peers *peers) {
  json_t *object = json_object();
  json_t *array = json_array();
  for (size_t i = 0; i < peers->peer_count; i++)
    json_array_append_new(array, peer_object(&peers->peers[i]));
  json_object_set_new(object, "connections", json_integer((json_int_t)peers->connections));
  json_object_set_new(object, "waiting", json_integer((json_int_t)peers->waiting));
  json_object_set_new(object, "peers", array);
  json_object_set_new(object, "connections_left_out", json_integer((json_int_t)peers->left_out));
  return object;
}
