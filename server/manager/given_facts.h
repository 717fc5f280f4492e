/* What the system knows of a descriptor that was given. The seam: given_facts_linux.c, given_facts_portable.c. */
#ifndef LOPING_SERVER_MANAGER_GIVEN_FACTS_H
#define LOPING_SERVER_MANAGER_GIVEN_FACTS_H

#include <stdbool.h>

#include "common/net/address.h"

struct given_facts {
  bool is_open;
  bool is_socket;
  bool is_stream;
  bool is_datagram;
  bool is_listening; /* streams */
  bool is_connected; /* it has a peer */
  bool is_internet;  /* IPv4 or IPv6 */
  bool is_unix;
  bool is_known;      /* TCP, UDP or a unix socket, and no other protocol of such a type (SCTP, MPTCP) */
  bool is_dual_stack; /* a :: that takes IPv4 as well */
  bool is_path_long;  /* longer than a path that the other side could name everywhere */
  struct endpoint endpoint;
};

/* Looks at the descriptor, and sets it to be closed on exec and not to block. Returns 0, whatever it is, or a negative
 * UV_ code: UV_ENOTSUP where this system's are not known. */
int given_look(int descriptor, struct given_facts *facts);

#endif
