/*
 * The orderly end of one loop: no new connections, one more round for what has arrived already, then what is unsent is
 * sent.
 */
/* clang-format off */
/*
 *   SERVING --shutdown_begin()--> LAST_ROUND --one turn of the loop--> DRAINING --all closed--> end
 *                                      \__________________________________/
 *                                                       |
 *                        shutdown_cut(), or the drain takes too long: all is cut --> end
 */
/* clang-format on */
#ifndef LOPING_SERVER_SHUTDOWN_H
#define LOPING_SERVER_SHUTDOWN_H

#include <uv.h>

enum shutdown_phase { SHUTDOWN_SERVING, SHUTDOWN_LAST_ROUND, SHUTDOWN_DRAINING };

struct listeners;
struct worker;

struct shutdown {
  struct worker *worker;
  struct listeners *listeners; /* NULL: another thread has them */
  enum shutdown_phase phase;
  unsigned rounds;
  uv_idle_t last_round;
  uv_timer_t drain_timer;
};

/* Makes the handles; `listeners` may be NULL. Returns 0 or a negative UV_ code. */
int shutdown_init(struct shutdown *shutdown, struct worker *worker, struct listeners *listeners);

/* Ends the loop in good order: a last round, then what is unsent is sent, for 2 s at most. */
void shutdown_begin(struct shutdown *shutdown);

/* Ends it at once, after shutdown_begin(). What had echo unsent is counted in the worker's cut_connections. */
void shutdown_cut(struct shutdown *shutdown);

#endif
