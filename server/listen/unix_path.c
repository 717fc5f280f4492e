/*
 * Stale unix sockets: a server that was killed leaves its path behind, and a bind to it fails for ever after.
 *
 * Only a connect() tells a stale socket from a live one. Two servers that start at the same time must not remove each
 * other's new socket: so a stale one is first moved aside (rename(2) is atomic), tried again under its new name, and
 * only then removed. Must not know listeners.
 */
#include "server/listen/unix_path.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/io/unix_socket.h"
#include "common/machine/machine.h"
#include "common/memory/lack.h"
#include "common/text/clock.h"

/* The folder, with its slash, and the pid of who moves it. */
#define ASIDE_FORMAT "%s.lopong.%d"

struct probe {
  uv_loop_t loop;
  uv_pipe_t pipe;
  uv_connect_t request;
  int code;
};

static void after_connect(uv_connect_t *request, int status) {
  struct probe *probe = request->data;
  probe->code = status;
  uv_close((uv_handle_t *)&probe->pipe, NULL);
}

/* Connects and hangs up. 0: somebody listens; UV_ECONNREFUSED: nobody does. A local connect() is answered at once, also
 * by a stopped server, so there is nothing to wait for. */
static int try_connect(const char *path) {
  struct probe probe;
  int code = uv_loop_init(&probe.loop);
  if (code != 0) return code;
  code = uv_pipe_init(&probe.loop, &probe.pipe, 0);
  if (code == 0) {
    probe.request.data = &probe;
    uv_pipe_connect(&probe.request, &probe.pipe, path, after_connect);
    uv_run(&probe.loop, UV_RUN_DEFAULT);
    code = probe.code;
  }
  int close_code = uv_loop_close(&probe.loop);
  return code != 0 ? code : close_code;
}

static bool is_refused(int code) {
  return code == UV_ECONNREFUSED;
}

/* EAGAIN: its queue of waiting connections is full (unix(7)), so somebody has the socket. */
static bool is_live(int code) {
  return code == 0 || code == UV_EAGAIN;
}

/* What connect() says of the socket itself: no right to write to it, or not one of streams (unix(7)). Every other
 * failure is our own, and tells nothing of who has the path. */
static bool is_of_path(int code) {
  return code == UV_EACCES || code == UV_EPERM || code == -EPROTOTYPE;
}

/* Of a connect() that neither stood nor was refused. */
static int judge_try(int code, enum unix_path_state *state) {
  *state = is_live(code) ? UNIX_PATH_LIVE : is_of_path(code) ? UNIX_PATH_UNKNOWN : UNIX_PATH_UNASKED;
  return *state == UNIX_PATH_UNASKED ? code : UV_EADDRINUSE;
}

/* With its slash, so that it is a folder also where it is the root. */
static void folder_of(const char *path, char folder[ADDRESS_PATH_SIZE]) {
  const char *slash = strrchr(path, '/');
  snprintf(folder, ADDRESS_PATH_SIZE, "%.*s", slash == NULL ? 2 : (int)(slash - path) + 1, slash == NULL ? "./" : path);
}

/* A hidden name in the same folder. False where the folder is so long that it does not fit a socket's address. */
static bool name_aside(const char *path, char aside[ADDRESS_PATH_SIZE]) {
  char folder[ADDRESS_PATH_SIZE];
  folder_of(path, folder);
  int length = snprintf(aside, ADDRESS_PATH_SIZE, ASIDE_FORMAT, folder, (int)uv_os_getpid());
  return length > 0 && length < ADDRESS_PATH_SIZE;
}

static int file_call(int code, uv_fs_t *request) {
  uv_fs_req_cleanup(request);
  return code;
}

/* The socket that was moved aside is live, or could not be asked: gives it its name back, unless another took that
 * meanwhile. */
