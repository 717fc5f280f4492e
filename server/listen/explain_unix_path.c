/* Why a unix socket's path could not be bound, in words. What stands at the path decides more than the code, because
 * libuv reports a missing folder as EACCES. Pure. */
#include <string.h>

#include "common/io/unix_socket.h"
#include "common/text/safe_text.h"
#include "server/listen/explain_bind_rows.h"

#define PATH_TEXT_BYTES (4 * ADDRESS_PATH_SIZE)

static const char *path_text(const struct bind_failure *failure, char out[PATH_TEXT_BYTES]) {
  safe_text_copy(failure->wanted.path, strlen(failure->wanted.path), out, PATH_TEXT_BYTES);
  return out;
}

/* The folder of the path; "." where it names none. */
static const char *folder_text(const struct bind_failure *failure, char out[PATH_TEXT_BYTES]) {
  const char *slash = strrchr(failure->wanted.path, '/');
  size_t length = slash == NULL ? 0 : (size_t)(slash - failure->wanted.path);
  if (slash == NULL)
    safe_text_copy(".", 1, out, PATH_TEXT_BYTES);
  else
    safe_text_copy(failure->wanted.path, length > 0 ? length : 1, out, PATH_TEXT_BYTES);
  return out;
}

static bool is_live(const struct bind_failure *failure) {
  return failure->path_state == UNIX_PATH_LIVE;
}
static bool is_stale(const struct bind_failure *failure) {
  return failure->path_state == UNIX_PATH_STALE;
}
static bool is_not_socket(const struct bind_failure *failure) {
  return failure->path_state == UNIX_PATH_NOT_SOCKET;
}
static bool is_no_folder(const struct bind_failure *failure) {
  return failure->path_state == UNIX_PATH_NO_FOLDER;
}
static bool is_forbidden(const struct bind_failure *failure) {
  return failure->path_state == UNIX_PATH_FORBIDDEN;
}

static bool is_unasked(const struct bind_failure *failure) {
  return failure->path_state == UNIX_PATH_UNASKED;
}

static bool is_name_taken(const struct bind_failure *failure) {
  return unix_socket_is_abstract(failure->wanted.path) && failure->code == UV_EADDRINUSE;
}

/* An abstract name has no file: its socket is the only one that can have it. */
static void write_name_taken(const struct bind_failure *failure, const struct explain_holders *holders,
                             struct explanation *out) {
  char path[PATH_TEXT_BYTES];
  path_text(failure, path);
  explain_cause(out, "A socket has the abstract name %s; the name is free as soon as that socket is closed.", path);
  if (holders->count > 0) explain_who_holds(out, holders->sockets[0], failure->now, failure->own_user_id);
  if (explain_is_program(holders, "lopong")) explain_step(out, "use the lopong that runs there: loping unix:%s", path);
  explain_step(out, "use another name: lopong --unix %.180s.2", path);
  explain_how_to_stop(out, holders, failure->own_user_id);
  explain_how_to_see(out, holders, machine_words()->show_unix_holder, path, failure->own_user_id);
}

static void write_live(const struct bind_failure *failure, const struct explain_holders *holders,
                       struct explanation *out) {
  char path[PATH_TEXT_BYTES];
  path_text(failure, path);
  explain_cause(out, "A server already listens on %s. lopong never deletes a socket that is in use.", path);
  if (holders->count > 0) explain_who_holds(out, holders->sockets[0], failure->now, failure->own_user_id);
  if (explain_is_program(holders, "lopong")) {
    explain_cause(out, "A lopong already runs there: `loping unix:%s` can use it.", path);
    explain_step(out, "use the lopong that runs there: loping unix:%s", path);
  }
  explain_step(out, "use another path: lopong --unix %.180s.2", path);
  explain_how_to_stop(out, holders, failure->own_user_id);
  explain_how_to_see(out, holders, machine_words()->show_unix_holder, path, failure->own_user_id);
}

