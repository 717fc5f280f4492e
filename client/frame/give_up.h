/*
 * What a command gives up before it begins, so that a fault in what reads a peer's bytes or a file is of little use to
 * others. The seam: give_up_linux.c (no_new_privs, seccomp, Landlock), give_up_portable.c. What a system does not have
 * is left out.
 */
#ifndef LOPING_CLIENT_FRAME_GIVE_UP_H
#define LOPING_CLIENT_FRAME_GIVE_UP_H

#include <stddef.h>

/* New privileges, and system calls that start programs, look into other processes' memory or change what is mounted:
 * who makes one is ended. Every command. */
void give_up_programs(void);

/* Changes to files, but to those at `outputs`, each a path that is written later, or NULL. Only for a command that asks
 * nothing about other processes: Landlock hides them. */
void give_up_files(const char *const *outputs, size_t count);

#endif
