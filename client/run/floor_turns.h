/*
 * --floor: the bare round trips of client/run/floor.h, in turns between those of the workload, so that both are
 * measured in the same seconds and never at once.
 *
 *   workload | floor | workload | floor | ...      SLICE each; the workload's clock stands still during the floor's
 *
 * When the workload's slice is over, nothing more is sent; when the last reply has come, the floor runs, on this very
 * thread; then the workload goes on.
 */
#ifndef LOPING_CLIENT_RUN_FLOOR_TURNS_H
#define LOPING_CLIENT_RUN_FLOOR_TURNS_H

#include "client/run/run.h"

extern const struct run_turns floor_turns;

#endif
