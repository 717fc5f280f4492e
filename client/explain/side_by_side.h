/* Two texts for people, side by side. Pure. */
#ifndef LOPING_CLIENT_EXPLAIN_SIDE_BY_SIDE_H
#define LOPING_CLIENT_EXPLAIN_SIDE_BY_SIDE_H

#include "common/text/layout.h"

/* Texts of whole lines, laid out in the halves of so many columns; one below the other where the halves would be too
 * narrow. Returns 0 or UV_ENOMEM, and nothing is written then. */
int side_by_side_write(const char *const texts[2], size_t columns, layout_put *put, void *owner);

#endif
