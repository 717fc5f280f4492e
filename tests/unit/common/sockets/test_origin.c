/* Who would start a process again, and what stops it for good: a table of parents, cgroups and arguments. */
#include "common/sockets/origin.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

static void set_process(struct origin_process *process, int64_t pid, const char *command, const char *command_line) {
  process->pid = pid;
  snprintf(process->command, sizeof process->command, "%s", command);
  snprintf(process->command_line, sizeof process->command_line, "%s", command_line);
}

struct made_up {
  int64_t pid;
  const char *command, *command_line;
};

static const struct {
  const char *name;
  struct made_up self, parents[4];
  const char *cgroup, *supervised;
  bool is_script_loop;
  enum origin_keeper keeper;
  const char *restarted_by, *stop, *note;
} cases[] = {
    {"a program of a terminal's shell",
     {4711, "nc", "nc -lk 7000"},
     {{4000, "bash", "-bash"}, {1, "systemd", "/sbin/init"}},
     "/user.slice/user-1000.slice/session-3.scope",
     "",
     false,
     ORIGIN_KEEPER_NOBODY,
     "",
     "kill 4711",
     ""},
    {"a service",
     {4711, "nginx", "nginx: master process"},
     {{1, "systemd", "/sbin/init"}},
     "/system.slice/nginx.service",
     "",
     false,
     ORIGIN_KEEPER_UNIT,
     "systemd",
     "systemctl stop nginx.service",
     ""},
    {"a user's service",
     {4711, "node", "node app.js"},
     {{900, "systemd", "/lib/systemd/systemd --user"}, {1, "systemd", ""}},
     "/user.slice/user-1000.slice/user@1000.service/app.slice/web.service",
     "",
     false,
     ORIGIN_KEEPER_UNIT,
     "systemd (user unit)",
     "systemctl --user stop web.service",
     ""},
    {"a program of a desktop's terminal",
     {4711, "node", "node app.js"},
     {{900, "bash", "bash"}},
     "/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-1.scope",
     "",
     false,
     ORIGIN_KEEPER_NOBODY,
     "",
     "kill 4711",
     ""},
    {"systemd's own socket",
     {1, "systemd", "/sbin/init"},
     {{0, NULL, NULL}},
     "/init.scope",
     "",
     false,
     ORIGIN_KEEPER_INIT,
     "process 1",
     "",
     "list-sockets"},
    {"a container's first process",
     {1, "python3", "python3 app.py"},
     {{0, NULL, NULL}},
     "/",
     "",
     false,
     ORIGIN_KEEPER_INIT,
     "process 1",
     "",
     "from outside"},
    {"docker",
     {4711, "redis-server", "redis-server *:6379"},
     {{4000, "containerd-shim", "/usr/bin/containerd-shim-runc-v2"}},
     "/system.slice/docker-3f2a0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab.scope",
     "",
     false,
     ORIGIN_KEEPER_CONTAINER,
     "docker",
     "docker stop 3f2a01234567",
     ""},
    {"podman",
     {4711, "caddy", "caddy run"},
     {{4000, "conmon", "/usr/bin/conmon"}},
     "/machine.slice/libpod-aaaa0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab.scope/container",
     "",
     false,
     ORIGIN_KEEPER_CONTAINER,
     "podman",
     "podman stop aaaa01234567",
     ""},
    {"kubernetes",
     {4711, "app", "/app"},
     {{4000, "containerd-shim", ""}},
     "/kubepods.slice/kubepods-pod1.slice/cri-containerd-bbbb0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab.scope",
     "",
     false,
     ORIGIN_KEEPER_CONTAINER,
     "kubernetes",
     "",
     "kubectl"},
    {"docker-proxy",
     {4711, "docker-proxy",
      "/usr/bin/docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 7111 -container-ip 172.17.0.2 -container-port 80"},
     {{600, "dockerd", "/usr/bin/dockerd"}, {1, "systemd", ""}},
     "/system.slice/docker.service",
     "",
     false,
     ORIGIN_KEEPER_DOCKER_PROXY,
     "docker",
     "docker stop $(docker ps --quiet --filter publish=7111)",
     "publish=7111"},
    {"supervisord",
     {4711, "socat", "socat TCP-LISTEN:7106 EXEC:cat"},
     {{4000, "supervisord", "/usr/bin/python3 /usr/bin/supervisord -c /etc/s.conf"}, {1, "systemd", ""}},
     "/system.slice/supervisor.service",
     "web",
     false,
     ORIGIN_KEEPER_SUPERVISORD,
     "supervisord (pid 4000)",
     "supervisorctl -c /etc/s.conf stop web",
     ""},
    {"supervisord of another user",
     {4711, "socat", "socat"},
     {{4000, "supervisord", "/usr/bin/python3 /usr/bin/supervisord"}},
     "/",
     "",
     false,
     ORIGIN_KEEPER_SUPERVISORD,
     "supervisord (pid 4000)",
     "",
     "supervisorctl status"},
    {"pm2",
     {4711, "node", "node /srv/app.js"},
     {{4000, "PM2 v5.3.0: God", "PM2 v5.3.0: God Daemon (/root/.pm2)"}},
     "/",
     "0",
     false,
     ORIGIN_KEEPER_PM2,
     "pm2 (pid 4000)",
     "pm2 stop 0",
     ""},
    {"npm run",
     {4711, "node", "node server.js"},
     {{4710, "sh", "sh -c node server.js"}, {4700, "npm run dev", "npm run dev"}, {4000, "bash", "-bash"}},
     "/",
     "",
     false,
     ORIGIN_KEEPER_PARENT,
     "npm (pid 4700)",
     "kill 4700 4710 4711",
     ""},
    {"nodemon",
     {4711, "node", "node server.js"},
     {{4700, "node", "node /usr/lib/node_modules/nodemon/bin/nodemon.js server.js"}, {4000, "bash", "-bash"}},
     "/",
     "",
     false,
     ORIGIN_KEEPER_PARENT,
     "nodemon (pid 4700)",
     "kill 4700 4711",
     ""},
    {"a shell loop",
     {4711, "python3", "python3 -m http.server 7000"},
     {{4700, "sh", "sh -c while :; do python3 -m http.server 7000; done"}},
     "/",
     "",
     false,
     ORIGIN_KEEPER_PARENT,
     "a shell loop (pid 4700)",
     "kill 4700 4711",
     ""},
    {"a script with a loop",
     {4711, "python3", "python3"},
     {{4700, "bash", "bash ./run.sh"}},
     "/",
     "",
     true,
     ORIGIN_KEEPER_PARENT,
     "a shell loop (pid 4700)",
     "kill 4700 4711",
     ""},
    {"a shell's one command",
     {4711, "python3", "python3"},
     {{4700, "sh", "sh -c python3; true"}},
     "/",
     "",
     false,
     ORIGIN_KEEPER_NOBODY,
     "",
     "kill 4711",
     ""},
    {"an editor of a file of that name",
     {4711, "python3", "python3"},
     {{4700, "vim", "vim a b c nodemon"}},
     "/",
     "",
     false,
     ORIGIN_KEEPER_NOBODY,
     "",
     "kill 4711",
     ""},
    {"an ssh session",
     {4711, "sshd", "sshd: alice@pts/0"},
     {{4700, "sshd", "sshd: alice [priv]"}},
     "/user.slice/user-1000.slice/session-3.scope",
     "",
     false,
     ORIGIN_KEEPER_SSHD,
     "an ssh session (pid 4711)",
     "",
     "-KR 7000"},
    {"the ssh server",
     {4711, "sshd", "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"},
     {{1, "systemd", ""}},
     "/system.slice/ssh.service",
     "",
     false,
     ORIGIN_KEEPER_UNIT,
     "systemd",
     "systemctl stop ssh.service",
     ""},
    {"a unit whose name could command a shell",
     {4711, "a", "a"},
     {{1, "systemd", ""}},
     "/system.slice/$(reboot).service",
     "",
     false,
     ORIGIN_KEEPER_NOBODY,
     "",
     "kill 4711",
     ""},
    {"a program that supervisord calls strangely",
     {4711, "a", "a"},
     {{4000, "supervisord", "supervisord"}},
     "/",
     "a;reboot",
     false,
     ORIGIN_KEEPER_SUPERVISORD,
     "supervisord (pid 4000)",
     "",
     "supervisorctl status"},
};

