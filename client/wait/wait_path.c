/* See wait_path.h. */
#include "client/wait/wait_path.h"

#include <string.h>
#include <uv.h>

#include "client/check/socket_tables.h"
#include "client/check/unix_file.h"
#include "common/io/unix_socket.h"

#define MAY_WRITE 2
#define MAY_ENTER 1

/* No file tells who has a name, and a bind leaves nothing behind. */
static int try_name(const char *path) {
  uv_os_sock_t made;
  uv_fs_t request;
  struct unix_socket_file file;
  int code = unix_socket_bind(path, &made, &file);
  if (code != 0) return code;
  uv_fs_close(NULL, &request, made, NULL);
  uv_fs_req_cleanup(&request);
  return 0;
}

/* A bind makes a file in the folder. */
static int folder_code(const char *path) {
  char folder[UNIX_FILE_PLACE_SIZE] = ".";
  uv_fs_t request;
  const char *slash = strrchr(path, '/');
  size_t length = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
  if (length >= sizeof folder) return UV_ENAMETOOLONG;
  if (length > 0) {
    memcpy(folder, path, length);
    folder[length] = '\0';
  }
  int code = uv_fs_access(NULL, &request, folder, MAY_WRITE | MAY_ENTER, NULL);
  uv_fs_req_cleanup(&request);
  return code;
}

static bool is_seen_listening(const char *path) {
  struct port_facts facts = {.probe = {.outcome = PROBE_NOT_TRIED}};
  tables_read_unix_listener(path, &facts);
  return facts.listener.is_known && facts.listener.is_here;
}

int wait_path_bind_code(const char *path, bool *is_to_be_asked) {
  struct unix_file file;
  *is_to_be_asked = false;
  if (unix_socket_is_abstract(path)) return try_name(path);
  unix_file_look(path, &file);
  switch (file.state) {
    case UNIX_FILE_NONE:
      return folder_code(path);
    case UNIX_FILE_NO_FOLDER:
      return UV_ENOENT;
    case UNIX_FILE_SHUT_FOLDER:
      return UV_EACCES;
    case UNIX_FILE_SOCKET:
    case UNIX_FILE_SHUT:
      *is_to_be_asked = !is_seen_listening(path);
      return UV_EADDRINUSE;
    default:
      return UV_EADDRINUSE;
  }
}
