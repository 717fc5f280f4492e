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
  CLIENT_FINDING_OTHER_CLOCK,     /* the server's times are of another clock than the client's */
};

/* What a run had done when it failed: the one source of what its explanation says of that. Everything counts from the
 * first byte that was sent, the warm-up included. */
struct run_account {
  bool is_stream;      /* bytes tell how far it had come; otherwise round trips do */
  bool is_sent;        /* the bytes are those that were sent (direction up), not those that came */
  bool has_echoed;     /* something came back as it was sent, be it only the probe at the beginning */
  uint64_t elapsed_ns; /* since the first byte; 0: none was sent */
  uint64_t bytes, warmup_bytes;
  uint64_t round_trips, warmup_round_trips;
  uint64_t partial_bytes, partial_of; /* of the echo that was waited for, this much had come; 0 of 0: unknown */
  uint64_t connections;
  uint64_t affected; /* of them, those that the same befell; 0: it concerns none in particular */
  uint64_t connection_bytes, connection_round_trips; /* on the first of those */
};

struct client_failure {
  int code; /* a negative UV_ code; 0 when the finding alone says it */
  enum client_step step;
  enum client_finding finding;
  struct endpoint target;
  char host[ADDRESS_HOST_SIZE]; /* as the user typed it */
  uint64_t timeout_ns;
  struct run_account account;
  char first_bytes[64]; /* of an answer that is no echo */
  size_t first_bytes_length;
  bool is_lopong;                    /* NO_KERNEL_TIMES: it is one, and does not tell them all the same */
  int64_t clock_ahead_ns;            /* OTHER_CLOCK: by so much the server's clock was ahead, to within a round trip */
  const struct port_report *sockets; /* on the target's port; may be NULL */
  uint64_t descriptor_limit;         /* 0: unknown */
  int64_t own_user_id;               /* machine_user_id() */
};

#endif
