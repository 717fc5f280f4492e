/* Where nobody wrote that system's own sandbox yet. */
#include <stdio.h>
#include <uv.h>

#include "server/sandbox/sandbox.h"

bool sandbox_is_user(const char *name) {
  (void)name;
  return false;
}

int sandbox_become(const char *name) {
  (void)name;
  return UV_ENOTSUP;
}

void sandbox_enter(const struct sandbox_plan *plan, char said[SANDBOX_TEXT_SIZE]) {
  (void)plan;
  snprintf(said, SANDBOX_TEXT_SIZE, "no sandbox: lopong has none on this system");
}
