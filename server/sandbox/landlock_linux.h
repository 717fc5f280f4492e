/* Landlock (landlock(7)): what a process may still do with files, and with whom it may connect. */
#ifndef LOPING_SERVER_SANDBOX_LANDLOCK_LINUX_H
#define LOPING_SERVER_SANDBOX_LANDLOCK_LINUX_H

#include <stddef.h>

/* No file but: /dev/null to be read, and in the folders of `paths` the removal of a socket. No TCP connection, and no
 * abstract socket or process of others, where this Landlock has that. Needs no_new_privs. Returns the version of
 * Landlock's interface, or a negative UV_ code; then nothing is forbidden. */
int landlock_forbid(const char *const *paths, size_t path_count);

#endif
