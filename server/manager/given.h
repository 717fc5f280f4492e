/*
 * The sockets that a service manager has opened and hands to the server, by the protocol of sd_listen_fds(3):
 * descriptors from 3 on, LISTEN_FDS of them, meant for the process LISTEN_PID.
 *
 * Read here and not by libsystemd: it is two numbers of the environment, and a library would be one more that every
 * machine must have. Knows no server; what is looked at in a descriptor is the system's (given_facts.h).
 */
#ifndef LOPING_SERVER_MANAGER_GIVEN_H
#define LOPING_SERVER_MANAGER_GIVEN_H

#include <stdbool.h>
#include <stddef.h>

#include "server/manager/given_facts.h"

#define GIVEN_MAX           64
#define GIVEN_PROBLEM_SIZE  512
#define GIVEN_DESCRIPTOR_AT 3

struct given_socket {
  int descriptor;
  bool is_dual_stack; /* a :: that takes IPv4 as well */
  struct endpoint endpoint;
};

struct given_sockets {
  size_t count;
  struct given_socket sockets[GIVEN_MAX];
};

/* What the environment says, each NULL where it is not there. `own_pid` is this process. Returns true with `count`, 0
 * where nothing was given to this process; false with a sentence. */
bool given_count(const char *listen_pid, const char *listen_fds, int own_pid, size_t *count,
                 char problem[GIVEN_PROBLEM_SIZE]);

/* Is it a socket that can be served? Otherwise writes why not, and what to do. */
bool given_judge(int descriptor, const struct given_facts *facts, char problem[GIVEN_PROBLEM_SIZE]);

/* Takes what was given, and its variables out of the environment. Each descriptor is looked at, closed on exec and does
 * not block from now on. To be called before anything is opened: a descriptor that is not there would be another's
 * then. Returns false with a sentence in `problem`. */
bool given_take(struct given_sockets *given, char problem[GIVEN_PROBLEM_SIZE]);

#endif
