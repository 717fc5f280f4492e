/* The ports that are examined together, and what has been found out of each. */
#ifndef LOPING_CLIENT_CHECK_SURVEY_H
#define LOPING_CLIENT_CHECK_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "client/check/facts.h"
#include "client/check/firewall/firewall_findings.h"
#include "client/check/forwarder.h"
#include "client/check/unix_file.h"
#include "client/check/verdict.h"
#include "client/sockets/net_counters.h"
#include "client/sockets/port_list.h"
#include "client/sockets/unix_table.h"
#include "common/net/address.h"
#include "common/sockets/port_owner.h"

/* Of more ports than this, each is probed once, and nothing is tried around it. */
#define EXAMINE_CLOSELY_MAX 32

struct own_server;
struct survey;

/* A server that takes nobody while it serves others. */
struct busy_facts {
  size_t count;                   /* connections that it has taken */
  struct sockaddr_storage client; /* the first one's other end */
  int64_t pid;                    /* of the client; 0: not known */
  char command[64];               /* not escaped */
};

/* A server that hands its connections on. */
struct forward_facts {
  bool is_known;
  bool is_from_file; /* its configuration says it, not its command line */
  struct forward target;
  bool is_dead; /* nobody listens there */
};

/* One port. The owner of the array sets `target`, the survey the rest. */
struct examination {
  struct endpoint target;
  struct port_facts facts;
  enum verdict verdict;
  int start_code; /* why it could not be probed at all: no memory, no descriptors; 0 */
  /* The sockets on the port, those that would answer first: indices into the survey's list. */
  size_t holder_count;
  size_t holders[PORT_SOCKETS_MAX];
  struct firewall_findings *firewall; /* what trace_rule.h found; NULL where it did not look */
  struct busy_facts busy;
  struct forward_facts forward;
  struct unix_file file;       /* of a unix socket */
  char beside[UNIX_NAME_SIZE]; /* of a port: a unix socket of the same service that listens; not escaped */
  char listener_command[64];   /* of one: who called listen(); "": not known; not escaped */

  /* For the time of the probing. */
  struct survey *survey;
  bool is_settled;
  struct net_counters before;
  struct net_counters soon;
  struct own_server *own_server;
};

struct survey {
  uint64_t timeout_ns;
  bool is_question_given; /* the user says what to ask */
  enum question question; /* then; QUESTION_NONE: nothing, ever */
  size_t count;
  struct examination *examinations; /* the caller's */
  struct port_list sockets;         /* of this machine; may be empty when nothing asked for it */
  /* The commands that list the firewall's rules, for IPv4 and IPv6; NULL where no port needs their words
   * (trace_rule.h). */
  const char *show_firewall[2];

  /* For the time of the probing. */
  bool has_sockets; /* they were gathered */
  uv_loop_t *loop;
  size_t pending; /* probes that have not settled */
};

/* Runs the loop until no probe of the survey is pending. */
void survey_wait(struct survey *survey);

/* Frees what was found, of the examinations too. */
void survey_clear(struct survey *survey);

#endif