static void make_up(size_t i, struct process_origin *origin) {
  memset(origin, 0, sizeof *origin);
  origin->is_known = true;
  set_process(&origin->self, cases[i].self.pid, cases[i].self.command, cases[i].self.command_line);
  for (size_t p = 0; p < COUNT_OF(cases[i].parents) && cases[i].parents[p].command != NULL; p++)
    set_process(&origin->parents[origin->parent_count++], cases[i].parents[p].pid, cases[i].parents[p].command,
                cases[i].parents[p].command_line);
  snprintf(origin->cgroup, sizeof origin->cgroup, "%s", cases[i].cgroup);
  snprintf(origin->supervised, sizeof origin->supervised, "%s", cases[i].supervised);
  origin->is_script_loop = cases[i].is_script_loop;
}

static void each_origin_has_its_keeper_and_its_stop(void **state) {
  static struct process_origin origin;
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    make_up(i, &origin);
    origin_judge(&origin, 7000);
    if (origin.keeper != cases[i].keeper) fail_msg("%s: keeper %d", cases[i].name, origin.keeper);
    if (strcmp(origin.restarted_by, cases[i].restarted_by) != 0)
      fail_msg("%s: restarted by '%s'", cases[i].name, origin.restarted_by);
    if (strcmp(origin.stop, cases[i].stop) != 0) fail_msg("%s: stop '%s'", cases[i].name, origin.stop);
    if (strstr(origin.stop_note, cases[i].note) == NULL) fail_msg("%s: note '%s'", cases[i].name, origin.stop_note);
    if (strstr(origin.stop, "kill 1") == origin.stop && origin.self.pid == 1)
      fail_msg("%s kills process 1", cases[i].name);
  }
}

