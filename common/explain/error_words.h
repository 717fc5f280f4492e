/* What error codes mean, in a few words: a failure of either program begins with them. Pure. */
#ifndef LOPING_COMMON_EXPLAIN_ERROR_WORDS_H
#define LOPING_COMMON_EXPLAIN_ERROR_WORDS_H

#include <stddef.h>

/* The first words on a failure, to follow "cannot connect to X: "; the system's own words for a code that has no row.
 * `code` is a negative UV_ code. Writes into `out` what is not a constant, and returns the text. */
const char *explain_code_summary(int code, char *out, size_t out_bytes);

#endif
