/* See memory_size.h. */
#include <malloc.h>

#include "common/memory/memory_size.h"

size_t memory_size_of(void *memory) {
  return malloc_usable_size(memory);
}
