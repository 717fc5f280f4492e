/* Datagrams to a server and what comes back, each whole and with the address that it came from. */
#ifndef LOPING_CLIENT_GRADE_DATAGRAMS_H
#define LOPING_CLIENT_GRADE_DATAGRAMS_H

#include "client/grade/conversation.h"

#define DATAGRAMS_MAX 16

struct datagram {
  uint8_t *bytes; /* NULL of an empty one */
  size_t length;
  struct sockaddr_storage source;
};

struct datagram_client;

/* A socket of its own that is bound by its first sending and takes what comes from anywhere. Returns 0 or a negative
 * UV_ code. */
int datagrams_open(struct talks *talks, const struct endpoint *target, struct datagram_client **out);

/* Returns 0 or a negative UV_ code. */
int datagrams_send(struct datagram_client *client, const void *bytes, size_t length);

/* Waits until so many have come in all. */
bool datagrams_await(struct datagram_client *client, size_t count);

/* Those that came, at most DATAGRAMS_MAX. */
const struct datagram *datagrams_received(const struct datagram_client *client, size_t *count);

void datagrams_close(struct datagram_client *client);

#endif
