/* `loping ports --watch`: looks again and again, and shows what came and what went, what is unexpected, what nobody
 * uses. */
#ifndef LOPING_CLIENT_PORTS_WATCH_H
#define LOPING_CLIENT_PORTS_WATCH_H

#include "client/ports/expected.h"
#include "client/ports/ports_settings.h"
#include "common/text/style.h"

struct watch_outcome {
  bool was_unexpected; /* something listened that `expected` does not name */
  int json_code;       /* why the events could not be written: a negative UV_ code; 0 */
};

/* Runs until Ctrl-C, SIGTERM or SIGHUP; UV_EPIPE: nobody reads what it says any more. `expected` is NULL without
 * --expect. Returns 0 or a negative UV_ code. */
int ports_watch(const struct ports_settings *settings, const struct expected_list *expected, const struct style *style,
                struct watch_outcome *outcome);

#endif
