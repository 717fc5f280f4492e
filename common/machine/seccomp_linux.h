/* The system calls that a program of this project has no use for (seccomp(2)). */
#ifndef LOPING_COMMON_MACHINE_SECCOMP_LINUX_H
#define LOPING_COMMON_MACHINE_SECCOMP_LINUX_H

#include <stdbool.h>

/* From now on what starts a program, looks into another process's memory, or changes what is mounted or in the kernel
 * ends this process. With `only_serves` so do files that are opened to be written, and programs for the kernel, and
 * connect() is refused. Needs no_new_privs. Returns 0 or a negative UV_ code. */
int seccomp_forbid(bool only_serves);

#endif
