/*
 * Once all is bound, a server needs its sockets and little else. What it gives up then, nobody who finds a fault in it
 * can use: new privileges, capabilities, another user's rights, programs, and files but for the removal of its unix
 * paths. The seam: sandbox_linux.c (no_new_privs, Landlock, seccomp), sandbox_portable.c. pledge(2) and unveil(2) would
 * fit the same face.
 */
#ifndef LOPING_SERVER_SANDBOX_SANDBOX_H
#define LOPING_SERVER_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

#define SANDBOX_TEXT_SIZE 256

/* Becomes that user, with its groups, for good. `name` is a user's name or number. Returns 0, or a negative UV_ code
 * (UV_ENOENT: there is no such user, UV_EPERM: only root may). */
int sandbox_become(const char *name);

/* Is that what this process runs as? Then there is nothing to become. */
bool sandbox_is_user(const char *name);

struct sandbox_plan {
  const char *const *paths; /* of unix sockets, to be removed from their folders; NULL: abstract or none */
  size_t path_count;
};

/* Gives up what can be given up. `said` tells what that was, as a sentence without its full stop, and what this system
 * does not have. Before further threads are started: they begin as their maker is. */
void sandbox_enter(const struct sandbox_plan *plan, char said[SANDBOX_TEXT_SIZE]);

#endif
