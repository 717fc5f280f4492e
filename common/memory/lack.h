/*
 * What this process itself went without: memory or descriptors. Whoever is refused them gives up what it was about and
 * need not say so. The command that ends asks this note, says it in one sentence, and its status is that of a failure:
 * so what was not looked into is not taken for what is not there.
 */
#ifndef LOPING_COMMON_MEMORY_LACK_H
#define LOPING_COMMON_MEMORY_LACK_H

#include <stdbool.h>

/* Is it the code of a lack: UV_ENOMEM, UV_ENOBUFS, UV_EMFILE or UV_ENFILE? */
bool lack_is(int code);

/* Notes a negative UV_ code if it is one of a lack; of several the first stays. Returns the code. */
int lack_note(int code);

/* The same for errno; lack_descriptor() where a descriptor is negative, which it returns. */
void lack_note_errno(void);
int lack_descriptor(int descriptor);

/* The first that was noted in this thread, since it began or since the lack was forgotten; 0: none. */
int lack_code(void);
void lack_forget(void);

/* Was any of them UV_ENOMEM, whatever the first was? */
bool lack_is_of_memory(void);

#endif
