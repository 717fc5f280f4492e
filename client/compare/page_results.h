/* The results inside a page that --html or `loping report` wrote. Pure. */
#ifndef LOPING_CLIENT_COMPARE_PAGE_RESULTS_H
#define LOPING_CLIENT_COMPARE_PAGE_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

/* Do the first bytes of a file say that it is a page? */
bool page_begins(const char *bytes, size_t length);

/* How many results are in it; of the first, where it begins and how long it is. */
size_t page_results(const char *bytes, size_t length, const char **result, size_t *result_length);

#endif
