/*
 * What a server's process shows of itself without being asked or touched. The seam: process_facts_linux.c,
 * process_facts_portable.c (nothing).
 */
#ifndef LOPING_CLIENT_GRADE_PROCESS_FACTS_H
#define LOPING_CLIENT_GRADE_PROCESS_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROCESS_SOCKETS_MAX 1024

/* The descriptors of a process that are sockets, in ascending order. */
struct process_sockets {
  size_t count;
  int descriptors[PROCESS_SOCKETS_MAX];
};

/* Returns 0 or a negative UV_ code: UV_ENOTSUP where this system does not tell, UV_EACCES of another user's. */
int process_facts_sockets(int64_t pid, struct process_sockets *sockets);

/* Is it still there, and no zombie? True where this system does not tell. */
bool process_facts_is_alive(int64_t pid);

/* Does SIGPIPE end it? False where this system does not tell. */
bool process_facts_ends_at_sigpipe(int64_t pid);

/* The CPU time that it has used, in ns. Returns 0 or a negative UV_ code. */
int process_facts_cpu_ns(int64_t pid, uint64_t *cpu_ns);

/* Has the socket of that inode SO_REUSEADDR? It is read from a copy of the descriptor, which changes nothing
 * (pidfd_getfd(2), getsockopt(2)). Returns 0 or a negative UV_ code: UV_EPERM where this user may not. */
int process_facts_reuses_address(int64_t pid, uint64_t inode, bool *is_set);

#endif
