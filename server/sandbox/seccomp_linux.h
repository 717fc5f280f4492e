/* The system calls that a server has no use for once it serves (seccomp(2)). */
#ifndef LOPING_SERVER_SANDBOX_SECCOMP_LINUX_H
#define LOPING_SERVER_SANDBOX_SECCOMP_LINUX_H

/* From now on: programs, other processes' memory, the kernel's own affairs, and files that are opened to be written end
 * this process; connect() is refused. Needs no_new_privs. Returns 0 or a negative UV_ code. */
int seccomp_forbid(void);

#endif
