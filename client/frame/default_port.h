/* The port that is meant where none is given: that of LOPING_PORT, or lopong's own. */
#ifndef LOPING_CLIENT_FRAME_DEFAULT_PORT_H
#define LOPING_CLIENT_FRAME_DEFAULT_PORT_H

#include <stdbool.h>
#include <stdint.h>

/* How --help names it. */
#define DEFAULT_PORT_WORDS "62893, or the port of LOPING_PORT"

/* Reads the environment. Returns false with a sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes) where LOPING_PORT is
 * no port that can be asked. */
bool default_port_find(uint16_t *port, char *problem);

#endif
