/* What is done with all connections of a loop at once. */
#ifndef LOPING_SERVER_ECHO_CONNECTIONS_H
#define LOPING_SERVER_ECHO_CONNECTIONS_H

#include <stdint.h>

struct worker;

/* No more reading; what is unsent is sent, then each connection is shut down and closed. */
void connections_drain(struct worker *worker);

/* Closes all at once, and counts those that had unsent echo. */
void connections_cut(struct worker *worker);

/* Closes those without activity for the time that the settings allow, and sets the timer for the next. */
void connections_close_idle(struct worker *worker);

#endif
