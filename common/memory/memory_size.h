/* How much room a piece of the heap has. */
#ifndef LOPING_COMMON_MEMORY_MEMORY_SIZE_H
#define LOPING_COMMON_MEMORY_MEMORY_SIZE_H

#include <stddef.h>

/* At least the bytes that it was taken for; 0 where the system does not tell. */
size_t memory_size_of(void *memory);

#endif
