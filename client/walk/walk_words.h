/* The steps of a walk in sentences: what was called, which packets went, what both ends are now, and the command that
 * shows it. Pure. */
#ifndef LOPING_CLIENT_WALK_WALK_WORDS_H
#define LOPING_CLIENT_WALK_WALK_WORDS_H

#include "client/walk/walk.h"

#define WALK_WORDS_SIZE 2048

/* Whole lines, to be laid out (layout.h). `number`: which step of all it is, from 1.
 * Returns `out`. */
const char *walk_words(const struct walk_facts *facts, unsigned number, char out[WALK_WORDS_SIZE]);

/* "client ESTABLISHED, server CLOSE_WAIT"; what the tables do not tell is left out. */
const char *walk_words_ends(const struct walk_facts *facts, char out[128]);

#endif
