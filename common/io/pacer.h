/*
 * Waking the loop at an exact moment; libuv's timers count whole milliseconds. The seam: pacer_linux.c sleeps until a
 * timer of the kernel, pacer_portable.c spins for the last part.
 */
#ifndef LOPING_COMMON_IO_PACER_H
#define LOPING_COMMON_IO_PACER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct pacer;

/* Called in the loop, at or just after the moment that was set. */
typedef void pacer_on_due(void *owner);

/* Returns 0 or a negative UV_ code and no pacer. pacer_close() frees it, later, in the loop. */
int pacer_create(uv_loop_t *loop, pacer_on_due *on_due, void *owner, struct pacer **result);

/* Sets the next moment, by clock_now_ns(); replaces the one before. A moment that is past is due at once. Returns 0 or
 * a negative UV_ code. */
int pacer_set(struct pacer *pacer, uint64_t due_ns);

/* Does it keep the loop running, as it does at first? */
void pacer_hold_loop(struct pacer *pacer, bool holds);

/* NULL is ignored. */
void pacer_close(struct pacer *pacer);

#endif
