/* What a wait came to, as text and as the result file. Knows results; waits for nothing. */
#ifndef LOPING_CLIENT_WAIT_WAIT_REPORT_H
#define LOPING_CLIENT_WAIT_WAIT_REPORT_H

#include <jansson.h>
#include <stddef.h>

#include "client/wait/waiting.h"

#define WAIT_SENTENCE_SIZE 1024

/* "127.0.0.1:8080 (tcp) answers, after 1.2 s". Writes into `out` (WAIT_SENTENCE_SIZE bytes) and returns it. */
const char *wait_report_reached(const struct waiting *waiting, const struct wait_port *port,
                                char out[WAIT_SENTENCE_SIZE]);

/* What did not come, and what was seen last: "127.0.0.1:8080 (tcp) does not answer after 30 s". The same way. */
const char *wait_report_missed(const struct waiting *waiting, const struct wait_port *port,
                               char out[WAIT_SENTENCE_SIZE]);

/* One port's object; `check` is what check found of it (taken over), or NULL. */
json_t *wait_report_object(const struct waiting *waiting, const struct wait_port *port, json_t *check);

#endif
