/* What the environment says of the port that is meant where the command line names none. Pure. */
#ifndef LOPING_COMMON_OPTIONS_DEFAULT_PORT_H
#define LOPING_COMMON_OPTIONS_DEFAULT_PORT_H

#include <stdbool.h>
#include <stdint.h>

/* The same variable for both programs. */
#define DEFAULT_PORT_VARIABLE "LOPING_PORT"

/* Reads the value of the environment variable `name`: NULL or empty is as unset, and leaves ADDRESS_DEFAULT_PORT.
 * `least` is 0 where 0 means any free port, otherwise 1. Returns false with a sentence in `problem`
 * (OPTIONS_PROBLEM_SIZE bytes). */
bool default_port_read(const char *name, const char *value, uint16_t least, uint16_t *port, char *problem);

#endif
