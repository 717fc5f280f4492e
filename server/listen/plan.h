/* What is to be listened on, worked out from the settings before anything is opened. */
#ifndef LOPING_SERVER_LISTEN_PLAN_H
#define LOPING_SERVER_LISTEN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/net/address.h"
#include "common/net/own_addresses.h"
#include "server/settings/settings.h"

#define PLAN_HOSTS_MAX     32
#define PLAN_ENDPOINTS_MAX (2 * PLAN_HOSTS_MAX + OPTIONS_LIST_MAX)
#define PLAN_PROBLEM_SIZE  1024

struct given_sockets;
struct listener_service;

struct plan_row {
  struct endpoint endpoint; /* with the port wanted; 0 until the system has picked one */
  bool is_ipv6_only;        /* a :: that leaves IPv4 to another row */
  bool is_dual_stack;       /* a :: that takes IPv4 as well */
  bool may_lack_ipv6;       /* the ::1 of "localhost": left out where IPv6 is off */
  bool is_left_out;
  bool is_given;                          /* by a service manager: bound already, and listening */
  int descriptor;                         /* of one that is given */
  const struct listener_service *service; /* set by the root */
};

struct plan {
  size_t count;
  struct plan_row rows[PLAN_ENDPOINTS_MAX];
};

/* Makes the rows: every address for every transport, without duplicates, then the unix paths. "localhost" means
 * 127.0.0.1 and ::1 (RFC 6761 6.3) and is not looked up; another name is, and that blocks. Returns an exit
 * status, with a sentence in `problem` (PLAN_PROBLEM_SIZE bytes) unless it is EXIT_FINE: EXIT_WRONG_USAGE where the
 * settings cannot be used, such as a name that is unknown, EXIT_NOT_DONE where one could not be looked up. */
int plan_make(const struct settings *settings, struct plan *plan, char problem[PLAN_PROBLEM_SIZE]);

/* The same where a service manager gave the sockets: these and no others. */
int plan_make_given(const struct given_sockets *given, const struct settings *settings, struct plan *plan,
                    char problem[PLAN_PROBLEM_SIZE]);

/* Gives every address the same port. */
void plan_set_port(struct plan *plan, uint16_t port);

/* The first row that is not left out, or NULL. */
const struct plan_row *plan_find_first(const struct plan *plan);

/* The first row that other machines can reach, or NULL. */
const struct plan_row *plan_find_remote(const struct plan *plan);

/* Writes why a row that other machines can reach is refused without --allow-remote, and what to do. */
void plan_explain_remote(const struct plan_row *row, const struct own_addresses *own, char problem[PLAN_PROBLEM_SIZE]);

#endif
