/* A process's origin from Linux's /proc alone; see origin.h. Each file is read on its own: a process may end meanwhile,
 * and what cannot be read stays unknown. Sources: proc_pid_stat(5), proc_pid_cgroup(5), proc_pid_environ(5). */
#include "common/sockets/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/machine/proc_file_linux.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/sockets/proc_text.h"

#define FILE_BYTES   8192
#define SCRIPT_BYTES 16384

/* Reads the beginning of /proc/PID/NAME. Returns its length, or -1. */
static ssize_t read_file(int64_t pid, const char *name, char *text, size_t text_bytes) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%" PRId64 "/%s", pid, name);
  int file = proc_file_descriptor(AT_FDCWD, path, 0);
  if (file < 0) return -1;
  size_t used = 0;
  ssize_t length;
  while (used + 1 < text_bytes) {
    length = read(file, text + used, text_bytes - 1 - used);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) lack_note_errno();
    if (length <= 0) break;
    used += (size_t)length;
  }
  close(file);
  text[used] = '\0';
  return (ssize_t)used;
}

/* Where a link of /proc/PID leads; "" where it may not be read. */
static void read_link(int64_t pid, const char *name, char *out, size_t out_bytes) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%" PRId64 "/%s", pid, name);
  ssize_t length = readlink(path, out, out_bytes - 1);
  if (length < 0) lack_note_errno();
  out[length > 0 ? length : 0] = '\0';
}

/* The controlling terminal's device number, as stat has it, as a name: pts are 136 to 143, a serial or virtual one is
 * left unnamed (Documentation/admin-guide/devices.txt). */
static void name_terminal(int number, char out[32]) {
  unsigned major_number = major((dev_t)(unsigned)number), minor_number = minor((dev_t)(unsigned)number);
  out[0] = '\0';
  if (major_number >= 136 && major_number <= 143)
    snprintf(out, 32, "/dev/pts/%u", (major_number - 136) * 256 + minor_number);
  else if (major_number == 4 && minor_number < 64)
    snprintf(out, 32, "/dev/tty%u", minor_number);
}

static bool read_process(int64_t pid, struct origin_process *process, int *terminal) {
  char text[FILE_BYTES];
  memset(process, 0, sizeof *process);
  if (read_file(pid, "stat", text, sizeof text) <= 0) return false;
  struct proc_stat stat;
  const char *rest = strrchr(text, ')');
  if (rest == NULL || !proc_text_read_stat(text, &stat)) return false;
  int number = 0;
  if (sscanf(rest + 1, " %*c %" SCNd64 " %" SCNd64 " %" SCNd64 " %d", &process->parent, &process->process_group,
             &process->session, &number) != 4)
    return false;
  process->pid = pid;
  process->has_terminal = number != 0;
  if (terminal != NULL) *terminal = number;
  memcpy(process->command, stat.command, sizeof process->command);
  ssize_t length = read_file(pid, "cmdline", text, sizeof text);
  if (length > 0) proc_text_join_arguments(text, (size_t)length, process->command_line, sizeof process->command_line);
  return true;
}

/* Of cgroup v2 "0::/path"; of v1 the line of systemd's own hierarchy. */
static void read_cgroup(int64_t pid, char out[ORIGIN_PATH_SIZE]) {
  char text[FILE_BYTES];
  out[0] = '\0';
  if (read_file(pid, "cgroup", text, sizeof text) <= 0) return;
  for (char *line = text; *line != '\0';) {
    size_t length = strcspn(line, "\n");
    bool is_v2 = strncmp(line, "0::", 3) == 0, is_systemd = strstr(line, ":name=systemd:") != NULL;
    if (is_v2 || is_systemd) {
      const char *path = is_v2 ? line + 3 : strchr(strchr(line, ':') + 1, ':') + 1;
      snprintf(out, ORIGIN_PATH_SIZE, "%.*s", (int)(line + length - path), path);
      if (is_systemd) return;
    }
    line += length;
    if (*line != '\0') line++;
  }
}

/* The value of a variable in an environment's text of `length` bytes; NULL where it is not set. */
static const char *variable(const char *text, size_t length, const char *name) {
  size_t name_length = strlen(name);
  for (size_t at = 0; at < length; at += strlen(text + at) + 1)
    if (strncmp(text + at, name, name_length) == 0 && text[at + name_length] == '=') return text + at + name_length + 1;
  return NULL;
}