static void put_back(const char *aside, const char *path) {
  uv_fs_t request;
  if (file_call(uv_fs_link(NULL, &request, aside, path, NULL), &request) == 0)
    file_call(uv_fs_unlink(NULL, &request, aside, NULL), &request);
}

static int remove_stale(const char *path, enum unix_path_state *state) {
  char aside[ADDRESS_PATH_SIZE];
  uv_fs_t request;
  *state = UNIX_PATH_STALE;
  if (!name_aside(path, aside)) return UV_EADDRINUSE;
  int code = file_call(uv_fs_rename(NULL, &request, path, aside, NULL), &request);
  /* Another server, starting at the same moment, was quicker. */
  if (code == UV_ENOENT) return 0;
  if (code != 0) return code;
  code = try_connect(aside);
  if (is_refused(code)) return file_call(uv_fs_unlink(NULL, &request, aside, NULL), &request);
  put_back(aside, path);
  return judge_try(code, state);
}

/* Is it the name of a socket that a server moved aside, and is that server dead? */
static bool is_left_behind(const char *name) {
  char again[64];
  int pid;
  if (sscanf(name, ".lopong.%d", &pid) != 1) return false;
  snprintf(again, sizeof again, ASIDE_FORMAT, "", pid);
  return pid > 0 && strcmp(name, again) == 0 && uv_kill(pid, 0) == UV_ESRCH;
}

static bool is_own_socket(const char *path) {
  uv_fs_t request;
  bool is_own = uv_fs_lstat(NULL, &request, path, NULL) == 0 && (request.statbuf.st_mode & 0170000) == 0140000 &&
                (int64_t)request.statbuf.st_uid == machine_user_id();
  uv_fs_req_cleanup(&request);
  return is_own;
}

/* A server that was killed between moving a socket aside and removing it leaves it there. Only under the folder's lock:
 * then nobody is between the two. */
static void clear_left_behind(const char *folder) {
  char path[ADDRESS_PATH_SIZE];
  uv_fs_t entries, request;
  uv_dirent_t entry;
  if (uv_fs_scandir(NULL, &entries, folder, 0, NULL) < 0) {
    uv_fs_req_cleanup(&entries);
    return;
  }
  while (uv_fs_scandir_next(&entries, &entry) == 0) {
    if (!is_left_behind(entry.name)) continue;
    int length = snprintf(path, sizeof path, "%s%s", folder, entry.name);
    if (length < 0 || (size_t)length >= sizeof path || !is_own_socket(path) || !is_refused(try_connect(path))) continue;
    file_call(uv_fs_unlink(NULL, &request, path, NULL), &request);
  }
  uv_fs_req_cleanup(&entries);
}

static int look_at(const char *path, bool *is_socket) {
  uv_fs_t request;
  int code = uv_fs_lstat(NULL, &request, path, NULL);
  /* 0140000 is S_IFSOCK and 0170000 S_IFMT on every system that has unix sockets (inode(7)). */
  *is_socket = code == 0 && (request.statbuf.st_mode & 0170000) == 0140000;
  return file_call(code, &request);
}

int unix_path_clear(const char *path, bool *was_removed, enum unix_path_state *state) {
  bool is_socket;
  *was_removed = false;
  *state = UNIX_PATH_UNKNOWN;
  if (unix_socket_is_abstract(path)) return 0;
  int code = look_at(path, &is_socket);
  if (lack_is(code)) {
    *state = UNIX_PATH_UNASKED;
    return code;
  }
  /* Whatever else is wrong with the path, the bind will say. */
  if (code != 0) return 0;
  if (!is_socket) {
    *state = UNIX_PATH_NOT_SOCKET;
    return UV_EADDRINUSE;
  }
  code = try_connect(path);
  if (is_refused(code)) {
    code = remove_stale(path, state);
    *was_removed = code == 0;
    return code;
  }
  return code == UV_ENOENT ? 0 : judge_try(code, state);
}

