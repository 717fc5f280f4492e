/*
 * What a process's parents, cgroup and arguments say about who keeps it running; see origin.h. Pure.
 *
 * The nearest keeper counts: a container's process that npm started is stopped through npm inside the container, and
 * one that a unit started directly through the unit. Sources: systemd.unit(5) and cgroups(7) for the paths, the
 * programs' own manuals for their commands.
 */
#include "common/sockets/origin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"

#define SHORT_ID 12

static bool ends_with(const char *text, const char *end) {
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The program's name without its folder: "/usr/bin/node" is "node". */
static const char *base_name(const char *path) {
  const char *slash = strrchr(path, '/');
  return slash == NULL ? path : slash + 1;
}

static bool is_hexadecimal(const char *text, size_t length) {
  return strspn(text, "0123456789abcdef") >= length;
}

/* The 64 digits of a container's id within a part of a cgroup's path. */
static const char *find_id(const char *part, size_t length) {
  for (size_t i = 0; i + 64 <= length; i++)
    if (is_hexadecimal(part + i, 64)) return part + i;
  return NULL;
}

static void note_container(const char *path, const char *id, struct process_origin *origin) {
  static const struct {
    const char *mark, *runtime;
  } runtimes[] = {
      {"kubepods", "kubernetes"},       {"libpod", "podman"},         {"crio-", "CRI-O"}, {"docker", "docker"},
      {"cri-containerd", "containerd"}, {"containerd", "containerd"},
  };
  snprintf(origin->container, sizeof origin->container, "%.*s", SHORT_ID, id);
  snprintf(origin->runtime, sizeof origin->runtime, "%s", "container");
  for (size_t i = 0; i < sizeof runtimes / sizeof runtimes[0]; i++) {
    if (strstr(path, runtimes[i].mark) == NULL) continue;
    snprintf(origin->runtime, sizeof origin->runtime, "%s", runtimes[i].runtime);
    return;
  }
}

void origin_read_cgroup(const char *path, struct process_origin *origin) {
  bool is_in_user_manager = false;
  for (const char *part = path; *part != '\0';) {
    while (*part == '/')
      part++;
    size_t length = strcspn(part, "/");
    char name[ORIGIN_NAME_SIZE];
    snprintf(name, sizeof name, "%.*s", (int)length, part);
    const char *id = find_id(part, length);
    if (id != NULL) note_container(path, id, origin);
    if (strncmp(name, "user@", 5) == 0) {
      /* The user's own manager, whose units stand below. */
      is_in_user_manager = true;
      origin->unit[0] = '\0';
    } else if (ends_with(name, ".service")) {
      snprintf(origin->unit, sizeof origin->unit, "%s", name);
      origin->is_user_unit = is_in_user_manager;
    }
    part += length;
  }
  /* What runs a container is a unit of its own, and no unit of the process in it. */
  if (origin->container[0] != '\0') origin->unit[0] = '\0';
}

/* The value behind an argument such as "-host-port"; "" where there is none. */
static const char *argument_value(const char *command_line, const char *name, char out[ORIGIN_NAME_SIZE]) {
  size_t length = strlen(name);
  out[0] = '\0';
  for (const char *at = strstr(command_line, name); at != NULL; at = strstr(at + 1, name)) {
    bool is_word = at == command_line || at[-1] == ' ' || at[-1] == '-';
    if (!is_word || (at[length] != ' ' && at[length] != '=')) continue;
    snprintf(out, ORIGIN_NAME_SIZE, "%.*s", (int)strcspn(at + length + 1, " "), at + length + 1);
    break;
  }
  return out;
}

/* Quotes for the shell what comes from outside; false where it could not be a plain word. */
static bool is_plain_word(const char *text) {
  static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+=,-";
  return text[0] != '\0' && text[0] != '-' && strspn(text, plain) == strlen(text);
}

/* Is one of the first words (the program, or what its interpreter runs) `name`, in whatever folder it lies? */
static bool runs_program(const struct origin_process *process, const char *name) {
  const char *text = process->command_line[0] != '\0' ? process->command_line : process->command;
  size_t length = strlen(name);
  for (int word = 0; word < 3 && *text != '\0'; word++) {
    size_t end = strcspn(text, " ");
    const char *base = text;
    for (const char *at = text; at < text + end; at++)
      if (*at == '/') base = at + 1;
    size_t rest = (size_t)(text + end - base);
    bool is_script =
        rest > length && (strncmp(base + length, ".js", 3) == 0 || strncmp(base + length, "-cli.js", 7) == 0);
    if (strncmp(base, name, length) == 0 && (rest == length || is_script)) return true;
    text += end;
    text += strspn(text, " ");
  }
  return false;
}

static const struct origin_process *find_parent(const struct process_origin *origin, const char *name) {
  for (size_t i = 0; i < origin->parent_count; i++)
    if (runs_program(&origin->parents[i], name)) return &origin->parents[i];
  return NULL;
}

static void keep_by(struct process_origin *origin, enum origin_keeper keeper, const char *who,
                    const struct origin_process *process) {
  origin->keeper = keeper;
  if (process == NULL)
    snprintf(origin->restarted_by, sizeof origin->restarted_by, "%s", who);
  else
    snprintf(origin->restarted_by, sizeof origin->restarted_by, "%.80s (pid %" PRId64 ")", who, process->pid);
}

/* A published port of a container: the proxy goes, and the container stays without its port. */
static bool judge_proxy(struct process_origin *origin, uint16_t port) {
  char host_port[ORIGIN_NAME_SIZE];
  const char *name = base_name(origin->self.command);
  bool is_docker = strcmp(name, "docker-proxy") == 0;
  if (!is_docker && strncmp(name, "rootlessport", 12) != 0) return false;
  keep_by(origin, ORIGIN_KEEPER_DOCKER_PROXY, is_docker ? "docker" : "podman", NULL);
  argument_value(origin->self.command_line, "-host-port", host_port);
  if (!is_plain_word(host_port)) snprintf(host_port, sizeof host_port, "%u", port);
  const char *tool = is_docker ? "docker" : "podman";
  snprintf(origin->runtime, sizeof origin->runtime, "%s", tool);
  snprintf(origin->stop, sizeof origin->stop, "%s stop $(%s ps --quiet --filter publish=%.16s)", tool, tool, host_port);
  snprintf(origin->stop_note, sizeof origin->stop_note,
           "it only passes on what comes to a container's published port; `%s ps --filter publish=%.16s` names the "
           "container",
           tool, host_port);
  return true;
}

static bool judge_init(struct process_origin *origin, uint16_t port) {
  if (origin->self.pid != 1) return false;
  keep_by(origin, ORIGIN_KEEPER_INIT, "process 1", NULL);
  if (strcmp(origin->self.command, "systemd") == 0)
    snprintf(origin->stop_note, sizeof origin->stop_note,
             "process 1 holds it for a socket unit: `systemctl list-sockets` shows which (ListenStream %u), and "
             "`systemctl stop NAME.socket NAME.service` stops that one",
             port);
  else
    snprintf(origin->stop_note, sizeof origin->stop_note,
             "it is process 1 of this container or PID namespace: ending it ends everything in here, so stop the "
             "container from outside");
  return true;
}

static bool judge_supervisor(struct process_origin *origin, uint16_t port) {
  const struct origin_process *supervisor = find_parent(origin, "supervisord");
  char config[ORIGIN_NAME_SIZE];
  (void)port;
  if (supervisor == NULL) return false;
  keep_by(origin, ORIGIN_KEEPER_SUPERVISORD, "supervisord", supervisor);
  argument_value(supervisor->command_line, "-c", config);
  if (config[0] == '\0') argument_value(supervisor->command_line, "--configuration", config);
  if (!is_plain_word(origin->supervised)) {
    snprintf(origin->stop_note, sizeof origin->stop_note,
             "supervisord (pid %" PRId64
             ") starts it again: `supervisorctl status` shows its name, and `supervisorctl stop NAME` stops it",
             supervisor->pid);
    return true;
  }
  bool has_config = is_plain_word(config);
  snprintf(origin->stop, sizeof origin->stop, "supervisorctl %s%s%sstop %.100s", has_config ? "-c " : "",
           has_config ? config : "", has_config ? " " : "", origin->supervised);
  return true;
}

static bool judge_pm2(struct process_origin *origin, uint16_t port) {
  const struct origin_process *pm2 = NULL;
  for (size_t i = 0; i < origin->parent_count && pm2 == NULL; i++)
    if (strncmp(origin->parents[i].command, "PM2 ", 4) == 0) pm2 = &origin->parents[i];
  (void)port;
  if (pm2 == NULL) return false;
  keep_by(origin, ORIGIN_KEEPER_PM2, "pm2", pm2);
  if (is_plain_word(origin->supervised))
    snprintf(origin->stop, sizeof origin->stop, "pm2 stop %.100s", origin->supervised);
  else
    snprintf(origin->stop_note, sizeof origin->stop_note, "`pm2 list` shows its name, and `pm2 stop NAME` stops it");
  return true;
}

static bool judge_ssh(struct process_origin *origin, uint16_t port) {
  (void)port;
  if (strncmp(origin->self.command, "sshd", 4) != 0 || origin->parent_count == 0) return false;
  /* The one that listens for logins has no user in its title: "sshd: alice@pts/0". */
  if (strchr(origin->self.command_line, '@') == NULL && strncmp(origin->parents[0].command, "sshd", 4) != 0)
    return false;
  keep_by(origin, ORIGIN_KEEPER_SSHD, "an ssh session", &origin->self);
  snprintf(origin->stop_note, sizeof origin->stop_note,
           "it is a port that an ssh session forwards (ssh -R): ending process %" PRId64
           " ends that whole session; its user can take back the port alone (~C, then -KR %u)",
           origin->self.pid, port);
  return true;
}

static bool is_shell(const struct origin_process *process) {
  static const char *const shells[] = {"sh", "bash", "dash", "zsh", "ksh", "ash", "busybox"};
  for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
    if (strcmp(process->command, shells[i]) == 0) return true;
  return false;
}

static bool has_loop(const char *command_line) {
  return strstr(command_line, " -c ") != NULL &&
         (strstr(command_line, "while ") != NULL || strstr(command_line, "until ") != NULL ||
          strstr(command_line, "for ") != NULL);
}

/* A launcher that starts its child again, or that lives for it alone: it is ended together with the child. */
static const char *launcher_name(const struct process_origin *origin, size_t i) {
  static const struct {
    const char *program, *name;
  } launchers[] = {
      {"nodemon", "nodemon"},
      {"forever", "forever"},
      {"foreman", "foreman"},
      {"honcho", "honcho"},
      {"npm", "npm"},
      {"yarn", "yarn"},
      {"pnpm", "pnpm"},
      {"npx", "npx"},
      {"--watch", "node --watch"},
      {"tsx", "tsx"},
      {"ts-node-dev", "ts-node-dev"},
      {"watchexec", "watchexec"},
      {"entr", "entr"},
      {"flask", "flask's reloader"},
      {"manage.py", "Django's reloader"},
      {"uvicorn", "uvicorn's reloader"},
      {"runsv", "runit"},
  };
  const struct origin_process *process = &origin->parents[i];
  for (size_t row = 0; row < sizeof launchers / sizeof launchers[0]; row++)
    if (runs_program(process, launchers[row].program)) return launchers[row].name;
  if (is_shell(process) && (has_loop(process->command_line) || (i == 0 && origin->is_script_loop)))
    return "a shell loop";
  return NULL;
}

/* The outermost launcher of the line counts: below it are its helpers, such as the shell that npm starts. */
static bool judge_launcher(struct process_origin *origin, uint16_t port) {
  const char *name = NULL;
  size_t outermost = 0;
  (void)port;
  for (size_t i = 0; i < origin->parent_count; i++) {
    const char *found = launcher_name(origin, i);
    if (found == NULL && !(is_shell(&origin->parents[i]) && strstr(origin->parents[i].command_line, " -c ") != NULL))
      break;
    if (found == NULL) continue;
    name = found;
    outermost = i;
  }
  if (name == NULL) return false;
  keep_by(origin, ORIGIN_KEEPER_PARENT, name, &origin->parents[outermost]);
  /* From the outside in, so that nobody is left to start it again. */
  int used = snprintf(origin->stop, sizeof origin->stop, "kill");
  for (size_t i = outermost + 1; i-- > 0;)
    used += snprintf(origin->stop + used, sizeof origin->stop - (size_t)used, " %" PRId64, origin->parents[i].pid);
  snprintf(origin->stop + used, sizeof origin->stop - (size_t)used, " %" PRId64, origin->self.pid);
  if (origin->self.has_terminal && origin->terminal[0] != '\0')
    snprintf(origin->stop_note, sizeof origin->stop_note, "Ctrl-C in its terminal (%s) does the same",
             origin->terminal);
  return true;
}

static bool judge_container(struct process_origin *origin, uint16_t port) {
  (void)port;
  if (origin->container[0] == '\0') return false;
  keep_by(origin, ORIGIN_KEEPER_CONTAINER, origin->runtime, NULL);
  if (strcmp(origin->runtime, "docker") == 0 || strcmp(origin->runtime, "podman") == 0)
    snprintf(origin->stop, sizeof origin->stop, "%s stop %s", origin->runtime, origin->container);
  else if (strcmp(origin->runtime, "kubernetes") == 0)
    snprintf(origin->stop_note, sizeof origin->stop_note,
             "it runs in the container %s of a Kubernetes pod, which is started again: scale its deployment down or "
             "delete it (kubectl)",
             origin->container);
  else
    snprintf(origin->stop_note, sizeof origin->stop_note, "it runs in the container %s: stop that one",
             origin->container);
  return true;
}

static bool judge_unit(struct process_origin *origin, uint16_t port) {
  (void)port;
  if (!is_plain_word(origin->unit)) return false;
  keep_by(origin, ORIGIN_KEEPER_UNIT, origin->is_user_unit ? "systemd (user unit)" : "systemd", NULL);
  snprintf(origin->stop, sizeof origin->stop, "systemctl %sstop %s", origin->is_user_unit ? "--user " : "",
           origin->unit);
  return true;
}

void origin_judge(struct process_origin *origin, uint16_t port) {
  static bool (*const judges[])(struct process_origin *, uint16_t) = {
      judge_proxy, judge_init, judge_supervisor, judge_pm2, judge_ssh, judge_launcher, judge_container, judge_unit,
  };
  origin->keeper = ORIGIN_KEEPER_NOBODY;
  origin->restarted_by[0] = origin->stop[0] = origin->stop_note[0] = '\0';
  if (!origin->is_known) return;
  origin_read_cgroup(origin->cgroup, origin);
  for (size_t i = 0; i < sizeof judges / sizeof judges[0]; i++)
    if (judges[i](origin, port)) return;
  snprintf(origin->stop, sizeof origin->stop, "kill %" PRId64, origin->self.pid);
}

/* Text on its way into the line, escaped. */
static size_t put(char *out, size_t used, const char *text, size_t most) {
  char shown[4 * ORIGIN_PATH_SIZE];
  size_t length = safe_text_copy(text, strlen(text), shown, sizeof shown);
  if (length > most) {
    length = most > 3 ? most - 3 : 0;
    snprintf(shown + length, sizeof shown - length, "...");
  }
  int written = snprintf(out + used, ORIGIN_LINE_SIZE - used, "%s", shown);
  return written < 0 || (size_t)written >= ORIGIN_LINE_SIZE - used ? ORIGIN_LINE_SIZE - 1 : used + (size_t)written;
}

/* What a parent is called: its arguments where these say what it runs, its name where it is a shell. */
static size_t put_parent(char *out, size_t used, const struct origin_process *process) {
  bool is_bare = is_shell(process) || process->command_line[0] == '\0' || process->pid == 1;
  return put(out, used, is_bare ? process->command : process->command_line, 48);
}

const char *origin_line(const struct process_origin *origin, const char *home, char out[ORIGIN_LINE_SIZE]) {
  char pid[32];
  size_t used = put(out, 0, origin->self.command, 48);
  snprintf(pid, sizeof pid, " (pid %" PRId64 ")", origin->self.pid);
  used = put(out, used, pid, sizeof pid);
  for (size_t i = 0; i < origin->parent_count && origin->parents[i].pid != 1; i++) {
    bool is_multiplexer = strncmp(origin->parents[i].command, "tmux", 4) == 0 ||
                          strncmp(origin->parents[i].command, "screen", 6) == 0 ||
                          strncmp(origin->parents[i].command, "SCREEN", 6) == 0;
    used = put(out, used, is_multiplexer ? " in " : " <- ", 8);
    used = is_multiplexer ? put(out, used, strncmp(origin->parents[i].command, "tmux", 4) == 0 ? "tmux" : "screen", 8)
                          : put_parent(out, used, &origin->parents[i]);
  }
  if (origin->unit[0] != '\0') {
    used = put(out, used, " <- ", 8);
    used = put(out, used, origin->unit, 100);
  }
  if (origin->container[0] != '\0') {
    used = put(out, used, ", in the container ", 32);
    used = put(out, used, origin->container, 32);
  }
  if (origin->folder[0] != '\0') {
    size_t length = home != NULL ? strlen(home) : 0;
    bool is_home = length > 1 && strncmp(origin->folder, home, length) == 0 &&
                   (origin->folder[length] == '/' || origin->folder[length] == '\0');
    used = put(out, used, is_home ? ", in ~" : ", in ", 8);
    used = put(out, used, is_home ? origin->folder + length : origin->folder, 120);
  }
  if (origin->is_deleted) put(out, used, ", its program's file is deleted", 40);
  return out;
}
