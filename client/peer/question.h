/* Which question a server wants, by who has the port and which port it is. Pure. */
#ifndef LOPING_CLIENT_PEER_QUESTION_H
#define LOPING_CLIENT_PEER_QUESTION_H

#include "client/peer/protocol.h"

/* What is known before a byte is sent. */
struct question_clues {
  bool is_udp;
  uint16_t port;
  const char *command;      /* of the process that has the port: its short name; "" where it is not known */
  const char *command_line; /* "" where it is not known */
  const char *path;         /* of a unix socket; NULL: a port */
};

struct question_choice {
  enum question question;
  bool is_guess;     /* nothing names the protocol: it is left be if it speaks first */
  bool speaks_first; /* this server says something unasked, and is waited for */
};

/* The question for a server: QUESTION_NONE where none is known to be wanted. */
struct question_choice question_choose(const struct question_clues *clues);

#endif
