/* `loping lab --reveal`, in a lab. */
#ifndef LOPING_CLIENT_LAB_REVEAL_H
#define LOPING_CLIENT_LAB_REVEAL_H

#include <stdint.h>

#include "client/lab/labs.h"

/* The share that the server of the lab with this seed drops, in percent of the messages. */
double lab_hidden_percent(uint64_t seed);

/* Prints what the lab was, how it was made and why it looks as it does; of a situation, the process becomes `loping
 * check` for the evidence. Returns the exit status. */
int reveal(const struct lab *lab, uint64_t seed);

#endif
