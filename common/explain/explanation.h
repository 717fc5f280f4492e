/*
 * Errors in words: what happened, why, what to do next. One set of texts for both programs.
 *
 * A failure travels as plain data (what was tried, on what, the code, the facts found) and becomes sentences here,
 * once, at the edge. Pure: gathers nothing, prints nothing.
 */
#ifndef LOPING_COMMON_EXPLAIN_EXPLANATION_H
#define LOPING_COMMON_EXPLAIN_EXPLANATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"
#include "common/machine/machine.h"
#include "common/sockets/port_owner.h"

#define EXPLAIN_STEPS_MAX 6
#define EXPLAIN_STEP_SIZE 320
#define EXPLAIN_TEXT_SIZE 10240

struct explanation {
  char code[32];           /* "EADDRINUSE"; a finding that is no error code has a name too: "NOT_ECHO" */
  char what_happened[512]; /* one sentence, to follow the program's name: "cannot listen on ...: ... (EADDRINUSE)." */
  char likely_cause[4096]; /* who or what is in the way, one or more sentences */
  size_t step_count;       /* what to do, one step each */
  char what_to_do[EXPLAIN_STEPS_MAX][EXPLAIN_STEP_SIZE];
  size_t holder_count; /* which sockets of the report are in the way, as indices into it */
  size_t holders[PORT_SOCKETS_MAX];
};

/* What is found at the path of a unix socket that could not be bound. */
enum unix_path_state {
  UNIX_PATH_UNKNOWN,
  UNIX_PATH_LIVE,       /* a socket, and somebody listens on it */
  UNIX_PATH_STALE,      /* a socket that nobody listens on */
  UNIX_PATH_NOT_SOCKET, /* some other file */
  UNIX_PATH_NO_FOLDER,  /* its folder does not exist */
  UNIX_PATH_FORBIDDEN,  /* its folder may not be written */
};

/* Everything that is known of a bind or listen that failed. */
struct bind_failure {
  int code; /* a negative UV_ code */
  struct endpoint wanted;
  bool wanted_dual_stack;
  const struct endpoint *own_overlap; /* another address of this very server that includes the wanted one; or NULL */
  const struct port_report *sockets;  /* may be NULL: nothing was looked up */
  struct machine_ports ports;
  enum machine_answer ipv6_off;
  enum machine_answer confined;
  uint64_t descriptor_limit;
  uint16_t free_port; /* a port that was found free for the same endpoints; 0: none looked for */
  enum unix_path_state path_state;
  size_t own_address_count; /* this machine's addresses */
  const struct sockaddr_storage *own_addresses;
  int64_t now;         /* seconds since 1970 UTC, to say how long a process runs; 0: unknown */
  int64_t own_user_id; /* machine_user_id(): another user's process needs sudo to be stopped */
};

/* Says why a bind failed. The facts decide, in the order of the table in explain_bind.c. */
void explain_bind_failure(const struct bind_failure *failure, struct explanation *out);

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
  struct machine_ports ports;
  enum machine_answer ipv6_off;
  bool is_loopback_down;     /* no interface that leads to this machine itself is up */
  uint64_t descriptor_limit; /* 0: unknown */
  int64_t own_user_id;       /* machine_user_id() */
};

void explain_client_failure(const struct client_failure *failure, struct explanation *out);

/* Writes the whole explanation as lines for a terminal, each ending with a newline and wrapped at about 100 columns.
 * The texts of an explanation are escaped already (safe_text.h); a control character left in one becomes '?'.
 * `program` begins the first line. `out` holds EXPLAIN_TEXT_SIZE bytes. */
void explain_format(const char *program, const struct explanation *explanation, char out[EXPLAIN_TEXT_SIZE]);

/* The explanation as the result file's "error" object, with the holders that it names. `sockets` is the report that it
 * was made from; may be NULL. The caller owns the object; NULL if memory ran out. */
json_t *explain_to_json(const struct explanation *explanation, const struct port_report *sockets);

/* One holder of a socket, as every result file shows it. `process` may be NULL: the socket is known, its process is
 * not. The caller owns the object; NULL if memory ran out. */
json_t *explain_holder_to_json(const struct port_socket *socket, const struct port_process *process);

/* The name of a UV_ code ("ECONNREFUSED"), also for codes that libuv does not know. Writes into `out`. */
void explain_code_name(int code, char out[32]);

#endif
