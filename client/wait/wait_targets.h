/* From the ports of the command line to the ways on which they are waited for. */
#ifndef LOPING_CLIENT_WAIT_WAIT_TARGETS_H
#define LOPING_CLIENT_WAIT_WAIT_TARGETS_H

#include "client/wait/wait_settings.h"
#include "client/wait/waiting.h"
#include "common/options/options.h"

/* So many ports at most, so that each gets a verdict of its own. */
#define WAIT_PORTS_MAX 32
#define WAIT_WAYS_MAX  ((size_t)WAIT_PORTS_MAX * ADDRESS_RESOLVED_MAX)

/* Fills the ways and the counts of `waiting`, whose arrays have room for WAIT_WAYS_MAX ways and WAIT_PORTS_MAX ports.
 * Returns an exit status, with a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes) unless it is EXIT_FINE. Looks host
 * names up, and blocks meanwhile. */
int wait_targets_read(const struct wait_settings *settings, const struct options_parsed *parsed,
                      struct waiting *waiting, char *problem);

#endif
