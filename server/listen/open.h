/* Getting every endpoint of the plan, or saying in plain words why one of them cannot be had. */
#ifndef LOPING_SERVER_LISTEN_OPEN_H
#define LOPING_SERVER_LISTEN_OPEN_H

struct listeners;

/* Opens all listeners: with port 0 on one number that all of them got, with --try-ports on the first that is free.
 * Returns 0, or a negative UV_ code; then none is open and the failure has been announced. */
int open_all(struct listeners *listeners);

#endif
