/* What stands at a unix socket's path before it is bound, and the removal of a socket that nobody listens on. */
#ifndef LOPING_SERVER_LISTEN_UNIX_PATH_H
#define LOPING_SERVER_LISTEN_UNIX_PATH_H

#include <stdbool.h>

#include "common/options/options.h"
#include "server/listen/explain_bind.h"
#include "server/listen/folder_lock.h"

/* Makes `path` free to be bound. An abstract name, or nothing there: 0. A socket that nobody listens on (left by a
 * server that was killed): removed, 0, and *was_removed is true. Anything else stays as it is: UV_EADDRINUSE, or the
 * code of what failed, with what was found in `state`: UNIX_PATH_UNASKED where the failure was our own. */
int unix_path_clear(const char *path, bool *was_removed, enum unix_path_state *state);

/* The folders of the paths of one server. */
struct unix_path_locks {
  size_t count;
  uv_file locks[OPTIONS_LIST_MAX];
};

/* Makes servers that start on paths of one folder wait for each other, for wait_ms at most in all: see
 * server/listen/folder_lock.h. A folder whose lock cannot be had is left out. What servers that were killed have left
 * in the folders is removed. */
void unix_path_lock(const char *const *paths, size_t count, uint64_t wait_ms, struct unix_path_locks *locks);
void unix_path_unlock(struct unix_path_locks *locks);

/* Lets other servers bind in these folders, and takes the locks back for a removal: what a path names cannot change
 * then between the look and the removal. Where a lock is not to be had in time, only that moment is not guarded. */
void unix_path_lend_locks(const struct unix_path_locks *locks);
void unix_path_take_locks_back(const struct unix_path_locks *locks, uint64_t wait_ms);

/* Do both name one file, by the folder and the last part, or one abstract name? */
bool unix_path_is_same(const char *one, const char *other);

/* After a bind that failed with `code`: what is wrong with the path. libuv says EACCES also where the folder does not
 * exist (uv_pipe_bind converts it); the returned code is the true one. */
int unix_path_judge_failure(const char *path, int code, enum unix_path_state *state);

#endif
