/* The machine and the state it was in, as a table. */
#ifndef LOPING_CLIENT_PUBLISH_MACHINE_H
#define LOPING_CLIENT_PUBLISH_MACHINE_H

#include <stdio.h>

#include "client/publish/read.h"

/* What is not known has no row; what several results have alike, one cell. */
void machine_write(const struct publish *publish, FILE *out);

#endif
