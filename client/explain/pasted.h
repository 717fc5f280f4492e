/*
 * What people have in their hands: an error message, a URL, a line of a log. Finds the error, the host and the port in
 * it, and whether somebody wanted to connect or to listen. Pure.
 */
#ifndef LOPING_CLIENT_EXPLAIN_PASTED_H
#define LOPING_CLIENT_EXPLAIN_PASTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"

#define PASTED_SOURCE_SIZE 256

/* What was wanted when it failed. */
enum pasted_wish { PASTED_WISH_UNKNOWN, PASTED_WISH_CONNECT, PASTED_WISH_LISTEN };

struct pasted {
  const char *error; /* "ECONNREFUSED"; NULL: none was found, only a place */
  enum pasted_wish wish;
  bool is_udp;
  char host[ADDRESS_HOST_SIZE];    /* as it stands there, without brackets; "": none */
  uint16_t port;                   /* 0: none */
  char source[PASTED_SOURCE_SIZE]; /* the line that tells it; not escaped */
};

/* Reads the text. False where there is neither an error that is known nor a place. */
bool pasted_read(const char *text, struct pasted *pasted);

#endif
