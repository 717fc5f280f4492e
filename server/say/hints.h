/* What a person at a terminal is told when the server is ready. */
#ifndef LOPING_SERVER_SAY_HINTS_H
#define LOPING_SERVER_SAY_HINTS_H

#include "common/machine/machine.h"
#include "common/net/address.h"
#include "server/say/outbox.h"
#include "server/settings/settings.h"

/* What they are made of; read while the server may still read the system's files. */
struct hints {
  struct machine_ports ports;
  int cpu_count; /* 0: not known */
};

void hints_gather(struct hints *hints);

/* Prints the hints and warnings on the endpoints that are open, on stderr: the first of them, and the first that other
 * machines can reach. Either may be NULL: there is none. */
void hints_say(struct outbox *outbox, const struct settings *settings, const struct hints *hints,
               const struct endpoint *first, const struct endpoint *remote);

#endif
