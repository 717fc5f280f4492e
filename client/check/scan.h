/* A quick look at very many ports: which are plainly closed, and which are worth an examination. */
#ifndef LOPING_CLIENT_CHECK_SCAN_H
#define LOPING_CLIENT_CHECK_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "common/net/address.h"

/* Connects once to each target that nobody has, a few hundred at a time, and sets is_closed[i] where the system itself
 * refused and nobody has the port. Whatever else happened, silence too, needs a closer look. Returns 0 or a negative
 * UV_ code; what was not looked at counts as not closed. */
int scan_run(const struct endpoint *targets, size_t count, bool *is_closed);

#endif
