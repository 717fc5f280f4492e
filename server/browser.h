/* What the root does for browsers: makes the desk that all threads share, and with --http lays the counts of all of
 * them there once a second. */
#ifndef LOPING_SERVER_BROWSER_H
#define LOPING_SERVER_BROWSER_H

#include <stdint.h>

struct browser;
struct worker;

/* Makes first->http where a page is to be given, or a browser to be spoken of; before the pool starts. The clock counts
 * from started_ns. Returns 0 or a negative UV_ code; `begun` is then to be freed as well. */
int browser_begin(struct worker *first, uint64_t started_ns, struct browser **begun);

/* After all loops have ended. NULL is ignored. */
void browser_free(struct browser *browser);

#endif
