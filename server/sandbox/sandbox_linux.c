/* What a server on Linux gives up: prctl(2), capset(2), landlock(7), seccomp(2). */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include "common/machine/landlock_linux.h"
#include "common/machine/seccomp_linux.h"
#include "common/options/options.h"
#include "server/sandbox/sandbox.h"

#define NAMES_SIZE 16384

/* A sanitizer writes its findings to a file, and looks at the process by ptrace(2). */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

struct identity {
  uid_t user;
  gid_t group;
  char name[256];
};

static int find_user(const char *text, struct identity *out) {
  char names[NAMES_SIZE], *end;
  struct passwd entry, *found = NULL;
  int error = getpwnam_r(text, &entry, names, sizeof names, &found);
  unsigned long number = strtoul(text, &end, 10);
  bool is_number = text[0] >= '0' && text[0] <= '9' && *end == '\0' && number < UINT32_MAX;
  if (found == NULL && is_number) error = getpwuid_r((uid_t)number, &entry, names, sizeof names, &found);
  if (found == NULL) return error == 0 || error == ENOENT || error == ESRCH ? UV_ENOENT : uv_translate_sys_error(error);
  *out = (struct identity){.user = entry.pw_uid, .group = entry.pw_gid};
  snprintf(out->name, sizeof out->name, "%s", entry.pw_name);
  return 0;
}

bool sandbox_is_user(const char *name) {
  struct identity identity = {.user = (uid_t)-1, .group = (gid_t)-1};
  return find_user(name, &identity) == 0 && identity.user == geteuid() && identity.user == getuid();
}

int sandbox_become(const char *name) {
  struct identity identity = {.user = (uid_t)-1, .group = (gid_t)-1};
  int code = find_user(name, &identity);
  if (code != 0) return code;
  if (initgroups(identity.name, identity.group) != 0 ||
      setresgid(identity.group, identity.group, identity.group) != 0 ||
      setresuid(identity.user, identity.user, identity.user) != 0)
    return uv_translate_sys_error(errno);
  return 0;
}

/* Root needs one to remove a path from somebody else's folder. */
static bool drop_capabilities(bool has_paths) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3], wanted[_LINUX_CAPABILITY_U32S_3] = {{0}};
  if (syscall(SYS_capget, &header, data) != 0) return false;
  uint32_t kept = has_paths ? 1u << CAP_DAC_OVERRIDE | 1u << CAP_FOWNER : 0;
  wanted[0].permitted = wanted[0].effective = data[0].permitted & kept;
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return syscall(SYS_capset, &header, wanted) == 0;
}

static bool has_files(const struct sandbox_plan *plan) {
  for (size_t i = 0; i < plan->path_count; i++)
    if (plan->paths[i][0] != '@') return true;
  return false;
}

/* At the end the paths are removed; folders were locked, and stale sockets moved aside, before this. */
static int forbid_files(const struct sandbox_plan *plan) {
  char folders[OPTIONS_LIST_MAX][PATH_MAX];
  struct landlock_rule rules[OPTIONS_LIST_MAX + 1] = {{.path = "/dev/null", .rights = LANDLOCK_READ_FILES}};
  struct landlock_plan landlock = {.rules = rules, .rule_count = 1};
  for (size_t i = 0; i < plan->path_count && i < OPTIONS_LIST_MAX; i++)
    if (plan->paths[i][0] != '@' && landlock_folder_of(plan->paths[i], folders[i], sizeof folders[i]))
      rules[landlock.rule_count++] = (struct landlock_rule){folders[i], LANDLOCK_REMOVE_FILES};
  return landlock_enter(&landlock);
}

void sandbox_enter(const struct sandbox_plan *plan, char said[SANDBOX_TEXT_SIZE]) {
  char landlock[96] = "no Landlock (this system has none)";
  if (IS_SANITIZED) {
    snprintf(said, SANDBOX_TEXT_SIZE, "no sandbox: this lopong was built with a sanitizer, which needs files");
    return;
  }
  bool has_paths = has_files(plan);
  bool has_capabilities = !drop_capabilities(has_paths);
  bool is_bound = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  int interface = is_bound ? forbid_files(plan) : UV_EPERM;
  int code = is_bound ? seccomp_forbid(true) : UV_EPERM;
  if (interface > 0) snprintf(landlock, sizeof landlock, "Landlock %d", interface);
  if (interface < 0 && interface != UV_ENOTSUP)
    snprintf(landlock, sizeof landlock, "no Landlock (%s)", uv_strerror(interface));
  snprintf(said, SANDBOX_TEXT_SIZE, "sandbox: %s, %s, %s, %s",
           is_bound ? "no new privileges" : "new privileges possible",
           has_capabilities ? "capabilities kept"
           : has_paths      ? "no capabilities but those that remove its paths"
                            : "no capabilities",
           landlock, code == 0 ? "seccomp" : "no seccomp (this system has none)");
}
