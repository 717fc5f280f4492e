/*
 * One connection, or one datagram, from a port that is known beforehand, so that a trace can follow it alone: the seam.
 * It says nothing unless asked to, and ends in order; with a reset only where nothing came back.
 */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_TRACED_PROBE_H
#define LOPING_CLIENT_CHECK_FIREWALL_TRACED_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"

struct traced_probe;

/* Makes the socket and gives it an address of its own, `source`. Returns 0 or a negative UV_ code. */
int traced_probe_open(const struct endpoint *target, struct traced_probe **probe, struct sockaddr_storage *source);

/* Sends the opening packet, and later, once the connection stands, `words`; UDP: a datagram of them. None: nothing is
 * said, and no datagram is sent. Never waits. `words` must outlive the probe. */
void traced_probe_send(struct traced_probe *probe, const uint8_t *words, size_t length);

/* The address that it has now; the system gave it with the first packet. */
void traced_probe_source(const struct traced_probe *probe, struct sockaddr_storage *source);

/* Waits at most so many milliseconds for something to happen. True when there is nothing more to wait for. */
bool traced_probe_wait(struct traced_probe *probe, int wait_ms);

/* Ends it. NULL is fine. */
void traced_probe_close(struct traced_probe *probe);

#endif
