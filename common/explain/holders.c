/* See holders.h. */
#include "common/explain/holders.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/system_words.h"
#include "common/machine/machine.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"

/* A command line is quoted up to here; the result file has all of it. */
#define SHOWN_COMMAND_BYTES 200

/* "process 4711 (python3 -m http.server), user bob, started 2026-11-22T09:30:00Z (3 min ago)" */
static void describe_process(const struct port_process *process, int64_t now, char *out, size_t out_bytes) {
  /* Escaping makes four bytes of one at most. */
  char whole[4 * sizeof process->command_line], command[SHOWN_COMMAND_BYTES];
  char user[EXPLAIN_NAME_SIZE], started[CLOCK_UTC_TEXT_SIZE], age[32];
  const char *shown = process->command_line[0] != '\0' ? process->command_line : process->command;
  size_t length = safe_text_copy(shown, strlen(shown), whole, sizeof whole);
  size_t used = safe_text_copy(shown, strlen(shown), command, sizeof command);
  if (used < length) {
    used = safe_text_copy(shown, strlen(shown), command, sizeof command - 3);
    snprintf(command + used, sizeof command - used, "...");
  }
  safe_text_copy(process->user, strlen(process->user), user, sizeof user);
  int written = snprintf(out, out_bytes, "process %" PRId64 " (%s), user %s", process->pid,
                         command[0] != '\0' ? command : "its name is unknown", user[0] != '\0' ? user : "unknown");
  if (process->since <= 0 || written < 0 || (size_t)written >= out_bytes) return;
  clock_utc_text(process->since, started);
  written += snprintf(out + written, out_bytes - (size_t)written, ", started %s", started);
  if (now > 0 && (size_t)written < out_bytes)
    snprintf(out + written, out_bytes - (size_t)written, " (%s)", explain_age(now - process->since, age));
}

/* Where each came from, and who would start it again; several that say the same are one sentence. */
static void describe_origins(struct explanation *out, const struct port_socket *socket) {
  char line[ORIGIN_LINE_SIZE], who[4 * ORIGIN_NAME_SIZE];
  const char *said = NULL;
  for (size_t i = 0; i < socket->process_count; i++) {
    const struct process_origin *origin = socket->processes[i].origin;
    if (origin == NULL || !origin->is_known || socket->processes[i].is_self) continue;
    if (said == NULL) explain_cause(out, "It came from: %s.", origin_line(origin, NULL, line));
    bool is_news = origin->restarted_by[0] != '\0' && (said == NULL || strcmp(said, origin->restarted_by) != 0);
    said = origin->restarted_by;
    if (!is_news || origin->keeper == ORIGIN_KEEPER_INIT || origin->keeper == ORIGIN_KEEPER_SSHD) continue;
    safe_text_copy(origin->restarted_by, strlen(origin->restarted_by), who, sizeof who);
    explain_cause(out, "%s keeps it running, so ending the process alone may not last.", who);
  }
}

/* What is known of a name that stands for more than a program; NULL: nothing. */
static const struct system_holder *find_front(const struct port_process *process) {
  const struct system_words *words = system_words();
  for (size_t i = 0; i < words->holder_count; i++) {
    const struct system_holder *row = &words->holders[i];
    if ((row->pid == 0 || row->pid == process->pid) && strcmp(row->command, process->command) == 0) return row;
  }
  return NULL;
}

static void describe_processes(struct explanation *out, const struct port_socket *socket, int64_t now) {
  char one[512];
  if (socket->process_count == 1 && socket->processes_left_out == 0) {
    describe_process(&socket->processes[0], now, one, sizeof one);
    explain_cause(out, "The holder is %s.", one);
  } else {
    explain_cause(out, "%zu processes have this one socket open, because it was inherited:",
                  socket->process_count + socket->processes_left_out);
    for (size_t i = 0; i < socket->process_count; i++) {
      describe_process(&socket->processes[i], now, one, sizeof one);
      explain_line(out, "- %s", one);
    }
    if (socket->processes_left_out > 0) explain_line(out, "- and %zu more", socket->processes_left_out);
    explain_line(out, "It stays taken until ALL of them have closed it.");
  }
  describe_origins(out, socket);
  const struct system_holder *front = socket->process_count > 0 ? find_front(&socket->processes[0]) : NULL;
  if (front != NULL) explain_cause(out, "%s.", front->meaning);
  for (size_t i = 0; i < socket->process_count; i++)
    if (socket->processes[i].is_stopped)
      explain_cause(out, "Process %" PRId64 " is stopped (SIGSTOP): SIGTERM will not work before SIGCONT.",
                    socket->processes[i].pid);
}