static void read_supervised(int64_t pid, char out[ORIGIN_NAME_SIZE]) {
  char *text = memory_take(1 << 17);
  out[0] = '\0';
  if (text == NULL) return;
  ssize_t length = read_file(pid, "environ", text, 1 << 17);
  if (length > 0) {
    const char *process = variable(text, (size_t)length, "SUPERVISOR_PROCESS_NAME");
    const char *group = variable(text, (size_t)length, "SUPERVISOR_GROUP_NAME");
    const char *pm2 = variable(text, (size_t)length, "pm_id");
    if (process != NULL && group != NULL && strcmp(process, group) != 0)
      snprintf(out, ORIGIN_NAME_SIZE, "%s:%s", group, process);
    else if (process != NULL)
      snprintf(out, ORIGIN_NAME_SIZE, "%s", process);
    else if (pm2 != NULL)
      snprintf(out, ORIGIN_NAME_SIZE, "%s", pm2);
  }
  free(text);
}

/* The folder of the nearest ".git" at or above `folder`, as this process may see it. */
static void find_project(const char *folder, char out[ORIGIN_PATH_SIZE]) {
  char path[ORIGIN_PATH_SIZE + 8];
  struct stat found;
  snprintf(out, ORIGIN_PATH_SIZE, "%s", folder);
  while (out[0] == '/' && out[1] != '\0') {
    snprintf(path, sizeof path, "%s/.git", out);
    if (stat(path, &found) == 0) return;
    char *slash = strrchr(out, '/');
    *slash = '\0';
  }
  out[0] = '\0';
}

/* Does the script have a loop in which this program stands? A loop elsewhere in it starts nothing again. */
static bool has_loop_around(const char *script, const char *program) {
  static const char *const words[] = {"while ", "until "};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    for (const char *at = strstr(script, words[i]); at != NULL; at = strstr(at + 1, words[i])) {
      const char *end = strstr(at, "done");
      const char *found = strstr(at, program);
      if (found != NULL && (end == NULL || found < end)) return true;
    }
  return false;
}

/* Does the shell run a script that starts this program in a loop? Its first argument that is no option names it. */
static bool runs_a_loop(const struct origin_process *shell, const char *program) {
  char arguments[FILE_BYTES], folder[ORIGIN_PATH_SIZE], path[2 * ORIGIN_PATH_SIZE], script[SCRIPT_BYTES];
  ssize_t length = read_file(shell->pid, "cmdline", arguments, sizeof arguments);
  if (length <= 0) return false;
  const char *name = arguments + strlen(arguments) + 1;
  if (name >= arguments + length || name[0] == '-' || name[0] == '\0') return false;
  read_link(shell->pid, "cwd", folder, sizeof folder);
  snprintf(path, sizeof path, "%s%s%.255s", name[0] == '/' ? "" : folder, name[0] == '/' ? "" : "/", name);
  /* A pipe or a device would make it wait. */
  struct stat kind;
  if (stat(path, &kind) != 0 || !S_ISREG(kind.st_mode)) return false;
  int file = proc_file_descriptor(AT_FDCWD, path, O_NONBLOCK);
  if (file < 0) return false;
  ssize_t read_length = read(file, script, sizeof script - 1);
  close(file);
  if (read_length <= 0) return false;
  script[read_length] = '\0';
  return program[0] != '\0' && has_loop_around(script, program);
}

void origin_find(int64_t pid, uint16_t port, struct process_origin *origin) {
  char program[ORIGIN_PATH_SIZE];
  int terminal = 0;
  memset(origin, 0, sizeof *origin);
  origin->self.pid = pid;
  origin->is_known = read_process(pid, &origin->self, &terminal);
  if (origin->is_known) {
    name_terminal(terminal, origin->terminal);
    int64_t next = origin->self.parent;
    while (next > 0 && origin->parent_count < ORIGIN_PARENTS_MAX) {
      if (!read_process(next, &origin->parents[origin->parent_count], NULL)) break;
      next = origin->parents[origin->parent_count++].parent;
    }
    read_cgroup(pid, origin->cgroup);
    read_link(pid, "cwd", origin->folder, sizeof origin->folder);
    find_project(origin->folder, origin->project);
    read_link(pid, "exe", program, sizeof program);
    size_t length = strlen(program);
    origin->is_deleted = length > 10 && strcmp(program + length - 10, " (deleted)") == 0;
    read_supervised(pid, origin->supervised);
    if (origin->parent_count > 0) origin->is_script_loop = runs_a_loop(&origin->parents[0], origin->self.command);
  }
  origin_judge(origin, port);
}
