/* By /proc/sys: user_namespaces(7), and what Debian and Ubuntu have added. */
#include "client/lab/user_limits.h"

#include <stddef.h>
#include <string.h>

#include "common/machine/proc_file_linux.h"

static const struct {
  const char *path;
  struct user_limit limit;
} limits[] = {
    {"/proc/sys/user/max_user_namespaces", {"user.max_user_namespaces", "0"}},
    {"/proc/sys/kernel/unprivileged_userns_clone", {"kernel.unprivileged_userns_clone", "0"}},
    {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns", {"kernel.apparmor_restrict_unprivileged_userns", "1"}},
};

bool user_limits_find(struct user_limit *limit) {
  char line[PROC_LINE_SIZE];
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    size_t length = strlen(limits[i].limit.value);
    if (!proc_file_first_line(limits[i].path, line, sizeof line)) continue;
    if (strncmp(line, limits[i].limit.value, length) != 0 || line[length] != '\n') continue;
    *limit = limits[i].limit;
    return true;
  }
  return false;
}
