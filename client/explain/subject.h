/* What a word on the command line of `loping explain` means. Pure. */
#ifndef LOPING_CLIENT_EXPLAIN_SUBJECT_H
#define LOPING_CLIENT_EXPLAIN_SUBJECT_H

#include <stdbool.h>

#include "client/explain/address_kind.h"
#include "client/explain/glossary.h"

enum subject_kind {
  SUBJECT_NONE,           /* nothing that is known */
  SUBJECT_WORD,           /* a row of the tables */
  SUBJECT_CODE,           /* an error code without a row */
  SUBJECT_PORT,           /* "62893", "62893/tcp", "port 62893" */
  SUBJECT_ADDRESS,        /* "127.0.0.1", "::1", "[::1]" */
  SUBJECT_PLACE,          /* an address and a port: "127.0.0.1:62893", "http://127.0.0.1:62893/x" */
  SUBJECT_NETWORK,        /* "127.0.0.0/8" */
  SUBJECT_NOT_A_PORT,     /* a number beyond 65535 */
  SUBJECT_NEEDS_BRACKETS, /* "::1:8080" */
};

struct subject {
  enum subject_kind kind;
  const struct explain_word *word;
  enum explain_word_kind word_kind;
  int code;
  uint16_t port;
  bool is_bare_number;
  struct sockaddr_storage address;
  struct address_network network;
};

/* Reads the text: "errno 111" and "-111" are error codes, a number alone is a port. */
void subject_read(const char *text, struct subject *subject);

#endif
