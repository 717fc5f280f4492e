/* A bind or listen that failed, as plain data, and its words. Pure: gathers nothing, prints nothing. */
#ifndef LOPING_SERVER_LISTEN_EXPLAIN_BIND_H
#define LOPING_SERVER_LISTEN_EXPLAIN_BIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/explain/explanation.h"
#include "common/machine/machine.h"
#include "common/net/address.h"
#include "common/net/localhost.h"
#include "common/net/own_addresses.h"
#include "common/sockets/port_owner.h"

/* What is found at the path of a unix socket that could not be bound. */
enum unix_path_state {
  UNIX_PATH_UNKNOWN,
  UNIX_PATH_LIVE,       /* a socket, and somebody listens on it */
  UNIX_PATH_STALE,      /* a socket that nobody listens on */
  UNIX_PATH_NOT_SOCKET, /* some other file */
  UNIX_PATH_NO_FOLDER,  /* its folder does not exist */
  UNIX_PATH_FORBIDDEN,  /* its folder may not be written */
  UNIX_PATH_UNASKED,    /* a failure of our own: whether anybody has the path is not known */
};

/* Everything that is known of a bind or listen that failed. */
struct bind_failure {
  int code; /* a negative UV_ code */
  struct endpoint wanted;
  bool wanted_dual_stack;
  const struct endpoint *own_overlap; /* another address of this very server that includes the wanted one; or NULL */
  const struct port_report *sockets;  /* may be NULL: nothing was looked up, or it failed */
  int sockets_code; /* why they could not be looked up: a negative UV_ code; 0: this system does not tell */
  struct machine_ports ports;
  enum machine_answer ipv6_off;
  enum machine_answer confined;
  uint64_t descriptor_limit;
  enum localhost_order localhost; /* looked up where two programs share the port */
  uint16_t free_port;             /* a port that was found free for the same endpoints; 0: none looked for */
  enum unix_path_state path_state;
  const struct own_addresses *own_addresses; /* may be NULL: nothing was looked up */
  int64_t now;                               /* seconds since 1970 UTC, to say how long a process runs; 0: unknown */
  int64_t own_user_id;                       /* machine_user_id(): another user's process needs sudo to be stopped */
};

/* Says why a bind failed. The facts decide, in the order of the table in explain_bind.c. */
void explain_bind_failure(const struct bind_failure *failure, struct explanation *out);

#endif
