/* See advice_unix.h. It must not decide anything. */
#include "client/check/advice_unix.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/check/firewall/nft_name.h"
#include "common/explain/explain_text.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define PLACE_TEXT_SIZE (4 * UNIX_FILE_PLACE_SIZE)
#define GROUP_MAY_ENTER 0010u
#define GROUP_MAY_WRITE 0020u

static const struct unix_file *file_of(const struct advice_context *context) {
  return &context->examination->file;
}

static const char *place_of(const struct advice_context *context, char out[PLACE_TEXT_SIZE]) {
  const char *place = file_of(context)->place;
  safe_text_copy(place, strlen(place), out, PLACE_TEXT_SIZE);
  return out;
}

/* As a shell takes it. */
static const char *quoted_path(const struct advice_context *context, char out[PLACE_TEXT_SIZE]) {
  const char *path = context->examination->target.path;
  if (!nft_name_quote(path, out, PLACE_TEXT_SIZE)) safe_text_copy(path, strlen(path), out, PLACE_TEXT_SIZE);
  return out;
}

/* "srwxr-x---, user root, group docker" */
static const char *rights_of(const struct unix_file *file, char out[320]) {
  char mode[UNIX_FILE_MODE_SIZE], user[128], group[128];
  safe_text_copy(file->user, strlen(file->user), user, sizeof user);
  safe_text_copy(file->group, strlen(file->group), group, sizeof group);
  if (file->mode == 0)
    snprintf(out, 320, "its owner and mode are not to be seen");
  else
    snprintf(out, 320, "%s, user %s, group %s", unix_file_mode_text(file->mode, mode), user, group);
  return out;
}

static void note_file(const struct advice_context *context, struct advice *out) {
  const struct unix_file *file = file_of(context);
  char place[PLACE_TEXT_SIZE], rights[320], made[CLOCK_UTC_TEXT_SIZE];
  place_of(context, place);
  rights_of(file, rights);
  switch (file->state) {
    case UNIX_FILE_ABSTRACT:
      advice_note(out, "It is an abstract name: no file has it, and it is known in this network namespace alone.");
      return;
    case UNIX_FILE_NONE:
      advice_note(out, "Every folder of the path is there, but no %s.", place);
      return;
    case UNIX_FILE_NO_FOLDER:
      if (file->mode == 0)
        advice_note(out, "The folder %s is not there.", place);
      else
        advice_note(out, "%s is %s, and the path goes through it as through a folder.", place,
                    unix_file_kind_text(file->mode));
      return;
    case UNIX_FILE_OTHER:
      advice_note(out, "%s is %s (%s).", place, unix_file_kind_text(file->mode), rights);
      return;
    case UNIX_FILE_SHUT_FOLDER:
      advice_note(out, "The folder %s: %s.", place, rights);
      return;
    case UNIX_FILE_SHUT:
    case UNIX_FILE_SOCKET:
      clock_utc_text(file->made, made);
      advice_note(out, "The file %s is a socket: %s, bound %s.", place, rights, made);
      return;
    case UNIX_FILE_UNKNOWN:
      advice_note(out, "The path could not be followed to its end.");
      return;
  }
}

static const char *kind_words(enum unix_socket_kind kind) {
  static const char *const words[] = {[UNIX_SOCKET_UNKNOWN] = "socket",
                                      [UNIX_SOCKET_STREAM] = "stream socket",
                                      [UNIX_SOCKET_DATAGRAM] = "datagram socket",
                                      [UNIX_SOCKET_SEQPACKET] = "seqpacket socket"};
  return words[kind];
}

