/* See whole_file.h. Through libuv's file calls, which block here: no loop is at work. Must not know what it writes. */
#include "client/frame/whole_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/machine/machine.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"

#define MAY_WRITE        2    /* access(2), W_OK */
#define NEW_FILE_MODE    0666 /* less what the umask takes */
#define PERMISSION_BITS  07777
#define NAMES_TRIED      16
#define NAME_ADDED_BYTES 48

/* The place, the pid, a number. */
#define BESIDE_FORMAT "%s.%d-%u.new"

enum kind { KIND_NOTHING, KIND_PLAIN, KIND_OTHER };

/* What is at the path now; a negative UV_ code where that cannot be told. */
static int look_at(const char *path, enum kind *kind, int *mode) {
  uv_fs_t found;
  int code = uv_fs_stat(NULL, &found, path, NULL);
  unsigned bits = code == 0 ? (unsigned)found.statbuf.st_mode : 0;
  uv_fs_req_cleanup(&found);
  *kind = KIND_NOTHING;
  *mode = -1;
  if (code == UV_ENOENT) return 0;
  if (code != 0) return code;
  if ((bits & S_IFMT) == S_IFDIR) return UV_EISDIR;
  *kind = (bits & S_IFMT) == S_IFREG ? KIND_PLAIN : KIND_OTHER;
  *mode = (int)(bits & PERMISSION_BITS);
  return 0;
}

/* The folder of a path, in memory of its own; NULL: none is left. */
static char *folder_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (slash == NULL) return memory_copy_text(".", 1);
  return memory_copy_text(path, slash == path ? 1 : (size_t)(slash - path));
}

/* Somebody else may have laid it there, to have a file of this user overwritten (proc(5), protected_symlinks). */
static bool is_strange_link(const char *path) {
  uv_fs_t link, folder;
  bool is_link = uv_fs_lstat(NULL, &link, path, NULL) == 0 && (link.statbuf.st_mode & S_IFMT) == S_IFLNK;
  uint64_t owner = is_link ? link.statbuf.st_uid : 0;
  uv_fs_req_cleanup(&link);
  if (!is_link || (int64_t)owner == machine_user_id()) return false;
  char *name = folder_of(path);
  bool is_open_to_all =
      name != NULL && uv_fs_stat(NULL, &folder, name, NULL) == 0 && (folder.statbuf.st_mode & S_IWOTH) != 0;
  if (name != NULL) uv_fs_req_cleanup(&folder);
  free(name);
  return is_open_to_all;
}

/* Where a plain file really is, in memory of its own. */
static int find_place(const char *path, enum kind kind, char **place) {
  uv_fs_t real;
  if (kind == KIND_NOTHING) {
    *place = memory_copy_text(path, strlen(path));
    return *place == NULL ? UV_ENOMEM : 0;
  }
  int code = uv_fs_realpath(NULL, &real, path, NULL);
  *place = code == 0 ? memory_copy_text(real.ptr, strlen(real.ptr)) : NULL;
  uv_fs_req_cleanup(&real);
  return code == 0 && *place == NULL ? UV_ENOMEM : code;
}

/* Is it a file beside `name` that was begun by a loping that is dead by now? */
static bool is_left_behind(const char *entry, const char *name) {
  char again[NAME_ADDED_BYTES];
  size_t length = strlen(name);
  int pid;
  unsigned number;
  if (strncmp(entry, name, length) != 0 || sscanf(entry + length, ".%d-%u.new", &pid, &number) != 2) return false;
  snprintf(again, sizeof again, BESIDE_FORMAT, "", pid, number);
  return pid > 0 && strcmp(entry + length, again) == 0 && uv_kill(pid, 0) == UV_ESRCH;
}

static void remove_own_file(const char *folder, const char *entry) {
  uv_fs_t request;
  size_t bytes = strlen(folder) + strlen(entry) + 2;
  char *path = memory_take(bytes);
  if (path == NULL) return;
  snprintf(path, bytes, "%s/%s", folder, entry);
  bool is_own = uv_fs_lstat(NULL, &request, path, NULL) == 0 && (request.statbuf.st_mode & S_IFMT) == S_IFREG &&
                (int64_t)request.statbuf.st_uid == machine_user_id();
  uv_fs_req_cleanup(&request);
  if (is_own) {
    uv_fs_unlink(NULL, &request, path, NULL);
    uv_fs_req_cleanup(&request);
  }
  free(path);
}

