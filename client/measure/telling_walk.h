/* --explain: one connection told step by step, before the measuring begins. */
#ifndef LOPING_CLIENT_MEASURE_TELLING_WALK_H
#define LOPING_CLIENT_MEASURE_TELLING_WALK_H

#include <stdio.h>

#include "client/measure/measurement.h"

/* Makes a connection to the target of its own, and tells each step as it happens; nothing of it is measured. A step
 * that fails is told, and the measuring will say why. Blocks meanwhile. */
void telling_walk(const struct measurement *measurement, FILE *out);

#endif
