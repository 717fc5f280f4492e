/* By user_namespaces(7), network_namespaces(7), pid_namespaces(7), mount_namespaces(7). */
#include "client/lab/scene.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "common/options/default_port.h"

#define PATH_SIZE 8192
/* A tmpfs of the scene's own lies over it: what is written there goes with the scene. */
#define FOLDER      "/dev/shm"
#define SETUP_LOG   FOLDER "/.setup"
#define BASH_RC     FOLDER "/.bashrc"
#define COPY_BYTES  4096
#define CANNOT_EXEC 127
/* Where an ordinary user's PATH does not have nft and ip. */
#define MORE_FOLDERS "/usr/sbin:/sbin"

/* Of the process that asked for the scene, before it is another user's. */
struct cast {
  const struct scene *scene;
  uid_t user;
  gid_t group;
  int failures; /* the pipe by which the scene's first process tells of its failure */
};

static struct scene_failure failure_of(enum scene_step step) {
  return (struct scene_failure){step, -errno};
}

static bool write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return false;
  bool is_written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
  return close(file) == 0 && is_written;
}

/* Root in there is who started loping, and nobody else is anybody. */
static bool map_users(const struct cast *cast) {
  char map[64];
  (void)write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof map, "0 %lu 1\n", (unsigned long)cast->user);
  if (!write_file("/proc/self/uid_map", map)) return false;
  snprintf(map, sizeof map, "0 %lu 1\n", (unsigned long)cast->group);
  return write_file("/proc/self/gid_map", map);
}

/* Root may do without a user namespace where the system allows none. */
static bool enter(const struct cast *cast, struct scene_failure *failure) {
  bool has_users = unshare(CLONE_NEWUSER) == 0;
  if (has_users ? !map_users(cast) : cast->user != 0) {
    *failure = failure_of(SCENE_USERS);
    return false;
  }
  if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID) == 0) return true;
  /* Some systems give the namespace, and no rights in it. */
  *failure = failure_of(has_users && errno == EPERM ? SCENE_USERS : SCENE_NAMESPACES);
  return false;
}

