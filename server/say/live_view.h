/* What a server does, as lines of a view. Pure. */
#ifndef LOPING_SERVER_SAY_LIVE_VIEW_H
#define LOPING_SERVER_SAY_LIVE_VIEW_H

#include "common/text/style.h"
#include "server/say/live_counts.h"

/* Takes one line, without its end. */
typedef void live_line(void *owner, const char *line);

/* Writes at most `lines` lines of at most style->columns columns, the first of them empty (frame.h). `where`: what is
 * served, escaped. */
void live_view_write(const struct live_counts *counts, const char *where, const struct style *style, size_t lines,
                     live_line *put, void *owner);

#endif