void explain_who_holds(struct explanation *out, const struct port_socket *socket, int64_t now, int64_t own_user_id) {
  char user[EXPLAIN_NAME_SIZE];
  char holder[EXPLAIN_USER_SIZE];
  safe_text_copy(socket->user, strlen(socket->user), user, sizeof user);
  switch (socket->owner) {
    case SOCKET_OWNER_SHOWN:
      describe_processes(out, socket, now);
      return;
    case SOCKET_OWNER_HIDDEN:
      if (own_user_id != 0)
        explain_cause(out, "Its holder belongs to user %s and is hidden: rerun with sudo to see it.",
                      user[0] != '\0' ? user : "unknown");
      else
        explain_cause(out,
                      "Its holder (the socket is of user %s) is hidden even from root: every process that root may "
                      "look into was looked into, and none of those has it.",
                      user[0] != '\0' ? user : "unknown");
      return;
    case SOCKET_OWNER_KERNEL:
      if (socket->kernel_name[0] != '\0') {
        char name[4 * sizeof socket->kernel_name];
        safe_text_copy(socket->kernel_name, strlen(socket->kernel_name), name, sizeof name);
        explain_cause(out, "No process has it: it is a socket of the kernel's own, for the network interface %s.",
                      name);
        return;
      }
      explain_cause(out,
                    "No process has it: every process of this machine was looked into. It is a socket of the "
                    "kernel's own, as VXLAN, WireGuard, L2TP and NFS keep them; there is nothing to kill.");
      return;
    case SOCKET_OWNER_GONE:
      explain_cause(out, "It was there a moment ago, and is gone since, with the process that had it.");
      return;
    case SOCKET_OWNER_OUTSIDE:
      explain_cause(out,
                    "Every process that is visible here was looked into, and none of them has it: the holder (%s) "
                    "lives outside this container or PID namespace.",
                    explain_user(socket->uid, holder));
      return;
    case SOCKET_OWNER_NONE:
      explain_cause(out, "No process has it open: the kernel alone keeps it.");
      return;
    case SOCKET_OWNER_UNKNOWN:
      if (socket->owner_code != 0)
        explain_cause(out, "Which process has it could not be looked into to the end: %s (%s).",
                      uv_strerror(socket->owner_code), uv_err_name(socket->owner_code));
      else
        explain_cause(out, "Which process has it could not be found out.");
      return;
  }
}

static bool needs_admin(const struct port_process *process, int64_t own_user_id) {
  return own_user_id > 0 && process->uid != own_user_id;
}

static bool is_kept(const struct port_process *process) {
  return process->origin != NULL && process->origin->keeper != ORIGIN_KEEPER_NOBODY;
}

/* The processes that a signal alone ends for good, each once. Process 1 is never among them. */
struct plain_holders {
  size_t count;
  const struct port_process *processes[PORT_PROCESSES_MAX];
  bool needs_admin;
};

static void collect_plain(const struct explain_holders *holders, int64_t own_user_id, struct plain_holders *plain) {
  *plain = (struct plain_holders){0};
  for (size_t i = 0; i < holders->count; i++)
    for (size_t j = 0; j < holders->sockets[i]->process_count && plain->count < PORT_PROCESSES_MAX; j++) {
      const struct port_process *process = &holders->sockets[i]->processes[j];
      bool is_new = !process->is_self && process->pid != 1 && !is_kept(process) && find_front(process) == NULL;
      for (size_t k = 0; k < plain->count; k++)
        if (plain->processes[k]->pid == process->pid) is_new = false;
      if (!is_new) continue;
      plain->processes[plain->count++] = process;
      plain->needs_admin = plain->needs_admin || needs_admin(process, own_user_id);
    }
}

/* Appends " 4711" for each; only the stopped ones if so asked. Returns how many. */
static size_t list_pids(const struct plain_holders *plain, bool only_stopped, char *out, size_t out_bytes) {
  size_t count = 0, used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < plain->count && out_bytes - used >= 24; i++) {
    if (only_stopped && !plain->processes[i]->is_stopped) continue;
    used += (size_t)snprintf(out + used, out_bytes - used, "%s%" PRId64, count == 0 ? " " : system_words()->between_ids,
                             plain->processes[i]->pid);
    count++;
  }
  return count;
}

