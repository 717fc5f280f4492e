/* Landlock (landlock(7)): what a process may still do with files, and with whom it may connect. */
#ifndef LOPING_COMMON_MACHINE_LANDLOCK_LINUX_H
#define LOPING_COMMON_MACHINE_LANDLOCK_LINUX_H

#include <stdbool.h>
#include <stddef.h>

/* What is allowed at a path: of a folder, to all that is below it. */
enum landlock_right {
  LANDLOCK_READ_FILES = 1,
  LANDLOCK_WRITE_FILE = 2,    /* one that is there */
  LANDLOCK_REPLACE_FILES = 4, /* make, write, rename and remove them */
  LANDLOCK_REMOVE_FILES = 8,  /* sockets are files */
};

struct landlock_rule {
  const char *path;
  unsigned rights; /* landlock_right, or-ed */
};

struct landlock_plan {
  bool may_read;    /* every file */
  bool may_connect; /* by TCP, and to abstract sockets and processes of others */
  const struct landlock_rule *rules;
  size_t rule_count;
};

/* Programs are no longer started, and of files only what the plan allows is done: nothing is written, made or removed
 * elsewhere. Needs no_new_privs. Returns the version of Landlock's interface, or a negative UV_ code; then nothing is
 * forbidden. What an older interface does not know stays allowed. */
int landlock_enter(const struct landlock_plan *plan);

/* The folder of a path, for a rule, in `out`; false: it is too long. */
bool landlock_folder_of(const char *path, char *out, size_t size);

#endif
