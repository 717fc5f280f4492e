/* Windows has named pipes where others have unix sockets: libuv speaks to both by a path. The seam:
 * pipe_name_windows.c, pipe_name_portable.c. */
#ifndef LOPING_COMMON_IO_PIPE_NAME_H
#define LOPING_COMMON_IO_PIPE_NAME_H

#include <stdbool.h>

/* Are there named pipes in place of unix sockets? */
bool pipe_name_is_needed(void);

/* Can it be connected to: is it \\.\pipe\NAME where that is needed, and any path elsewhere? */
bool pipe_name_fits(const char *path);

#endif
