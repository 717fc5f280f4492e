/* Giving up on Linux: prctl(2), seccomp(2), landlock(7). */
#include "client/frame/give_up.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "common/machine/landlock_linux.h"
#include "common/machine/seccomp_linux.h"

/* More files than any command writes. */
#define OUTPUTS_MAX 8
/* A sanitizer writes its findings to a file. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif

/* Of where a link leads to, as the file is written beside that. */
static bool find_folder(const char *path, char folder[PATH_MAX]) {
  char place[PATH_MAX];
  const char *real = realpath(path, place);
  return landlock_folder_of(real != NULL ? real : path, folder, PATH_MAX);
}

void give_up_programs(void) {
  if (!IS_SANITIZED && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) (void)seccomp_forbid(false);
}

void give_up_files(const char *const *outputs, size_t count) {
  struct landlock_rule rules[1 + 2 * OUTPUTS_MAX] = {{.path = "/dev/null", .rights = LANDLOCK_WRITE_FILE}};
  char folders[OUTPUTS_MAX][PATH_MAX];
  struct landlock_plan plan = {.may_read = true, .may_connect = true, .rules = rules, .rule_count = 1};
  if (IS_SANITIZED || count > OUTPUTS_MAX) return;
  for (size_t i = 0; i < count; i++) {
    if (outputs[i] == NULL || strcmp(outputs[i], "-") == 0) continue;
    /* A device or a FIFO is written straight; a file is made beside its place. */
    rules[plan.rule_count++] = (struct landlock_rule){outputs[i], LANDLOCK_WRITE_FILE};
    if (find_folder(outputs[i], folders[i]))
      rules[plan.rule_count++] = (struct landlock_rule){folders[i], LANDLOCK_REPLACE_FILES};
  }
  (void)landlock_enter(&plan);
}
