/*
 * When is a warm-up over? Where the user names none, it goes on until the rate has settled, and never longer than
 * WARM_UP_TIMES_MAX times its usual length. Pure arithmetic.
 *
 * The rate of each half of the usual length is compared with that of the half before: caches fill, windows of TCP grow,
 * the scheduler finds places and the CPU its frequency, and all that shows as a rate that moves.
 */
#ifndef LOPING_CLIENT_RUN_WARM_UP_H
#define LOPING_CLIENT_RUN_WARM_UP_H

#include <stdbool.h>
#include <stdint.h>

#define WARM_UP_TIMES_MAX 5
/* The rate has settled when it changes by no more than this share. */
#define WARM_UP_CHANGE_MAX 0.1

struct warm_up {
  uint64_t usual_ns;
  uint64_t begin_ns;
  uint64_t last_ns, last_bytes; /* at the end of the last half */
  uint64_t halves;
  double rate;       /* of the last half, bytes an ns */
  double change;     /* from the half before, as a share; 0 of the first */
  uint64_t taken_ns; /* when it is over: how long it was; 0: not over */
};

void warm_up_begin(struct warm_up *warm_up, uint64_t usual_ns, uint64_t now_ns);

/* After how much time warm_up_add() wants to be told. */
uint64_t warm_up_half_ns(const struct warm_up *warm_up);

/* A half is over, and `bytes` have been moved since the beginning. Returns true when the warm-up is over. */
bool warm_up_add(struct warm_up *warm_up, uint64_t bytes, uint64_t now_ns);

/* Was it longer than usual, by more than a timer may be late? */
bool warm_up_is_extended(const struct warm_up *warm_up);
bool warm_up_has_settled(const struct warm_up *warm_up);

#endif
