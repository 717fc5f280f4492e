/* What stands at a unix socket's path before it is bound, and the removal of a socket that nobody listens on. */
#ifndef LOPING_SERVER_LISTEN_UNIX_PATH_H
#define LOPING_SERVER_LISTEN_UNIX_PATH_H

#include <stdbool.h>

#include "server/listen/explain_bind.h"
#include "server/listen/folder_lock.h"

/* Makes `path` free to be bound. Nothing there: 0. A socket that nobody listens on (left by a server that was killed):
 * removed, 0, and *was_removed is true. Anything else stays as it is: UV_EADDRINUSE, or the code of what failed, with
 * what was found in `state`. */
int unix_path_clear(const char *path, bool *was_removed, enum unix_path_state *state);

/* Makes servers that start on paths of one folder wait for each other, for wait_ms at most: see
 * server/listen/folder_lock.h, whose codes it returns and which releases the lock. */
int unix_path_lock(const char *path, uint64_t wait_ms, uv_file *lock);

/* After a bind that failed with `code`: what is wrong with the path. libuv says EACCES also where the folder does not
 * exist (uv_pipe_bind converts it); the returned code is the true one. */
int unix_path_judge_failure(const char *path, int code, enum unix_path_state *state);

#endif
