/* One paragraph for each endpoint; the numbers are those of the system's own tables at this moment. */
#include "server/say/steps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/explain_text.h"
#include "common/sockets/port_owner.h"
#include "server/say/announce.h"

#define STEPS_SIZE 2048

/* The server's own socket in the report; NULL: this system does not tell. */
static const struct port_socket *find_own(const struct port_report *report, const struct endpoint *endpoint) {
  enum socket_state wanted = endpoint->transport == TRANSPORT_TCP ? SOCKET_STATE_LISTEN : SOCKET_STATE_BOUND;
  for (size_t i = 0; report != NULL && i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    if (socket->state == wanted && address_same_host(&socket->local, &endpoint->address)) return socket;
  }
  return NULL;
}

static void tell_tcp(struct outbox *outbox, const char *address, uint16_t port, const struct port_socket *own) {
  char text[STEPS_SIZE], queue[160] = "";
  if (own != NULL && own->queue_limit > 0)
    snprintf(queue, sizeof queue, " Up to %" PRIu32 " that are connected may wait there until accept() takes them.",
             own->queue_limit);
  snprintf(text, sizeof text,
           "explain: %s (tcp)\n"
           "  1. socket(): the kernel made a socket, which has no address yet.\n"
           "  2. bind(): the socket has port %u of this address, and no other server can have it (EADDRINUSE).\n"
           "  3. listen(): from now on the kernel answers a client's SYN with SYN ACK by itself.%s\n"
           "  4. accept(), for each client: a socket more, for that one connection; the first stays as it is.\n"
           "  now: %s\n"
           "  see it: ss -ltn 'sport = :%u'\n"
           "  see its packets, as root: tcpdump -ni lo 'tcp port %u'\n",
           address, port, queue, own != NULL ? explain_state_name(own->state) : "not told by this system", port, port);
  announce_text(outbox, text);
}

static void tell_udp(struct outbox *outbox, const char *address, uint16_t port, const struct port_socket *own) {
  char text[STEPS_SIZE];
  snprintf(text, sizeof text,
           "explain: %s (udp)\n"
           "  1. socket() and bind(): the socket has port %u of UDP, which is another than that of TCP.\n"
           "  2. There is no connection: each datagram comes by itself, with the address to answer to.\n"
           "  now: %s\n"
           "  see it: ss -lun 'sport = :%u'\n"
           "  see its packets, as root: tcpdump -ni lo 'udp port %u'\n",
           address, port, own != NULL ? "bound, and receives from everybody" : "not told by this system", port, port);
  announce_text(outbox, text);
}

static void tell_unix(struct outbox *outbox, const char *address) {
  char text[STEPS_SIZE];
  snprintf(
      text, sizeof text,
      "explain: %s\n"
      "  1. socket() and bind(): the socket has a name in the file system in place of a port; who may connect is said by "
      "the file's permissions.\n"
      "  2. listen() and accept(): as of TCP, without packets: the kernel copies from one program to the other.\n",
      address);
  announce_text(outbox, text);
}

void steps_tell_ready(struct outbox *outbox, const struct endpoint *endpoint) {
  char address[ADDRESS_TEXT_SIZE * 4];
  struct port_report *report = NULL;
  uint16_t port = endpoint->transport == TRANSPORT_UNIX ? 0 : address_port(&endpoint->address);
  announce_endpoint_text(endpoint, address);
  if (endpoint->transport == TRANSPORT_UNIX) {
    tell_unix(outbox, address);
    return;
  }
  (void)port_owner_find(endpoint->transport, port, &endpoint->address, &report);
  if (endpoint->transport == TRANSPORT_TCP)
    tell_tcp(outbox, address, port, find_own(report, endpoint));
  else
    tell_udp(outbox, address, port, find_own(report, endpoint));
  port_report_free(report);
}

void steps_tell_ending(struct outbox *outbox, uint64_t open_connections) {
  char text[STEPS_SIZE];
  snprintf(text, sizeof text,
           "explain: the end\n"
           "  1. The listening sockets are closed: who connects now is refused (RST). %" PRIu64
           " connection%s open.\n"
           "  2. What was read is sent back, then each connection is ended (FIN), within 2 s.\n",
           open_connections, open_connections == 1 ? " is" : "s are");
  announce_text(outbox, text);
}

/* How many sockets of the port are in that state. */
static size_t count(const struct port_report *report, enum socket_state state) {
  size_t found = 0;
  for (size_t i = 0; i < report->socket_count; i++)
    if (report->sockets[i].state == state) found++;
  return found;
}

void steps_tell_closed(struct outbox *outbox, const struct endpoint *endpoint) {
  char text[STEPS_SIZE], address[ADDRESS_TEXT_SIZE * 4];
  struct port_report *report = NULL;
  if (endpoint->transport != TRANSPORT_TCP) return;
  uint16_t port = address_port(&endpoint->address);
  (void)port_owner_find(TRANSPORT_TCP, port, &endpoint->address, &report);
  if (report != NULL && report->known) {
    snprintf(
        text, sizeof text,
        "  3. Of %s the kernel still keeps: %zu in FIN_WAIT, whose clients have not finished; %zu in TIME_WAIT, which "
        "the server finished first%s. A server that sets SO_REUSEADDR, as lopong does, may start again at once.\n"
        "  see them: ss -tan 'sport = :%u'\n",
        announce_endpoint_text(endpoint, address), count(report, SOCKET_STATE_FIN_WAIT),
        count(report, SOCKET_STATE_TIME_WAIT), report->sockets_left_out > 0 ? "; and more" : "", port);
    announce_text(outbox, text);
  }
  port_report_free(report);
}