static void note_socket(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  const struct listener_facts *listener = &facts->listener;
  const char *kind = kind_words(facts->at_path.kind);
  char counted[UNITS_COUNTED_SIZE], code[32];
  explain_code_name(listener->code, code);
  if (facts->at_path.file == UNIX_FILE_SHUT_FOLDER && !listener->is_here && !facts->at_path.is_file_gone)
    return; /* what is behind it is not seen */
  if (facts->at_path.is_other_space)
    advice_note(out, "The socket that listens lives in another network namespace, as a container's does.");
  else if (!listener->is_known && listener->code != 0)
    advice_note(out, "Which socket listens there is not known: %s.", code);
  else if (!listener->is_known)
    advice_note(out, "Which socket listens there is not shown here.");
  else if (facts->at_path.is_file_gone)
    advice_note(out, "A %s was bound to this path and is still there, but has lost its file.", kind);
  else if (listener->only_bound)
    advice_note(out, "A %s has the path, but does not listen: listen() was not called on it.", kind);
  else if (listener->is_here && facts->at_path.kind == UNIX_SOCKET_DATAGRAM)
    advice_note(out, "A datagram socket receives there; %s unread.",
                units_format_counted(listener->unread_bytes, "byte in it is", "bytes in it are", counted));
  else if (listener->is_here)
    advice_note(out, "A %s listens there; %" PRIu32 " connection%s wait%s to be accepted, %" PRIu32 " may.", kind,
                listener->queued, listener->queued == 1 ? "" : "s", listener->queued == 1 ? "s" : "",
                listener->queue_limit);
  else
    advice_note(out, "No socket of this network namespace listens there.");
}

void advice_unix_note_place(const struct advice_context *context, struct advice *out) {
  note_file(context, out);
  note_socket(context, out);
}

void advice_unix_note_half(const struct advice_context *context, struct advice *out) {
  const struct examination *examination = context->examination;
  const struct server_half_facts *half = &examination->facts.server_half;
  const struct port_socket *holder = advice_holder(context);
  enum probe_answer answer = examination->facts.probe.answer;
  char counted[UNITS_COUNTED_SIZE];
  char command[4 * sizeof examination->listener_command];
  if (half->is_found && (answer == ANSWER_SILENT || answer == ANSWER_QUIET))
    advice_note(out, "On the server's side, %s; %s there to be read.",
                half->is_accepted ? "a process has the connection" : "no process has accepted the connection",
                units_format_counted(half->unread_bytes, "byte waits", "bytes wait", counted));
  if (half->listener_pid <= 0 || (holder != NULL && holder->process_count > 0)) return;
  safe_text_copy(examination->listener_command, strlen(examination->listener_command), command, sizeof command);
  advice_note(out, "Process %" PRId64 " (%s) called listen() there, says the kernel (SO_PEERCRED).", half->listener_pid,
              command[0] != '\0' ? command : "its name is not to be seen");
}

static void suggest_server(const struct advice_context *context, struct advice *out) {
  char path[PLACE_TEXT_SIZE];
  if (file_of(context)->state != UNIX_FILE_ABSTRACT)
    advice_step(out, "start a server in another terminal: lopong --unix %s", quoted_path(context, path));
}

static void suggest_others(struct advice *out) {
  if (machine_words()->show_unix_holder[0] != '\0') advice_step(out, "see which paths have a server: ss -lx");
}

/* What is left of a server that has ended. */
static void write_stale(const struct advice_context *context, struct advice *out) {
  char path[PLACE_TEXT_SIZE], made[CLOCK_UTC_TEXT_SIZE], user[4 * sizeof(((struct unix_file *)0)->user)];
  const struct unix_file *file = file_of(context);
  clock_utc_text(file->made, made);
  safe_text_copy(file->user, strlen(file->user), user, sizeof user);
  advice_say(out,
             "nobody listens there: the file is what a server of user %s left behind, which bound it at %s and has "
             "ended.",
             user, made);
  advice_step(out, "start that server again; if it says that its address is in use, remove the file first: rm %s",
              quoted_path(context, path));
  suggest_server(context, out);
}

static void write_closed(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  const struct unix_file *file = file_of(context);
  char place[PLACE_TEXT_SIZE], path[PLACE_TEXT_SIZE];
  place_of(context, place);
  if (facts->listener.only_bound) {
    advice_say(out, "nobody listens there: a socket has the path, but listen() was not called on it.");
    advice_step(out, "wait until that program listens, or look at why it does not");
    advice_suggest_look(context, out);
  } else if (facts->at_path.is_file_gone && file->state != UNIX_FILE_SOCKET) {
    advice_say(out, "a server listens, but the file of its socket was removed: nobody can reach it by its path.");
    advice_step(out, "restart that server: it makes the file anew");
    advice_suggest_look(context, out);
  } else if (file->state == UNIX_FILE_SOCKET) {
    write_stale(context, out);
  } else if (file->state == UNIX_FILE_OTHER) {
    advice_say(out, "nobody listens there: %s is %s, not a socket.", place, unix_file_kind_text(file->mode));
    advice_step(out, "see what it is: ls -ld %s", quoted_path(context, path));
    suggest_others(out);
  } else if (file->state == UNIX_FILE_ABSTRACT) {
    advice_say(out, "nobody in this network namespace listens at that abstract name.");
    suggest_others(out);
  } else {
    bool is_no_folder = file->state == UNIX_FILE_NO_FOLDER && file->mode == 0;
    advice_say(out, "nobody listens there: %s%s %s.", is_no_folder ? "the folder " : "", place,
               file->state == UNIX_FILE_NO_FOLDER && file->mode != 0 ? "is not a folder" : "does not exist");
    if (file->state == UNIX_FILE_NONE) suggest_server(context, out);
    suggest_others(out);
  }
}

