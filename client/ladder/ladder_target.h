/* From what was typed to the server whose connection is drawn. */
#ifndef LOPING_CLIENT_LADDER_LADDER_TARGET_H
#define LOPING_CLIENT_LADDER_LADDER_TARGET_H

#include "client/walk/walk_partner.h"
#include "common/options/options.h"

/* Finds it; `typed` NULL: the default. Returns an exit status, with a sentence in `problem` (OPTIONS_PROBLEM_SIZE
 * bytes) unless it is EXIT_FINE. */
int ladder_target_find(const char *typed, uint16_t default_port, struct walk_partner *partner, char *problem);

#endif
