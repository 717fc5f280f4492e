/*
 * How this machine is set up and how busy it is, as far as that changes a measurement. A seam like
 * common/machine/machine.h: machine_state_linux.c and machine_state_portable.c. What a system does not tell is unknown,
 * never guessed.
 */
#ifndef LOPING_CLIENT_RESULT_MACHINE_STATE_H
#define LOPING_CLIENT_RESULT_MACHINE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/machine/machine.h"

#define MACHINE_WORD_SIZE     64
#define MACHINE_SENTENCE_SIZE 192
#define MACHINE_CPU_LIST_SIZE 256
/* A number that is not known. */
#define MACHINE_UNSAID (-1)

/* Texts are "" and numbers MACHINE_UNSAID where they are unknown; texts are as the system has them, not escaped. */
struct machine_state {
  char virtualization[MACHINE_WORD_SIZE]; /* "none", or the hypervisor's name: "KVM"; "unnamed" if it has none */
  char product[MACHINE_SENTENCE_SIZE];    /* what the firmware calls the machine (SMBIOS vendor and product) */
  char governor[MACHINE_WORD_SIZE];       /* of CPU 0's frequency: "performance", "powersave", ... */
  char frequency_driver[MACHINE_WORD_SIZE];
  enum machine_answer turbo;           /* may a CPU clock above its nominal frequency? */
  char idle_driver[MACHINE_WORD_SIZE]; /* "none" where the CPU just halts */
  char idle_governor[MACHINE_WORD_SIZE];
  char idle_states[MACHINE_SENTENCE_SIZE]; /* the names of CPU 0's states that are on, with spaces: "POLL C1 C6" */
  char clock_source[MACHINE_WORD_SIZE];    /* "tsc" */
  char congestion_control[MACHINE_WORD_SIZE];
  int64_t loopback_mtu_bytes;
  /* Buffers of a socket: what it gets and what it may ask for; of TCP what the kernel keeps it between. */
  int64_t receive_bytes[2]; /* default, max */
  int64_t send_bytes[2];
  int64_t tcp_receive_bytes[3]; /* min, default, max */
  int64_t tcp_send_bytes[3];
};

/* Reads the settings that hold now. Sources: Linux's Documentation/admin-guide/pm, sysctl/net.rst, tcp(7). */
void machine_read_state(struct machine_state *state);

/* CPU time since an arbitrary moment, summed over all CPUs, in ns. */
struct machine_cpu_times {
  uint64_t busy_ns;  /* spent in programs and in the kernel for them; interrupts are left out */
  uint64_t steal_ns; /* that the hypervisor gave to others while a CPU had work */
  uint64_t total_ns; /* all of it, idle time included */
};

/* False where the system does not tell. Linux: proc_stat(5); counts in steps of 10 ms. */
bool machine_read_cpu_times(struct machine_cpu_times *times);

struct machine_process {
  uint64_t cpu_ns; /* that it has used */
  uint64_t threads;
};

/* Tells of a process, if there is one of that id with that short name. */
bool machine_read_process(int64_t pid, const char *name, struct machine_process *process);

/* Keeps this thread, and the threads that it will start, on one CPU (sched_setaffinity(2)). Returns 0, UV_EINVAL for a
 * CPU that does not exist or is not allowed, UV_ENOTSUP where the system has no such thing, or another UV_ code. */
int machine_pin_cpu(uint64_t cpu);

/* The CPUs that this process may run on, such as "0-3,6"; "" where unknown. */
void machine_allowed_cpus(char out[MACHINE_CPU_LIST_SIZE]);

#endif
