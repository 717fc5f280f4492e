/* Source addresses on loopback; see sources.h. */
#include "client/run/sources.h"

#include <stdio.h>

/* 127.0.0.1 to 127.0.0.250: with Linux's usual 28,232 ports each, more than a minute's worth of connections. */
#define SOURCES_MAX 250

static bool may_spread(const struct run *run) {
  const struct endpoint *endpoint = &run->peer.endpoint;
  return endpoint->transport == TRANSPORT_TCP && endpoint->address.ss_family == AF_INET &&
         address_is_loopback(&endpoint->address);
}

const struct sockaddr_storage *sources_pick(const struct run *run, struct sockaddr_storage *source) {
  char text[ADDRESS_TEXT_SIZE];
  if (run->opening.source_index == 0) return NULL;
  snprintf(text, sizeof text, "127.0.0.%u", run->opening.source_index + 1);
  return uv_ip4_addr(text, 0, (struct sockaddr_in *)source) == 0 ? source : NULL;
}

bool sources_move_on(struct run *run, int status) {
  bool is_out = status == UV_EADDRNOTAVAIL || status == UV_EADDRINUSE;
  if (!is_out || !may_spread(run) || run->opening.source_index + 1 >= SOURCES_MAX) return false;
  run->opening.source_index++;
  run->result->source_addresses = run->opening.source_index + 1;
  return true;
}
