/* See unix_file.h. The bits of a mode are those of inode(7), the same on every system that has unix sockets. */
#include "client/check/unix_file.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "client/sockets/unix_table.h"
#include "common/io/unix_socket.h"

#define KIND_MASK   0170000u
#define KIND_SOCKET 0140000u
#define KIND_LINK   0120000u
#define KIND_FOLDER 0040000u
#define MAY_WRITE   2
#define MAY_ENTER   1
/* Linux follows 40 links and says ELOOP then. */
#define LINKS_MAX 40

static int stat_of(const char *path, bool follows, uv_stat_t *told) {
  uv_fs_t request;
  int code = follows ? uv_fs_stat(NULL, &request, path, NULL) : uv_fs_lstat(NULL, &request, path, NULL);
  *told = request.statbuf;
  uv_fs_req_cleanup(&request);
  return code;
}

static int access_to(const char *path, int mode) {
  uv_fs_t request;
  int code = uv_fs_access(NULL, &request, path, mode, NULL);
  uv_fs_req_cleanup(&request);
  return code;
}

static void note_place(const char *place, const uv_stat_t *told, struct unix_file *file) {
  snprintf(file->place, sizeof file->place, "%s", place);
  if (told == NULL) return;
  file->mode = told->st_mode;
  file->uid = (int64_t)told->st_uid;
  file->gid = (int64_t)told->st_gid;
  file->made = told->st_mtim.tv_sec;
  unix_table_owner_names(file->uid, file->gid, file->user, file->group);
}

/* One folder of the path. False: the way ends there. */
static bool enter(const char *folder, struct unix_file *file) {
  uv_stat_t told;
  int code = stat_of(folder, true, &told);
  file->state = UNIX_FILE_NO_FOLDER;
  if (code == UV_ENOENT || code == UV_ENOTDIR) {
    note_place(folder, NULL, file);
    return false;
  }
  if (code == 0 && (told.st_mode & KIND_MASK) != KIND_FOLDER) {
    note_place(folder, &told, file);
    return false;
  }
  if (code == 0 && access_to(folder, MAY_ENTER) == 0) return true;
  file->state = code == UV_ELOOP ? UNIX_FILE_UNKNOWN : UNIX_FILE_SHUT_FOLDER;
  note_place(folder, code == 0 ? &told : NULL, file);
  return false;
}

static bool enter_folders(const char *path, struct unix_file *file) {
  char folder[UNIX_FILE_PLACE_SIZE];
  for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
    int length = slash == path ? 1 : (int)(slash - path);
    snprintf(folder, sizeof folder, "%.*s", length, path);
    if (!enter(folder, file)) return false;
  }
  return true;
}

/* Where the link at `path` leads to, as a path from here. False where that cannot be read. */
static bool follow(char path[UNIX_FILE_PLACE_SIZE]) {
  uv_fs_t request;
  char target[UNIX_FILE_PLACE_SIZE];
  const char *slash = strrchr(path, '/');
  int folder_length = slash == NULL ? 0 : (int)(slash - path) + 1;
  bool is_read = uv_fs_readlink(NULL, &request, path, NULL) == 0;
  const char *link = is_read ? request.ptr : "";
  int length = snprintf(target, sizeof target, "%.*s%s", link[0] == '/' ? 0 : folder_length, path, link);
  uv_fs_req_cleanup(&request);
  if (!is_read || length < 0 || (size_t)length >= sizeof target) return false;
  memcpy(path, target, (size_t)length + 1);
  return true;
}

void unix_file_look(const char *path, struct unix_file *file) {
  char place[UNIX_FILE_PLACE_SIZE];
  uv_stat_t told;
  memset(file, 0, sizeof *file);
  snprintf(place, sizeof place, "%s", path);
  if (unix_socket_is_abstract(path)) {
    file->state = UNIX_FILE_ABSTRACT;
    return;
  }
  for (int links = 0; links < LINKS_MAX; links++) {
    if (!enter_folders(place, file)) return;
    int code = stat_of(place, false, &told);
    file->state = code == UV_ENOENT ? UNIX_FILE_NONE : UNIX_FILE_UNKNOWN;
    note_place(place, code == 0 ? &told : NULL, file);
    if (code != 0) return;
    if ((told.st_mode & KIND_MASK) != KIND_LINK) break;
    if (!follow(place)) return;
  }
  if ((told.st_mode & KIND_MASK) == KIND_LINK) return; /* they lead in a circle */
  if ((told.st_mode & KIND_MASK) != KIND_SOCKET)
    file->state = UNIX_FILE_OTHER;
  else
    file->state = access_to(place, MAY_WRITE) == 0 ? UNIX_FILE_SOCKET : UNIX_FILE_SHUT;
}

static char kind_letter(uint64_t mode) {
  static const struct {
    unsigned kind;
    char letter;
  } kinds[] = {{KIND_SOCKET, 's'}, {KIND_LINK, 'l'}, {KIND_FOLDER, 'd'},
               {0060000u, 'b'},    {0020000u, 'c'},  {0010000u, 'p'}};
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    if ((mode & KIND_MASK) == kinds[i].kind) return kinds[i].letter;
  return '-';
}

const char *unix_file_mode_text(uint64_t mode, char out[UNIX_FILE_MODE_SIZE]) {
  static const char letters[] = "rwxrwxrwx";
  out[0] = kind_letter(mode);
  for (int i = 0; i < 9; i++) {
    out[1 + i] = letters[i];
    if ((mode & (0400u >> i)) == 0) out[1 + i] = '-';
  }
  out[10] = '\0';
  return out;
}

const char *unix_file_kind_text(uint64_t mode) {
  switch (kind_letter(mode)) {
    case 's':
      return "a socket";
    case 'd':
      return "a folder";
    case 'b':
    case 'c':
      return "a device";
    case 'p':
      return "a named pipe (FIFO)";
    default:
      return "a regular file";
  }
}