/* One that was killed amid its run could not remove what it had begun. */
static void clear_left_behind(const char *place) {
  uv_fs_t entries;
  uv_dirent_t entry;
  const char *slash = strrchr(place, '/'), *name = slash == NULL ? place : slash + 1;
  char *folder = folder_of(place);
  if (folder == NULL) return;
  int count = uv_fs_scandir(NULL, &entries, folder, 0, NULL);
  while (count > 0 && uv_fs_scandir_next(&entries, &entry) == 0)
    if (is_left_behind(entry.name, name)) remove_own_file(folder, entry.name);
  uv_fs_req_cleanup(&entries);
  free(folder);
}

/* Makes a file beside the place that was not there before. Returns a descriptor or a negative UV_ code. */
static int open_beside(struct whole_file *file) {
  uv_fs_t request;
  size_t bytes = strlen(file->place) + NAME_ADDED_BYTES;
  int descriptor = UV_EEXIST;
  file->beside = memory_take(bytes);
  if (file->beside == NULL) return UV_ENOMEM;
  clear_left_behind(file->place);
  for (unsigned i = 0; i < NAMES_TRIED && descriptor == UV_EEXIST; i++) {
    snprintf(file->beside, bytes, BESIDE_FORMAT, file->place, (int)uv_os_getpid(), i);
    descriptor =
        uv_fs_open(NULL, &request, file->beside, UV_FS_O_WRONLY | UV_FS_O_CREAT | UV_FS_O_EXCL, NEW_FILE_MODE, NULL);
    uv_fs_req_cleanup(&request);
  }
  return descriptor;
}

static int open_straight(const char *path) {
  uv_fs_t request;
  int descriptor = uv_fs_open(NULL, &request, path, UV_FS_O_WRONLY, 0, NULL);
  uv_fs_req_cleanup(&request);
  return descriptor;
}

static void forget(struct whole_file *file) {
  uv_fs_t request;
  if (file->stream != NULL) fclose(file->stream);
  if (file->beside != NULL) {
    uv_fs_unlink(NULL, &request, file->beside, NULL);
    uv_fs_req_cleanup(&request);
  }
  free(file->place);
  free(file->beside);
  memset(file, 0, sizeof *file);
}

int whole_file_open(const char *path, struct whole_file *file) {
  enum kind kind;
  uv_fs_t request;
  memset(file, 0, sizeof *file);
  if (path[0] == '\0') return UV_ENOENT;
  int code = is_strange_link(path) ? UV_ELOOP : look_at(path, &kind, &file->old_mode);
  if (code != 0) return code;
  if (kind != KIND_OTHER) code = find_place(path, kind, &file->place);
  int descriptor = code != 0 ? code : kind == KIND_OTHER ? open_straight(path) : open_beside(file);
  if (descriptor < 0) {
    /* What could not be made is not to be removed. */
    free(file->beside);
    file->beside = NULL;
    forget(file);
    return descriptor;
  }
  file->stream = fdopen(descriptor, "w");
  if (file->stream != NULL) return 0;
  code = uv_translate_sys_error(errno);
  uv_fs_close(NULL, &request, descriptor, NULL);
  uv_fs_req_cleanup(&request);
  forget(file);
  return lack_note(code);
}

/* Everything is on the disk, with the permissions of what was there. */
static int settle(struct whole_file *file) {
  uv_fs_t request;
  errno = 0;
  if (fflush(file->stream) != 0 || ferror(file->stream)) return errno != 0 ? uv_translate_sys_error(errno) : UV_EIO;
  if (file->place == NULL) return 0;
  int code = uv_fs_fsync(NULL, &request, fileno(file->stream), NULL);
  uv_fs_req_cleanup(&request);
  if (code != 0 || file->old_mode < 0) return code;
  code = uv_fs_fchmod(NULL, &request, fileno(file->stream), file->old_mode, NULL);
  uv_fs_req_cleanup(&request);
  return code;
}

int whole_file_keep(struct whole_file *file) {
  uv_fs_t request;
  int code = settle(file);
  if (fclose(file->stream) != 0 && code == 0) code = uv_translate_sys_error(errno);
  file->stream = NULL;
  if (code == 0 && file->place != NULL) {
    code = uv_fs_rename(NULL, &request, file->beside, file->place, NULL);
    uv_fs_req_cleanup(&request);
    if (code == 0) {
      free(file->beside);
      file->beside = NULL;
    }
  }
  forget(file);
  return code;
}

void whole_file_drop(struct whole_file *file) {
  if (file->stream != NULL) forget(file);
}

