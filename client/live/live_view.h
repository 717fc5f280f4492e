/* A run as lines of a view: facts in, text out. Pure. */
#ifndef LOPING_CLIENT_LIVE_LIVE_VIEW_H
#define LOPING_CLIENT_LIVE_LIVE_VIEW_H

#include "client/live/live_facts.h"
#include "common/text/style.h"

/* Takes one line, without its end. */
typedef void live_line(void *owner, const char *line);

/* Writes at most `lines` lines of at most style->columns columns, the first of them empty (frame.h); as long as a run
 * lasts their number stays the same. What has no room is left out: the charts first. */
void live_view_write(const struct live_facts *facts, const struct style *style, size_t lines, live_line *put,
                     void *owner);

#endif