/* The permissions are the wall. */
static void write_rejected(const struct advice_context *context, struct advice *out) {
  const struct unix_file *file = file_of(context);
  bool is_folder = file->state == UNIX_FILE_SHUT_FOLDER;
  bool may_group = (file->mode & (is_folder ? GROUP_MAY_ENTER : GROUP_MAY_WRITE)) != 0 && file->gid != 0;
  char place[PLACE_TEXT_SIZE], path[PLACE_TEXT_SIZE], rights[320], group[4 * sizeof file->group];
  char user[EXPLAIN_USER_SIZE];
  const char *admin = machine_words()->become_admin;
  rights_of(file, rights);
  if (is_folder)
    advice_say(out, "%s may not enter the folder %.200s (%s), and the socket's path goes through it.",
               explain_user(context->own_user_id, user), place_of(context, place), rights);
  else
    advice_say(out, "%s may not write to the socket %.200s (%s), and who connects has to.",
               explain_user(context->own_user_id, user), place_of(context, place), rights);
  quoted_path(context, path);
  if (may_group && nft_name_quote(file->group, group, sizeof group))
    advice_step(out, "become a member of its group, and log in anew: %susermod -aG %s \"$USER\"%s", admin, group,
                strcmp(file->group, "docker") == 0 ? "   (its members are as good as root)" : "");
  advice_step(out, "check it as root: %sloping check unix:%s", admin, path);
  advice_step(out, "see the modes all the way: namei -l %s", path);
}

static void write_confined(const struct advice_context *context, struct advice *out) {
  char user[EXPLAIN_USER_SIZE];
  advice_say(
      out,
      "the system refuses it although every permission on the way lets %s in: a sandbox of this process, or a security module (AppArmor, SELinux), forbids it.",
      explain_user(context->own_user_id, user));
  if (machine_words()->show_denials[0] != '\0')
    advice_step(out, "see what was denied: %s%s", machine_words()->become_admin, machine_words()->show_denials);
  advice_step(out, "or check from a shell that is not confined");
}

/* A stream cannot go there, and nothing else was tried. */
static void write_other_kind(const struct advice_context *context, struct advice *out) {
  enum unix_socket_kind kind = context->examination->facts.at_path.kind;
  advice_say(out,
             "a program receives there, but its socket is %s, not a stream: a client of streams fails with "
             "EPROTOTYPE. Nothing was sent to it.",
             kind == UNIX_SOCKET_DATAGRAM    ? "one of datagrams (SOCK_DGRAM)"
             : kind == UNIX_SOCKET_SEQPACKET ? "one of records (SOCK_SEQPACKET)"
                                             : "of another kind");
  advice_suggest_look(context, out);
}

static void write_unknown(const struct advice_context *context, struct advice *out) {
  char code[32];
  const struct probe_facts *probe = &context->examination->facts.probe;
  explain_code_name(probe->code, code);
  advice_say(out, "it could not be connected to: %s.", code);
  advice_step(out, "follow the path yourself: namei -l PATH");
}

bool advice_unix_write(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  switch (context->examination->verdict) {
    case VERDICT_CLOSED:
      write_closed(context, out);
      return true;
    case VERDICT_REJECTED:
      write_rejected(context, out);
      return true;
    case VERDICT_CONFINED:
      write_confined(context, out);
      return true;
    case VERDICT_ACCEPTS:
      if (facts->probe.outcome != PROBE_OTHER_KIND) return false;
      write_other_kind(context, out);
      return true;
    case VERDICT_UNKNOWN:
      if (context->examination->start_code != 0) return false;
      write_unknown(context, out);
      return true;
    default:
      return false;
  }
}
