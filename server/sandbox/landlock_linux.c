/* Landlock by its system calls, which glibc does not have. The names of linux/landlock.h that older headers lack are
 * made up here, by landlock(7). */
#include "server/sandbox/landlock_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#define PATH_SIZE 512

/* Interface 1 has the rights up to MAKE_SYM; each later one adds some. */
#define RIGHTS_1      ((UINT64_C(1) << 13) - 1)
#define REFER_2       (UINT64_C(1) << 13)
#define TRUNCATE_3    (UINT64_C(1) << 14)
#define IOCTL_DEV_5   (UINT64_C(1) << 15)
#define CONNECT_TCP_4 (UINT64_C(1) << 1)
#define SCOPES_6      UINT64_C(3) /* abstract unix sockets, signals */

struct rules {
  uint64_t files, net, scoped;
};

static struct rules rules_of(int interface) {
  struct rules rules = {.files = RIGHTS_1};
  if (interface >= 2) rules.files |= REFER_2;
  if (interface >= 3) rules.files |= TRUNCATE_3;
  if (interface >= 4) rules.net = CONNECT_TCP_4;
  if (interface >= 5) rules.files |= IOCTL_DEV_5;
  if (interface >= 6) rules.scoped = SCOPES_6;
  return rules;
}

/* An older kernel takes no more of the struct than it knows. */
static size_t size_of(int interface) {
  return interface >= 6 ? 3 * sizeof(uint64_t) : interface >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

static void allow(int ruleset, const char *path, uint64_t rights) {
  struct landlock_path_beneath_attr rule = {.allowed_access = rights};
  rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
  if (rule.parent_fd < 0) return;
  (void)syscall(__NR_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(rule.parent_fd);
}

/* The folder is opened for its lock, and the socket moved aside before it is removed. */
static void allow_removal(int ruleset, const char *path) {
  char folder[PATH_SIZE];
  const char *slash = strrchr(path, '/');
  size_t length = slash == NULL ? 1 : slash == path ? 1 : (size_t)(slash - path);
  if (length >= sizeof folder) return;
  memcpy(folder, slash == NULL ? "." : path, length);
  folder[length] = '\0';
  allow(ruleset, folder, LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_SOCK);
}

int landlock_forbid(const char *const *paths, size_t path_count) {
  long interface = syscall(__NR_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (interface < 1) return UV_ENOTSUP;
  struct rules rules = rules_of((int)interface);
  long ruleset = syscall(__NR_landlock_create_ruleset, &rules, size_of((int)interface), 0);
  if (ruleset < 0) return uv_translate_sys_error(errno);
  allow((int)ruleset, "/dev/null", LANDLOCK_ACCESS_FS_READ_FILE);
  for (size_t i = 0; i < path_count; i++)
    if (paths[i][0] != '@') allow_removal((int)ruleset, paths[i]);
  int code = syscall(__NR_landlock_restrict_self, (int)ruleset, 0) == 0 ? 0 : uv_translate_sys_error(errno);
  close((int)ruleset);
  return code == 0 ? (int)interface : code;
}
