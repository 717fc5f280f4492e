/* What this machine knows of itself now, for explanations. */
#ifndef LOPING_CLIENT_EXPLAIN_GATHERED_H
#define LOPING_CLIENT_EXPLAIN_GATHERED_H

#include "client/explain/about.h"
#include "common/net/own_addresses.h"

#define GATHERED_RESERVED_SIZE  1024
#define GATHERED_ADDRESSES_SIZE 2048

/* With the texts that struct about_machine points to: it stays where it is. */
struct gathered {
  struct about_machine machine;
  struct own_addresses own;
  char reserved[GATHERED_RESERVED_SIZE];
  char addresses[GATHERED_ADDRESSES_SIZE];
};

/* `facts`: bits of enum explain_word_facts; what costs a look at all sockets is only gathered where it is asked for. */
void gather(struct gathered *gathered, unsigned facts);

#endif
