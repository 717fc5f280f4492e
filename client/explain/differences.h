/* What tells two words apart that are often taken for one another. Pure. */
#ifndef LOPING_CLIENT_EXPLAIN_DIFFERENCES_H
#define LOPING_CLIENT_EXPLAIN_DIFFERENCES_H

/* Whole sentences; NULL: of these two nothing is said. The names are those of the rows of the tables of words, or
 * addresses as they are printed; their order does not matter. */
const char *difference_of(const char *one, const char *other);

#endif
