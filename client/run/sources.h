/*
 * From which address of this machine a run's connections come. Each source address has client ports of its own, so when
 * those of 127.0.0.1 are out, the run goes on from 127.0.0.2 and further.
 */
#ifndef LOPING_CLIENT_RUN_SOURCES_H
#define LOPING_CLIENT_RUN_SOURCES_H

#include <stdbool.h>

#include "client/run/run.h"

/* The source for the next connection, written to `source`; NULL: the system picks. */
const struct sockaddr_storage *sources_pick(const struct run *run, struct sockaddr_storage *source);

/* A connection failed with `status`: could it come from the next source address? Then true, and sources_pick() gives
 * that one from now on. */
bool sources_move_on(struct run *run, int status);

#endif
