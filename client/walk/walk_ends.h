/* Both ends of one connection of this machine, as the system's tables have them. */
#ifndef LOPING_CLIENT_WALK_WALK_ENDS_H
#define LOPING_CLIENT_WALK_WALK_ENDS_H

#include "client/walk/walk.h"

/* Fills the two ends of `facts` by its addresses. */
void walk_ends_find(struct walk_facts *facts);

#endif
