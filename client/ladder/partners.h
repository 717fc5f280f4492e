/* Who is at the other end of a ladder: the address that is used, the process that has it, and what may be said to it.
 */
#ifndef LOPING_CLIENT_LADDER_PARTNERS_H
#define LOPING_CLIENT_LADDER_PARTNERS_H

#include <stdbool.h>

#include "client/peer/question.h"
#include "common/options/options.h"
#include "common/sockets/port_owner.h"

struct partner {
  struct sockaddr_storage address; /* with the port */
  bool is_listening;               /* as far as this system tells */
  enum question question;          /* QUESTION_HELLO, QUESTION_ECHO, or another: nothing is said then */
  char name[64 * 4];               /* of the server's process, escaped; "": not known */
  int64_t pid;                     /* 0: not known */
};

/* Finds it for what was typed; NULL: the default. Returns an exit status, with a sentence in `problem`
 * (OPTIONS_PROBLEM_SIZE bytes) unless it is EXIT_FINE. */
int partner_find(const char *typed, uint16_t default_port, struct partner *partner, char *problem);

#endif
