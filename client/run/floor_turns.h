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

#include <stdbool.h>

#include "client/run/run.h"

/* Opens the floor and begins the first slice, the workload's. Returns 0 or a negative UV_ code. */
int floor_turns_begin(struct run *run);

/* True when the workload is to send no more until it is told to go on. */
bool floor_turns_is_pausing(const struct run *run);

/* All flows are drained and the workload pauses: runs the floor, and lets the workload go on. */
void floor_turns_take_turn(struct run *run);

/* Closes the timer; part of run_close(). */
void floor_turns_close(struct run *run);

/* After the loop: the figures go into the result, and all is freed. */
void floor_turns_finish(struct run *run);

#endif