int whole_file_write(const char *path, const char *bytes, size_t length) {
  struct whole_file file;
  int code = whole_file_open(path, &file);
  if (code != 0) return code;
  errno = 0;
  if (fwrite(bytes, 1, length, file.stream) == length) return whole_file_keep(&file);
  code = errno != 0 ? uv_translate_sys_error(errno) : UV_EIO;
  whole_file_drop(&file);
  return code;
}

int whole_file_try(const char *path) {
  struct whole_file file;
  enum kind kind;
  uv_fs_t request;
  int mode;
  int code = is_strange_link(path) ? UV_ELOOP : look_at(path, &kind, &mode);
  if (code == 0 && kind == KIND_OTHER) {
    code = uv_fs_access(NULL, &request, path, MAY_WRITE, NULL);
    uv_fs_req_cleanup(&request);
    return code;
  }
  if (code == 0) code = whole_file_open(path, &file);
  if (code == 0) whole_file_drop(&file);
  return code;
}

/* A plain file's place is that of its folder and its name, be it there or not. Memory of its own; NULL: not known. */
static char *whole_place_of(const char *path) {
  uv_fs_t real;
  char *folder = folder_of(path), *place = NULL;
  const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
  if (folder != NULL && uv_fs_realpath(NULL, &real, folder, NULL) == 0) {
    size_t bytes = strlen(real.ptr) + strlen(name) + 2;
    place = memory_take(bytes);
    if (place != NULL) snprintf(place, bytes, "%s/%s", (const char *)real.ptr, name);
  }
  if (folder != NULL) uv_fs_req_cleanup(&real);
  free(folder);
  return place;
}

bool whole_file_is_open_as(const char *path, int descriptor) {
  uv_fs_t named, open;
  bool is_same = uv_fs_stat(NULL, &named, path, NULL) == 0 && (named.statbuf.st_mode & S_IFMT) == S_IFREG &&
                 uv_fs_fstat(NULL, &open, descriptor, NULL) == 0;
  if (is_same) {
    is_same = named.statbuf.st_ino == open.statbuf.st_ino && named.statbuf.st_dev == open.statbuf.st_dev;
    uv_fs_req_cleanup(&open);
  }
  uv_fs_req_cleanup(&named);
  return is_same;
}

/* Nothing is cut: what another has written meanwhile is seen here. */
static int refuse_full(int descriptor) {
  uv_fs_t request;
  int code = uv_fs_fstat(NULL, &request, descriptor, NULL);
  bool is_full = code == 0 && (request.statbuf.st_mode & S_IFMT) == S_IFREG && request.statbuf.st_size > 0;
  uv_fs_req_cleanup(&request);
  return is_full ? UV_EEXIST : code;
}

int whole_file_open_live(const char *path, FILE **stream) {
  uv_fs_t request;
  *stream = NULL;
  if (path[0] == '\0') return UV_ENOENT;
  if (is_strange_link(path)) return UV_ELOOP;
  int descriptor =
      uv_fs_open(NULL, &request, path, UV_FS_O_WRONLY | UV_FS_O_CREAT | UV_FS_O_APPEND, NEW_FILE_MODE, NULL);
  uv_fs_req_cleanup(&request);
  if (descriptor < 0) return descriptor;
  int code = refuse_full(descriptor);
  if (code == 0) {
    *stream = fdopen(descriptor, "a");
    if (*stream == NULL) code = lack_note(uv_translate_sys_error(errno));
  }
  if (code == 0) return 0;
  uv_fs_close(NULL, &request, descriptor, NULL);
  uv_fs_req_cleanup(&request);
  return code;
}

bool whole_file_is_same(const char *one, const char *other) {
  uv_fs_t first, second;
  bool has_first = uv_fs_stat(NULL, &first, one, NULL) == 0, has_second = uv_fs_stat(NULL, &second, other, NULL) == 0;
  bool is_device = has_first && (first.statbuf.st_mode & S_IFMT) == S_IFCHR;
  bool is_same = has_first && has_second && first.statbuf.st_ino == second.statbuf.st_ino &&
                 first.statbuf.st_dev == second.statbuf.st_dev;
  uv_fs_req_cleanup(&first);
  uv_fs_req_cleanup(&second);
  if (has_first || has_second) return is_same && !is_device;
  char *first_place = whole_place_of(one), *second_place = whole_place_of(other);
  is_same = first_place != NULL && second_place != NULL && strcmp(first_place, second_place) == 0;
  free(first_place);
  free(second_place);
  return is_same;
}