struct folder {
  char path[ADDRESS_PATH_SIZE];
  uint64_t device, inode; /* zeros: there is none */
};

static void find_folder(const char *path, struct folder *folder) {
  uv_fs_t request;
  memset(folder, 0, sizeof *folder);
  folder_of(path, folder->path);
  if (uv_fs_stat(NULL, &request, folder->path, NULL) == 0) {
    folder->device = request.statbuf.st_dev;
    folder->inode = request.statbuf.st_ino;
  }
  uv_fs_req_cleanup(&request);
}

static int compare_folders(const void *one, const void *other) {
  const struct folder *first = one, *second = other;
  if (first->device != second->device) return first->device < second->device ? -1 : 1;
  return (first->inode > second->inode) - (first->inode < second->inode);
}

bool unix_path_is_same(const char *one, const char *other) {
  struct folder first, second;
  if (strcmp(one, other) == 0) return true;
  if (unix_socket_is_abstract(one) || unix_socket_is_abstract(other)) return false;
  const char *slash = strrchr(one, '/'), *other_slash = strrchr(other, '/');
  if (strcmp(slash == NULL ? one : slash + 1, other_slash == NULL ? other : other_slash + 1) != 0) return false;
  find_folder(one, &first);
  find_folder(other, &second);
  return first.inode != 0 && compare_folders(&first, &second) == 0;
}

/* In one order, whatever that of the paths: two servers of the same folders must not each have what the other waits
 * for. A folder is locked once, as a second lock of this very process would wait for the first. */
void unix_path_lock(const char *const *paths, size_t count, uint64_t wait_ms, struct unix_path_locks *locks) {
  struct folder folders[OPTIONS_LIST_MAX];
  size_t folder_count = 0;
  uint64_t end_ns = clock_now_ns() + wait_ms * CLOCK_NS_PER_MS;
  locks->count = 0;
  for (size_t i = 0; i < count; i++)
    if (!unix_socket_is_abstract(paths[i])) find_folder(paths[i], &folders[folder_count++]);
  if (folder_count > 0) qsort(folders, folder_count, sizeof folders[0], compare_folders);
  for (size_t i = 0; i < folder_count; i++) {
    uint64_t now_ns = clock_now_ns(), left_ms = now_ns < end_ns ? (end_ns - now_ns) / CLOCK_NS_PER_MS : 0;
    if (i > 0 && compare_folders(&folders[i], &folders[i - 1]) == 0) continue;
    if (folder_lock_take(folders[i].path, left_ms, &locks->locks[locks->count]) != 0) continue;
    locks->count++;
    clear_left_behind(folders[i].path);
  }
}

void unix_path_lend_locks(const struct unix_path_locks *locks) {
  for (size_t i = 0; i < locks->count; i++)
    folder_lock_lend(locks->locks[i]);
}

void unix_path_take_locks_back(const struct unix_path_locks *locks, uint64_t wait_ms) {
  for (size_t i = 0; i < locks->count; i++)
    (void)folder_lock_take_back(locks->locks[i], wait_ms / locks->count);
}

void unix_path_unlock(struct unix_path_locks *locks) {
  for (size_t i = 0; i < locks->count; i++)
    folder_lock_release(locks->locks[i]);
  locks->count = 0;
}

int unix_path_judge_failure(const char *path, int code, enum unix_path_state *state) {
  char folder[ADDRESS_PATH_SIZE];
  uv_fs_t request;
  if (unix_socket_is_abstract(path)) return code;
  if (code != UV_EACCES && code != UV_ENOENT) return code;
  folder_of(path, folder);
  int folder_code = file_call(uv_fs_stat(NULL, &request, folder, NULL), &request);
  if (folder_code != UV_ENOENT && folder_code != UV_ENOTDIR) {
    *state = UNIX_PATH_FORBIDDEN;
    return code;
  }
  *state = UNIX_PATH_NO_FOLDER;
  return UV_ENOENT;
}
