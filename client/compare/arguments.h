/* Options of compare that take several files. */
#ifndef LOPING_CLIENT_COMPARE_ARGUMENTS_H
#define LOPING_CLIENT_COMPARE_ARGUMENTS_H

#include <stddef.h>

#include "common/options/options.h"

/* getopt_long(3) gives an option one value. This writes "--base A B C" as "--base A --base B --base C", for each option
 * that is a list: the words behind its value, up to the next option, are values of it, too. `out` has room for twice
 * `argc` and one more, and ends with NULL. Returns the number of arguments. The words themselves stay the caller's. */
int compare_spread_lists(const struct option_row *rows, size_t row_count, int argc, char **argv, char **out);

#endif
