/* Names the setting that is in the way where there is one. */
#include "client/lab/scene_words.h"

#include <string.h>
#include <uv.h>

#include "client/frame/command.h"
#include "client/lab/user_limits.h"

static const char *const what[] = {
    [SCENE_USERS] = "this system lets no ordinary user make a namespace",
    [SCENE_NAMESPACES] = "the namespaces of the lab were refused",
    [SCENE_PROCESSES] = "no process could be started",
    [SCENE_MOUNTS] = "/proc and the lab's own folder could not be mounted in its namespace",
    [SCENE_LOOPBACK] = "the lab's loopback interface could not be switched on",
    [SCENE_SHELL] = "no shell could be started",
};

static void complain_users(const struct scene_failure *failure, const char *name) {
  struct user_limit limit;
  if (user_limits_find(&limit))
    command_complain("%s (%s): %s is %s. As root it goes: sudo loping lab %s", what[SCENE_USERS],
                     uv_err_name(failure->code), limit.setting, limit.value, name);
  else
    command_complain("%s (%s); no setting that is known to forbid it is set. As root it goes: sudo loping lab %s",
                     what[SCENE_USERS], uv_err_name(failure->code), name);
}

void scene_complain(const struct scene_failure *failure, const char *name) {
  if (failure->step == SCENE_UNSUPPORTED)
    command_complain(
        "labs need the namespaces of Linux, which this system does not have. The sheet can be read: loping lab %s "
        "--sheet",
        name);
  else if (failure->step == SCENE_USERS)
    complain_users(failure, name);
  else if (failure->step == SCENE_SETUP)
    command_complain(
        "the lab could not be set up: one of its commands failed, and said what stands above. All of them: loping lab "
        "%s --sheet",
        name);
  else
    command_complain(
        "%s (%s), so there is no lab. A container may forbid it: try it on the machine itself. The sheet: loping lab "
        "%s --sheet",
        what[failure->step], uv_err_name(failure->code), name);
}