static void of_an_unknown_process_nothing_is_said(void **state) {
  static struct process_origin origin;
  (void)state;
  origin_judge(&origin, 7000);
  assert_string_equal(origin.stop, "");
  assert_int_equal(origin.keeper, ORIGIN_KEEPER_NOBODY);
}

static void the_line_names_parents_and_folder(void **state) {
  static struct process_origin origin;
  char out[ORIGIN_LINE_SIZE];
  (void)state;
  memset(&origin, 0, sizeof origin);
  set_process(&origin.self, 4711, "node", "node server.js");
  set_process(&origin.parents[0], 4700, "npm run dev", "npm run dev");
  set_process(&origin.parents[1], 4000, "bash", "-bash");
  set_process(&origin.parents[2], 3000, "tmux: server", "tmux");
  set_process(&origin.parents[3], 1, "systemd", "/sbin/init");
  origin.parent_count = 4;
  snprintf(origin.folder, sizeof origin.folder, "/home/alice/shop");
  assert_string_equal(origin_line(&origin, "/home/alice", out),
                      "node (pid 4711) <- npm run dev <- bash in tmux, in ~/shop");
  snprintf(origin.self.command, sizeof origin.self.command, "a\x1b[31m");
  assert_null(strchr(origin_line(&origin, NULL, out), '\x1b'));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_origin_has_its_keeper_and_its_stop),
      cmocka_unit_test(of_an_unknown_process_nothing_is_said),
      cmocka_unit_test(the_line_names_parents_and_folder),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