static void write_stale(const struct bind_failure *failure, const struct explain_holders *holders,
                        struct explanation *out) {
  char path[PATH_TEXT_BYTES];
  (void)holders;
  explain_cause(out, "%s is a socket that a program left behind: nobody listens on it.", path_text(failure, path));
  explain_step(out, "remove it: rm %s", path);
  explain_step(out, "or use another path: lopong --unix %.180s.2", path);
}

static void write_not_socket(const struct bind_failure *failure, const struct explain_holders *holders,
                             struct explanation *out) {
  char path[PATH_TEXT_BYTES];
  (void)holders;
  explain_cause(out, "%s exists and is not a socket. lopong does not touch it.", path_text(failure, path));
  explain_step(out, "use another path: lopong --unix %.180s.sock", path);
  explain_step(out, "see what it is: ls -ld %s", path);
}

static void write_no_folder(const struct bind_failure *failure, const struct explain_holders *holders,
                            struct explanation *out) {
  char folder[PATH_TEXT_BYTES];
  (void)holders;
  explain_cause(out, "The folder %s does not exist.", folder_text(failure, folder));
  explain_step(out, "make it: mkdir -p %s", folder);
}

static void write_forbidden(const struct bind_failure *failure, const struct explain_holders *holders,
                            struct explanation *out) {
  char folder[PATH_TEXT_BYTES], user[EXPLAIN_USER_SIZE];
  (void)holders;
  explain_cause(out, "The folder %s may not be written to by %s.", folder_text(failure, folder),
                explain_user(failure->own_user_id, user));
  explain_step(out, "use a folder of your own: lopong --unix \"$HOME/lopong.sock\"");
  explain_step(out, "see its owner: ls -ld %s", folder);
}

static void write_unasked(const struct bind_failure *failure, const struct explain_holders *holders,
                          struct explanation *out) {
  char path[PATH_TEXT_BYTES];
  (void)holders;
  explain_cause(out, "Whether a server listens on %s could not be found out, so lopong left it as it is.",
                path_text(failure, path));
  explain_step(out, "start lopong again when the system gives what it refused now");
  explain_step(out, "or use another path: lopong --unix %.180s.2", path);
}

static void write_too_long(const struct bind_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  (void)failure;
  (void)holders;
  explain_cause(out, "The path of a unix socket has %d bytes at most.", ADDRESS_PATH_SIZE - 1);
  explain_step(out, "use a shorter path, such as: lopong --unix /tmp/lopong.sock");
}

static void write_exists(const struct bind_failure *failure, const struct explain_holders *holders,
                         struct explanation *out) {
  char path[PATH_TEXT_BYTES];
  (void)holders;
  explain_cause(out, "Something exists at %s already, and bind() never replaces a file.", path_text(failure, path));
  explain_step(out, "use another path: lopong --unix %.180s.2", path);
  explain_step(out, "see what it is: ls -ld %s", path);
}

static const struct explain_bind_row rows[] = {
    {{0}, is_name_taken, explain_is_listener, "the name is in use", write_name_taken},
    {{0}, is_name_taken, NULL, "the name is in use", write_name_taken},
    {{0}, is_live, explain_is_listener, "the path is in use", write_live},
    {{0}, is_live, NULL, "the path is in use", write_live},
    {{0}, is_stale, NULL, "the path is taken by a dead socket", write_stale},
    {{0}, is_not_socket, NULL, "the path is taken by another file", write_not_socket},
    {{0}, is_no_folder, NULL, "its folder does not exist", write_no_folder},
    {{0}, is_forbidden, NULL, "its folder may not be written", write_forbidden},
    {{0}, is_unasked, NULL, NULL, write_unasked},
    {{UV_ENAMETOOLONG, UV_EINVAL}, NULL, NULL, "the path is too long", write_too_long},
    {{UV_EADDRINUSE}, NULL, NULL, "the path is in use", write_exists},
    {{UV_EACCES, UV_EPERM}, NULL, NULL, "not allowed", write_forbidden},
};

const struct explain_bind_table explain_unix_path = {rows, sizeof rows / sizeof rows[0]};