/* Of one that something keeps running: that one's own command, or what to know where there is none. */
static void stop_kept(struct explanation *out, const struct port_process *process, int64_t own_user_id) {
  const struct process_origin *origin = process->origin;
  /* A user's own manager and a group's docker want no other user. */
  bool is_systems = origin->keeper == ORIGIN_KEEPER_UNIT && !origin->is_user_unit;
  bool needs_more = is_systems ? own_user_id > 0 : needs_admin(process, own_user_id);
  const char *admin = needs_more ? machine_words()->become_admin : "";
  if (origin->stop[0] != '\0')
    explain_step(out, "stop it for good: %s%s%s%s%s", admin, origin->stop, origin->stop_note[0] != '\0' ? " (" : "",
                 origin->stop_note, origin->stop_note[0] != '\0' ? ")" : "");
  else
    explain_step(out, "to stop it: %s", origin->stop_note);
}

/* Was the same said of a process before this one? */
static bool is_said(const struct explain_holders *holders, const struct port_process *process) {
  for (size_t i = 0; i < holders->count; i++)
    for (size_t j = 0; j < holders->sockets[i]->process_count; j++) {
      const struct port_process *other = &holders->sockets[i]->processes[j];
      if (other == process) return false;
      if (!is_kept(other)) continue;
      if (strcmp(other->origin->stop, process->origin->stop) == 0 &&
          strcmp(other->origin->stop_note, process->origin->stop_note) == 0)
        return true;
    }
  return false;
}

static void suggest_for_front(struct explanation *out, const struct explain_holders *holders) {
  char port[8], command[EXPLAIN_COMMAND_SIZE];
  if (holders->count == 0 || holders->sockets[0]->process_count == 0) return;
  const struct system_holder *front = find_front(&holders->sockets[0]->processes[0]);
  if (front == NULL) return;
  snprintf(port, sizeof port, "%u", address_port(&holders->sockets[0]->local));
  explain_step(out, "%s", explain_command(front->step, port, command));
}

void explain_how_to_stop(struct explanation *out, const struct explain_holders *holders, int64_t own_user_id) {
  char pids[200], stopped[200];
  struct plain_holders plain;
  for (size_t i = 0; i < holders->count; i++)
    for (size_t j = 0; j < holders->sockets[i]->process_count; j++) {
      const struct port_process *process = &holders->sockets[i]->processes[j];
      if (!process->is_self && is_kept(process) && !is_said(holders, process)) stop_kept(out, process, own_user_id);
    }
  suggest_for_front(out, holders);
  collect_plain(holders, own_user_id, &plain);
  if (list_pids(&plain, false, pids, sizeof pids) == 0) return;
  const char *admin = plain.needs_admin ? machine_words()->become_admin : "";
  const char *see = system_words()->see_process;
  const char *what = plain.count == 1 ? "stop the holder" : "stop all holders";
  if (list_pids(&plain, true, stopped, sizeof stopped) > 0)
    explain_step(out, "%s: %skill -CONT%s; %skill%s", what, admin, stopped, admin, pids);
  else
    explain_step(out, "%s: %s%s%s%s%s", what, admin, system_words()->end_process, pids,
                 see[0] != '\0' ? "   or   " : "", see);
}

void explain_how_to_see(struct explanation *out, const struct explain_holders *holders, const char *words,
                        const char *name, int64_t own_user_id) {
  char command[EXPLAIN_COMMAND_SIZE];
  bool is_hidden = false;
  if (words[0] == '\0') return;
  for (size_t i = 0; holders != NULL && i < holders->count; i++)
    if (holders->sockets[i]->owner == SOCKET_OWNER_HIDDEN) is_hidden = true;
  explain_step(out, "see it yourself: %s%s", is_hidden && own_user_id != 0 ? machine_words()->become_admin : "",
               explain_command(words, name, command));
}

bool explain_is_program(const struct explain_holders *holders, const char *name) {
  for (size_t i = 0; i < holders->count; i++)
    for (size_t j = 0; j < holders->sockets[i]->process_count; j++) {
      const struct port_process *process = &holders->sockets[i]->processes[j];
      if (!process->is_self && strcmp(process->command, name) == 0) return true;
    }
  return false;
}

void explain_note_holders(struct explanation *out, const struct port_report *report,
                          const struct explain_holders *holders) {
  for (size_t i = 0; i < holders->count && out->holder_count < PORT_SOCKETS_MAX; i++)
    out->holders[out->holder_count++] = (size_t)(holders->sockets[i] - report->sockets);
}
