/*
 * A lock that programs on one machine share by a folder, and that leaves nothing behind: it ends with its descriptor,
 * also when its holder is killed. The seam: folder_lock_posix.c, folder_lock_portable.c (none).
 */
#ifndef LOPING_SERVER_LISTEN_FOLDER_LOCK_H
#define LOPING_SERVER_LISTEN_FOLDER_LOCK_H

#include <stdint.h>
#include <uv.h>

/* Takes the lock of `folder`, and waits for its holder for wait_ms at most (flock(2)). Returns 0
 * and the lock, which the caller releases, or a negative UV_ code: UV_ETIMEDOUT, that of opening the folder, or
 * UV_ENOTSUP where there is no such lock. */
int folder_lock_take(const char *folder, uint64_t wait_ms, uv_file *lock);

/* Lets others have it for a while, and takes it back, for which it needs no access to the folder any more. Taking waits
 * as above; returns 0 or a negative UV_ code. */
void folder_lock_lend(uv_file lock);
int folder_lock_take_back(uv_file lock, uint64_t wait_ms);

void folder_lock_release(uv_file lock);

#endif
