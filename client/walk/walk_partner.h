/* Who listens at the other end of a walk, and what may be said to it. */
#ifndef LOPING_CLIENT_WALK_WALK_PARTNER_H
#define LOPING_CLIENT_WALK_WALK_PARTNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/peer/question.h"
#include "common/sockets/port_owner.h"

struct walk_partner {
  struct sockaddr_storage address; /* with the port */
  bool is_listening;               /* as far as this system tells */
  enum question question;          /* QUESTION_HELLO or QUESTION_ECHO: it echoes; of any other nothing is asked */
  char name[64 * 4];               /* of its process, escaped; "": not known */
  int64_t pid;                     /* 0: not known */
};

/* Finds it among the addresses that a name means, whose ports are set: the first on which somebody listens, or the
 * first of all. */
void walk_partner_find(const struct sockaddr_storage *addresses, size_t count, struct walk_partner *partner);

/* Is it known to be an echo server? */
bool walk_partner_echoes(const struct walk_partner *partner);

#endif
