/*
 * Memory, whose lack is noted (lack.h).
 *
 * libuv ends the process where its own tables cannot grow. Its memory comes from a small reserve then, so that it never
 * has to; the note is made when half of that is used.
 */
#ifndef LOPING_COMMON_MEMORY_MEMORY_H
#define LOPING_COMMON_MEMORY_MEMORY_H

#include <stddef.h>

/* As malloc(), calloc(), realloc() and strndup(), and freed with free(); NULL is noted. */
void *memory_take(size_t bytes);
void *memory_take_zeroed(size_t count, size_t bytes);
void *memory_grow(void *old, size_t bytes);
char *memory_copy_text(const char *text, size_t length);

/* The same from the reserve, where the system has none, for libraries that do not stand a NULL: noted when half
 * of the reserve is used. Freed with memory_give_back() alone. */
void *memory_take_surely(size_t bytes);
void memory_give_back(void *memory);

/* Has libuv take its memory here. To be called before anything else of libuv, and before the first thread. */
void memory_serve_libuv(void);

#endif
