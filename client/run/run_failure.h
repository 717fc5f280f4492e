/* A run that failed, as plain data; client/failure/ makes sentences of it. */
#ifndef LOPING_CLIENT_RUN_RUN_FAILURE_H
#define LOPING_CLIENT_RUN_RUN_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"
#include "common/sockets/port_owner.h"

/* What the client was doing when it failed. */
enum client_step {
  CLIENT_STEP_RESOLVE,
  CLIENT_STEP_CONNECT,
  CLIENT_STEP_GREET,   /* connected, and waits for the first answer */
  CLIENT_STEP_MEASURE, /* in mid-run */
};

/* What the client found out beyond the error code. */
enum client_finding {
  CLIENT_FINDING_NONE,
  CLIENT_FINDING_SELF_CONNECT,    /* the connection reached this very socket (RFC 793 simultaneous open) */
  CLIENT_FINDING_NOT_ECHO,        /* something else answered */
  CLIENT_FINDING_PLAIN_ECHO,      /* an echo server, where one is needed that knows sessions: lopong */
  CLIENT_FINDING_SILENT,          /* connected, and no answer came in time */
  CLIENT_FINDING_HUNG_UP,         /* the peer closed the connection */
  CLIENT_FINDING_NO_KERNEL_TIMES, /* an echo server that does not tell them, where they are needed */
};

struct client_failure {
  int code; /* a negative UV_ code; 0 when the finding alone says it */
  enum client_step step;
  enum client_finding finding;
  struct endpoint target;
  char host[ADDRESS_HOST_SIZE]; /* as the user typed it */
  uint64_t timeout_ns;
  uint64_t measured;    /* round trips that were measured before it failed */
  char first_bytes[64]; /* of an answer that is no echo */
  size_t first_bytes_length;
  bool is_lopong;                    /* NO_KERNEL_TIMES: it is one, and does not tell them all the same */
  const struct port_report *sockets; /* on the target's port; may be NULL */
  uint64_t descriptor_limit;         /* 0: unknown */
  int64_t own_user_id;               /* machine_user_id() */
};

#endif