static bool mount_folders(void) {
  return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0 &&
         mount("tmpfs", FOLDER, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") == 0 && chdir(FOLDER) == 0;
}

/* What firewall the machine itself is run with is not the scene's; where that cannot be hidden, it stays in sight. */
static void hide_firewall_settings(void) {
  struct stat about;
  if (stat("/etc/ufw", &about) == 0) (void)mount("tmpfs", "/etc/ufw", "tmpfs", 0, NULL);
}

static bool switch_on_loopback(void) {
  struct ifreq request = {.ifr_name = "lo"};
  int asking = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (asking < 0) return false;
  bool is_on = ioctl(asking, SIOCGIFFLAGS, &request) == 0;
  request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
  is_on = is_on && ioctl(asking, SIOCSIFFLAGS, &request) == 0;
  int code = errno;
  close(asking);
  errno = code;
  return is_on;
}

/* The folder of this very program first: the scene's commands are `lopong` and `loping`. */
static void write_path(char path[PATH_SIZE]) {
  char own[4096];
  size_t length = sizeof own;
  const char *old = getenv("PATH");
  if (uv_exepath(own, &length) != 0) length = 0;
  own[length] = '\0';
  char *slash = strrchr(own, '/');
  if (slash != NULL) *slash = '\0';
  snprintf(path, PATH_SIZE, "%s:%s:" MORE_FOLDERS, slash != NULL ? own : "/usr/bin",
           old != NULL ? old : "/usr/bin:/bin");
}

static void set_environment(const struct scene *scene) {
  char path[PATH_SIZE];
  write_path(path);
  setenv("PATH", path, 1);
  setenv(SCENE_CODE_VARIABLE, scene->code, 1);
  setenv(SCENE_SEED_VARIABLE, scene->seed, 1);
  unsetenv(DEFAULT_PORT_VARIABLE);
  if (scene->port[0] != '\0') setenv(DEFAULT_PORT_VARIABLE, scene->port, 1);
}

static int wait_for(pid_t child) {
  int status;
  for (;;) {
    /* As the first process of its namespace it is everybody's parent. */
    pid_t ended = waitpid(-1, &status, 0);
    if (ended == child) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (ended < 0 && errno != EINTR) return CANNOT_EXEC;
  }
}

static void print_file(const char *path) {
  char bytes[COPY_BYTES];
  ssize_t count;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  while (file >= 0 && (count = read(file, bytes, sizeof bytes)) > 0)
    if (write(STDERR_FILENO, bytes, (size_t)count) < 0) break;
  if (file >= 0) close(file);
}

/* In a child: what is said goes to a file, as much of it is only of interest when something fails. */
static void run_setup(const char *commands) {
  int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  int log = open(SETUP_LOG, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (nothing < 0 || log < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
      dup2(log, STDERR_FILENO) < 0)
    _exit(CANNOT_EXEC);
  execl("/bin/sh", "sh", "-euc", commands, (char *)NULL);
  _exit(CANNOT_EXEC);
}

static bool set_up(const struct scene *scene, struct scene_failure *failure) {
  pid_t child = fork();
  if (child == 0) run_setup(scene->setup);
  if (child < 0) {
    *failure = failure_of(SCENE_PROCESSES);
    return false;
  }
  if (wait_for(child) == 0) {
    (void)unlink(SETUP_LOG);
    return true;
  }
  print_file(SETUP_LOG);
  *failure = (struct scene_failure){SCENE_SETUP, 0};
  return false;
}

static bool is_bash(const char *shell) {
  const char *name = strrchr(shell, '/');
  return strcmp(name != NULL ? name + 1 : shell, "bash") == 0;
}

/* Only bash has a way to put something in front of the user's own prompt. */
static bool write_bash_rc(const char *prompt) {
  char text[512];
  snprintf(text, sizeof text, "[ ! -f ~/.bashrc ] || . ~/.bashrc\nPS1='(%s) '\"$PS1\"\n", prompt);
  return write_file(BASH_RC, text);
}

/* In a child: a shell for a person, or one that reads commands. */
static void run_shell(const struct scene *scene) {
  const char *shell = getenv("SHELL");
  signal(SIGINT, SIG_DFL);
  signal(SIGQUIT, SIG_DFL);
  if (shell == NULL || shell[0] != '/') shell = "/bin/sh";
  if (!isatty(STDIN_FILENO)) shell = "/bin/sh";
  if (is_bash(shell) && write_bash_rc(scene->prompt))
    execl(shell, shell, "--rcfile", BASH_RC, "-i", (char *)NULL);
  else
    execl(shell, shell, (char *)NULL);
  execl("/bin/sh", "sh", (char *)NULL);
  _exit(CANNOT_EXEC);
}

static bool prepare(const struct scene *scene, struct scene_failure *failure) {
  *failure = (struct scene_failure){SCENE_NONE, 0};
  if (!mount_folders())
    *failure = failure_of(SCENE_MOUNTS);
  else if (!switch_on_loopback())
    *failure = failure_of(SCENE_LOOPBACK);
  if (failure->step != SCENE_NONE) return false;
  hide_firewall_settings();
  set_environment(scene);
  return set_up(scene, failure);
}

/* The first process of the namespaces: with its end the kernel ends all others in them. */
static void play(const struct cast *cast) {
  struct scene_failure failure;
  pid_t child = -1;
  /* Whoever ends loping, with whatever signal, ends this too. */
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (prepare(cast->scene, &failure)) {
    fputs(cast->scene->greeting, stdout);
    fflush(stdout);
    child = fork();
    if (child == 0) run_shell(cast->scene);
    if (child < 0) failure = failure_of(SCENE_SHELL);
  }
  if (child < 0 && write(cast->failures, &failure, sizeof failure) < 0) _exit(CANNOT_EXEC);
  close(cast->failures);
  _exit(child < 0 ? 1 : wait_for(child));
}

int scene_play(const struct scene *scene, struct scene_failure *failure) {
  struct cast cast = {.scene = scene, .user = geteuid(), .group = getegid()};
  int ends[2];
  *failure = (struct scene_failure){SCENE_NONE, 0};
  if (!enter(&cast, failure)) return 0;
  if (pipe2(ends, O_CLOEXEC) < 0) {
    *failure = failure_of(SCENE_PROCESSES);
    return 0;
  }
  cast.failures = ends[1];
  fflush(NULL);
  /* Ctrl-C is the shell's, and what runs in it. */
  signal(SIGINT, SIG_IGN);
  signal(SIGQUIT, SIG_IGN);
  pid_t first = fork();
  if (first == 0) play(&cast);
  if (first < 0) *failure = failure_of(SCENE_PROCESSES);
  close(ends[1]);
  if (first > 0 && read(ends[0], failure, sizeof *failure) != (ssize_t)sizeof *failure)
    *failure = (struct scene_failure){SCENE_NONE, 0};
  close(ends[0]);
  int status = first > 0 ? wait_for(first) : 0;
  return failure->step == SCENE_NONE ? status : 0;
}

int scene_show_evidence(void) {
  char own[4096];
  size_t length = sizeof own;
  int code = uv_exepath(own, &length);
  if (code != 0) return code;
  execl(own, "loping", "check", (char *)NULL);
  return -errno;
}

static bool has_program_in(const char *folder, size_t length, const char *name) {
  char path[PATH_SIZE];
  snprintf(path, sizeof path, "%.*s/%s", (int)length, folder, name);
  return access(path, X_OK) == 0;
}

bool scene_has_program(const char *name) {
  char path[PATH_SIZE];
  write_path(path);
  for (const char *at = path;; at++) {
    size_t length = strcspn(at, ":");
    if (has_program_in(at, length, name)) return true;
    at += length;
    if (*at == '\0') return false;
  }
}
