/*
 * Sentences: appended within fixed buffers, with every name from outside escaped on its way in; and the sentences on
 * holders, which bind and client failures share. Must not know what failed.
 */
#include "common/explain/explain_text.h"
#include "common/machine/machine.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text/clock.h"
#include "common/text/safe_text.h"

/* A command line is quoted up to here; the result file has all of it. */
#define SHOWN_COMMAND_BYTES 200

void explain_code_name(int code, char out[32]) {
  uv_err_name_r(code, out, 32);
  if (strncmp(out, "Unknown", 7) == 0) snprintf(out, 32, "errno %d", -code);
}

void explain_begin(struct explanation *out, int code, const char *code_name) {
  memset(out, 0, sizeof *out);
  if (code_name != NULL)
    snprintf(out->code, sizeof out->code, "%s", code_name);
  else
    explain_code_name(code, out->code);
}

void explain_happened(struct explanation *out, const char *format, ...) {
  va_list values;
  va_start(values, format);
  vsnprintf(out->what_happened, sizeof out->what_happened, format, values);
  va_end(values);
}

__attribute__((format(printf, 3, 0))) static void append(struct explanation *out, char separator, const char *format,
                                                         va_list values) {
  size_t used = strlen(out->likely_cause);
  if (used > 0 && used + 1 < sizeof out->likely_cause) {
    out->likely_cause[used++] = separator;
    out->likely_cause[used] = '\0';
  }
  vsnprintf(out->likely_cause + used, sizeof out->likely_cause - used, format, values);
}

void explain_cause(struct explanation *out, const char *format, ...) {
  va_list values;
  va_start(values, format);
  append(out, ' ', format, values);
  va_end(values);
}

void explain_line(struct explanation *out, const char *format, ...) {
  va_list values;
  va_start(values, format);
  append(out, '\n', format, values);
  va_end(values);
}

void explain_step(struct explanation *out, const char *format, ...) {
  va_list values;
  if (out->step_count == EXPLAIN_STEPS_MAX) return;
  va_start(values, format);
  vsnprintf(out->what_to_do[out->step_count++], EXPLAIN_STEP_SIZE, format, values);
  va_end(values);
}

const char *explain_state_name(enum socket_state state) {
  static const char *const names[] = {
      [SOCKET_STATE_UNKNOWN] = "UNKNOWN",       [SOCKET_STATE_LISTEN] = "LISTEN",
      [SOCKET_STATE_BOUND] = "BOUND",           [SOCKET_STATE_ESTABLISHED] = "ESTABLISHED",
      [SOCKET_STATE_CONNECTING] = "CONNECTING", [SOCKET_STATE_FIN_WAIT] = "FIN_WAIT",
      [SOCKET_STATE_CLOSE_WAIT] = "CLOSE_WAIT", [SOCKET_STATE_TIME_WAIT] = "TIME_WAIT",
  };
  return names[state];
}

const char *explain_endpoint(const struct endpoint *endpoint, char out[EXPLAIN_NAME_SIZE * 4]) {
  char name[ADDRESS_TEXT_SIZE];
  endpoint_format(endpoint, name);
  size_t used = safe_text_copy(name, strlen(name), out, EXPLAIN_NAME_SIZE * 4);
  if (endpoint->transport != TRANSPORT_UNIX)
    snprintf(out + used, EXPLAIN_NAME_SIZE * 4 - used, " (%s)", transport_name(endpoint->transport));
  return out;
}

const char *explain_age(int64_t seconds, char out[32]) {
  static const struct {
    int64_t below;
    int64_t unit_seconds;
    const char *unit;
  } scales[] = {{120, 1, "s"}, {120 * 60, 60, "min"}, {48 * 3600, 3600, "h"}, {INT64_MAX, 86400, "days"}};
  size_t i = 0;
  if (seconds < 0) seconds = 0;
  while (seconds >= scales[i].below && i + 1 < sizeof scales / sizeof scales[0])
    i++;
  snprintf(out, 32, "%" PRId64 " %s ago", seconds / scales[i].unit_seconds, scales[i].unit);
  return out;
}

const char *explain_command(const char *words, const char *name, char out[EXPLAIN_COMMAND_SIZE]) {
  size_t used = 0;
  while (*words != '\0' && used + 1 < EXPLAIN_COMMAND_SIZE) {
    if (strncmp(words, "PORT", 4) == 0 || strncmp(words, "PATH", 4) == 0) {
      int length = snprintf(out + used, EXPLAIN_COMMAND_SIZE - used, "%s", name);
      used += (size_t)length < EXPLAIN_COMMAND_SIZE - used ? (size_t)length : EXPLAIN_COMMAND_SIZE - used - 1;
      words += 4;
    } else {
      out[used++] = *words++;
    }
  }
  out[used] = '\0';
  return out;
}

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
  for (size_t i = 0; i < socket->process_count; i++)
    if (socket->processes[i].is_stopped)
      explain_cause(out, "Process %" PRId64 " is stopped (SIGSTOP): SIGTERM will not work before SIGCONT.",
                    socket->processes[i].pid);
}

void explain_who_holds(struct explanation *out, const struct port_socket *socket, int64_t now, int64_t own_user_id) {
  char user[EXPLAIN_NAME_SIZE];
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
    case SOCKET_OWNER_OUTSIDE:
      explain_cause(out,
                    "Every process that is visible here was looked into, and none of them has it: the holder (user id "
                    "%" PRId64 ") lives outside this container or PID namespace.",
                    socket->uid);
      return;
    case SOCKET_OWNER_NONE:
      explain_cause(out, "No process has it open: the kernel alone keeps it.");
      return;
    case SOCKET_OWNER_UNKNOWN:
      explain_cause(out, "Which process has it could not be found out.");
      return;
  }
}

/* Appends " 4711" for every process of the holders, each once; only the stopped ones if so asked. */
static size_t list_pids(const struct explain_holders *holders, bool only_stopped, char *out, size_t out_bytes) {
  int64_t seen[PORT_PROCESSES_MAX];
  size_t count = 0, used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < holders->count; i++)
    for (size_t j = 0; j < holders->sockets[i]->process_count && count < PORT_PROCESSES_MAX; j++) {
      const struct port_process *process = &holders->sockets[i]->processes[j];
      bool is_new = !process->is_self && (process->is_stopped || !only_stopped);
      for (size_t k = 0; k < count; k++)
        if (seen[k] == process->pid) is_new = false;
      if (!is_new || out_bytes - used < 24) continue;
      seen[count++] = process->pid;
      used += (size_t)snprintf(out + used, out_bytes - used, " %" PRId64, process->pid);
    }
  return count;
}

static bool needs_admin(const struct explain_holders *holders, int64_t own_user_id) {
  if (own_user_id <= 0) return false;
  for (size_t i = 0; i < holders->count; i++)
    for (size_t j = 0; j < holders->sockets[i]->process_count; j++)
      if (holders->sockets[i]->processes[j].uid != own_user_id) return true;
  return false;
}

void explain_how_to_stop(struct explanation *out, const struct explain_holders *holders, int64_t own_user_id) {
  char pids[200], stopped[200];
  size_t count = list_pids(holders, false, pids, sizeof pids);
  if (count == 0) return;
  const char *admin = needs_admin(holders, own_user_id) ? machine_words()->become_admin : "";
  const char *what = count == 1 ? "stop the holder" : "stop all holders";
  if (list_pids(holders, true, stopped, sizeof stopped) > 0)
    explain_step(out, "%s: %skill -CONT%s; %skill%s", what, admin, stopped, admin, pids);
  else
    explain_step(out, "%s: %skill%s", what, admin, pids);
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
