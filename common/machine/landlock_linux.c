/* Landlock by its system calls, which glibc does not have. The header linux/landlock.h is younger than some of the
 * systems that this is built on, and what is asked for here younger than some such headers: the names are ours, the
 * numbers those of landlock(7). */
#include "common/machine/landlock_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

/* The same on all processors (arch/.../syscall.tbl from 424 on). */
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule       445
#define __NR_landlock_restrict_self  446
#endif

#define ASK_FOR_INTERFACE 1U /* a flag of landlock_create_ruleset(2) */
#define RULE_OF_A_PATH    1  /* a type of landlock_add_rule(2) */

#define EXECUTE     (UINT64_C(1) << 0)
#define WRITE_FILE  (UINT64_C(1) << 1)
#define READ_FILE   (UINT64_C(1) << 2)
#define READ_DIR    (UINT64_C(1) << 3)
#define REMOVE_FILE (UINT64_C(1) << 5)
#define MAKE_REG    (UINT64_C(1) << 8)

/* Interface 1 has the rights up to MAKE_SYM; each later one adds some. */
#define RIGHTS_1      ((UINT64_C(1) << 13) - 1)
#define REFER_2       (UINT64_C(1) << 13)
#define TRUNCATE_3    (UINT64_C(1) << 14)
#define IOCTL_DEV_5   (UINT64_C(1) << 15)
#define CONNECT_TCP_4 (UINT64_C(1) << 1)
#define SCOPES_6      UINT64_C(3) /* abstract unix sockets, signals */
#define READING       (READ_FILE | READ_DIR)
/* What can be allowed at a file that is no folder. */
#define OF_FILES (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE_3 | IOCTL_DEV_5)

struct path_rule {
  uint64_t allowed;
  int32_t parent;
} __attribute__((packed));

struct forbidden {
  uint64_t files, net, scoped;
};

static struct forbidden choose_forbidden(const struct landlock_plan *plan, int interface) {
  struct forbidden all = {.files = RIGHTS_1};
  if (interface >= 2) all.files |= REFER_2;
  if (interface >= 3) all.files |= TRUNCATE_3;
  if (interface >= 5 && !plan->may_read) all.files |= IOCTL_DEV_5;
  if (interface >= 4 && !plan->may_connect) all.net = CONNECT_TCP_4;
  if (interface >= 6 && !plan->may_connect) all.scoped = SCOPES_6;
  if (plan->may_read) all.files &= ~(uint64_t)READING;
  return all;
}

/* An older kernel takes no more of the struct than it knows. */
static size_t size_of(int interface) {
  return interface >= 6 ? 3 * sizeof(uint64_t) : interface >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

static uint64_t rights_of(unsigned rights) {
  uint64_t all = 0;
  if (rights & LANDLOCK_READ_FILES) all |= READ_FILE;
  if (rights & LANDLOCK_WRITE_FILE) all |= WRITE_FILE | TRUNCATE_3;
  if (rights & LANDLOCK_REPLACE_FILES) all |= WRITE_FILE | MAKE_REG | REMOVE_FILE | TRUNCATE_3;
  if (rights & LANDLOCK_REMOVE_FILES) all |= REMOVE_FILE;
  return all;
}

/* What is not there needs no rule. Returns 0 or a negative UV_ code. */
static int allow(int ruleset, const struct landlock_rule *rule, uint64_t forbidden) {
  struct stat status;
  struct path_rule asked = {.allowed = rights_of(rule->rights) & forbidden};
  asked.parent = open(rule->path, O_PATH | O_CLOEXEC);
  if (asked.parent < 0) return errno == ENOENT || errno == ENOTDIR ? 0 : uv_translate_sys_error(errno);
  if (fstat(asked.parent, &status) == 0 && !S_ISDIR(status.st_mode)) asked.allowed &= OF_FILES;
  /* A pipe behind /dev/stdout is under no rule (EBADFD). */
  bool is_added = syscall(__NR_landlock_add_rule, ruleset, RULE_OF_A_PATH, &asked, 0) == 0;
  int code = is_added || errno == EBADFD ? 0 : uv_translate_sys_error(errno);
  close(asked.parent);
  return code;
}

int landlock_enter(const struct landlock_plan *plan) {
  long interface = syscall(__NR_landlock_create_ruleset, NULL, 0, ASK_FOR_INTERFACE);
  if (interface < 1) return UV_ENOTSUP;
  struct forbidden forbidden = choose_forbidden(plan, (int)interface);
  long ruleset = syscall(__NR_landlock_create_ruleset, &forbidden, size_of((int)interface), 0);
  if (ruleset < 0) return uv_translate_sys_error(errno);
  int code = 0;
  /* Without one of its rules the process could not do what it has to. */
  for (size_t i = 0; i < plan->rule_count && code == 0; i++)
    code = allow((int)ruleset, &plan->rules[i], forbidden.files);
  if (code == 0 && syscall(__NR_landlock_restrict_self, (int)ruleset, 0) != 0) code = uv_translate_sys_error(errno);
  close((int)ruleset);
  return code == 0 ? (int)interface : code;
}

bool landlock_folder_of(const char *path, char *out, size_t size) {
  const char *slash = strrchr(path, '/');
  size_t length = slash == NULL || slash == path ? 1 : (size_t)(slash - path);
  if (length >= size) return false;
  memcpy(out, slash == NULL ? "." : path, length);
  out[length] = '\0';
  return true;
}
