/*
 * The states of both ends of a connection, as its packets bring them about (RFC 9293, 3.3.2 and 3.10). A packet changes
 * the end that gets it only where something shows that it got there: on its way in a firewall may still drop it. Pure.
 */
#ifndef LOPING_CLIENT_LADDER_ENDS_H
#define LOPING_CLIENT_LADDER_ENDS_H

#include <stdbool.h>
#include <stddef.h>

#include "client/ladder/packet.h"

enum end_state {
  END_CLOSED,
  END_LISTEN,
  END_SYN_SENT,
  END_SYN_RECV,
  END_ESTABLISHED,
  END_FIN_WAIT1,
  END_FIN_WAIT2,
  END_CLOSING,
  END_CLOSE_WAIT,
  END_LAST_ACK,
  END_TIME_WAIT,
};

struct end {
  enum end_state state;
  bool has_sent, has_fin;
  uint32_t first; /* the sequence number of its SYN */
  uint32_t fin;   /* that of its FIN */
};

struct ends {
  struct end client, server;
};

/* Before the first packet: does a socket listen there? */
void ends_begin(struct ends *ends, bool is_listening);

/* A packet's numbers, counted from those of the SYNs, where these were seen. */
struct relative {
  uint32_t sequence, acknowledged;
};

/* Takes a packet, from the client or from the server. `has_arrived`: ends_has_arrived(). */
struct relative ends_take(struct ends *ends, const struct packet *packet, bool is_from_client, bool has_arrived);

/* Do the packets after number `at` show that it got to the other end? What takes up numbers is acknowledged; an
 * acknowledgement alone keeps the other end from sending a SYN or FIN again. `client_port` says whose each packet is.
 */
bool ends_has_arrived(const struct packet *packets, size_t count, size_t at, uint16_t client_port);

/* "SYN_SENT", as ss(8) has it with underscores. */
const char *end_state_name(enum end_state state);

#endif
