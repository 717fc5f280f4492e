/* --live: the view of what the server does, at the end of its terminal. What else is said there stands above it. */
#ifndef LOPING_SERVER_LIVE_H
#define LOPING_SERVER_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/text/style.h"

struct live;
struct outbox;
struct plan;
struct settings;
struct worker;

#define LIVE_PROBLEM_SIZE 256

/* Can there be one? False with a sentence in `problem`. */
bool live_is_possible(const struct settings *settings, char problem[LIVE_PROBLEM_SIZE]);

/* Begins it in the first worker's loop, whose counts and those of its pool it shows; the clock counts from started_ns.
 * Returns 0 or a negative UV_ code. */
int live_begin(struct worker *first, const struct plan *plan, uint64_t started_ns, struct live **begun);

/* Takes the view away. The loop has to run once more before live_free(). NULL is ignored by both. */
void live_end(struct live *live);
void live_free(struct live *live);

#endif
