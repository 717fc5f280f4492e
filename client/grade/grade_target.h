/* Which server `loping grade` is to examine: one port of this machine, or one unix socket. */
#ifndef LOPING_CLIENT_GRADE_GRADE_TARGET_H
#define LOPING_CLIENT_GRADE_GRADE_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/net/address.h"

struct grade_target {
  size_t count; /* of a host with several addresses: the first that is there is meant */
  struct endpoint endpoints[ADDRESS_RESOLVED_MAX];
};

/* Reads one argument. Returns an exit status, with a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes) unless it is
 * EXIT_FINE. */
int grade_target_read(const char *text, bool is_tcp_given, bool is_udp_given, struct grade_target *out, char *problem);

#endif
