/* The payload sizes of a sweep. Pure. */
#ifndef LOPING_CLIENT_MEASURE_SWEEP_H
#define LOPING_CLIENT_MEASURE_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SWEEP_SIZES_MAX    24
#define SWEEP_SIZE_MAX     (1024 * 1024)
#define SWEEP_PROBLEM_SIZE 256

/* Reads "64,1KiB,64KiB": 1 to SWEEP_SIZES_MAX sizes from 1 B to 1 MiB, each larger than the one before. NULL means 1 B
 * to 1 MiB, each four times the one before. Returns false with a sentence in `problem` (SWEEP_PROBLEM_SIZE bytes). */
bool sweep_parse_sizes(const char *text, uint64_t sizes[SWEEP_SIZES_MAX], size_t *count, char *problem);

#endif
