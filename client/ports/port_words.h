/* Which ports somebody typed for `loping ports`: "62893", "8000-8100,62893/tcp", "127.0.0.1:62893", a URL. */
#ifndef LOPING_CLIENT_PORTS_PORT_WORDS_H
#define LOPING_CLIENT_PORTS_PORT_WORDS_H

#include "client/ports/port_rows.h"
#include "common/options/options.h"

/* Adds what the text names to the filter's ranges. No name is looked up but localhost, which is 127.0.0.1 and ::1 (RFC
 * 6761 6.3). Returns false with a sentence in `problem`. */
bool port_words_read(const char *text, struct port_filter *filter, char problem[OPTIONS_PROBLEM_SIZE]);

#endif
