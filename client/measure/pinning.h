/* --cpu: the client stays on one CPU. */
#ifndef LOPING_CLIENT_MEASURE_PINNING_H
#define LOPING_CLIENT_MEASURE_PINNING_H

#include <stdbool.h>
#include <stdint.h>

/* Keeps this thread, and those that it starts later, on the CPU. Says on stderr why not, with the CPUs that there are,
 * and returns false. */
bool pinning_apply(uint64_t cpu);

#endif
