/*
 * Facts of this machine that libuv does not tell. The seam: one file per system (machine_linux.c,
 * machine_portable.c), and one for what POSIX has (machine_process_posix.c), picked by the Makefile. A fact that
 * a system does not tell is said to be unknown, never guessed.
 */
#ifndef LOPING_COMMON_MACHINE_MACHINE_H
#define LOPING_COMMON_MACHINE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct machine_ports {
  bool known;
  uint16_t ephemeral_first; /* the ports that this machine lends to outgoing connections */
  uint16_t ephemeral_last;
  uint32_t unprivileged_first; /* ports below need a privilege; 0 where none do */
  uint32_t rest_ms;            /* how long the port of a closed connection to loopback rests before it is lent again
                                * (Linux: a minute of TIME_WAIT, unless tcp_tw_reuse shortens that); 0: unknown */
};

/* Reads the port settings that hold for this process (Linux: ip(7), /proc/sys/net/ipv4). */
void machine_port_settings(struct machine_ports *ports);

enum machine_answer { MACHINE_NO, MACHINE_YES, MACHINE_UNKNOWN };

/* Is IPv6 switched off for loopback (sysctl disable_ipv6), or missing from the kernel? */
enum machine_answer machine_ipv6_off(void);

/* Is this process confined, so that the kernel's own rules do not explain a refusal (seccomp, Landlock)? */
enum machine_answer machine_is_confined(void);

#define MACHINE_CPU_UNKNOWN UINT16_MAX

/* The CPU that this thread runs on now, or MACHINE_CPU_UNKNOWN. Cheap enough to call for every message. */
uint16_t machine_current_cpu(void);

/* The number of descriptors that this process may have open, or 0 if unknown; raise lifts it as far as the
 * system lets an ordinary process (getrlimit(2), RLIMIT_NOFILE). */
uint64_t machine_descriptor_limit(void);
void machine_raise_descriptor_limit(void);

/* How many descriptors are left to open, of at most `most` (DESCRIPTORS_TRIED_MAX) that are of interest. Where the
 * system is not asked, all of those. */
#define DESCRIPTORS_TRIED_MAX 512
unsigned machine_free_descriptors(unsigned most);

/* Are so many descriptors left to open? libuv ends the process where its first loop cannot have its own: its poller, a
 * pipe for signals, and from version 1.45 on an io_uring. */
#define MACHINE_LOOP_DESCRIPTORS 4
bool machine_has_descriptors(unsigned count);

/* Was the process started with SIGHUP ignored, as nohup(1) does? Then it should stay so. */
bool machine_ignores_hang_up(void);

/* Has the other end of this pipe or socket been closed, so that nobody will read what is written (poll(2), POLLERR)?
 * False of anything else, and where the system cannot tell. */
bool machine_output_is_unread(int descriptor);

/* A write to a closed pipe or socket becomes an error code instead of ending the process (signal(7), SIGPIPE). */
void machine_ignore_broken_pipe(void);

/* No signal is handled by the calling thread from now on, where threads have a mask of their own: the others do it. */
void machine_block_signals(void);

/* This process's user id, or -1 where there is no such thing. */
int64_t machine_user_id(void);

/* What a line on ports should name here: the words of this system's own tools and settings. Never NULL; "" where the
 * system has no such thing. In the commands the word PORT stands for the number and PATH for a unix socket's path. */
struct machine_words {
  const char *system;               /* "Linux"; begins a sentence */
  const char *show_listeners;       /* "ss -ltunp": all of them */
  const char *show_tcp_holder;      /* "ss -ltnp 'sport = :PORT'" */
  const char *show_udp_holder;      /* "ss -lunp 'sport = :PORT'" */
  const char *show_tcp_sockets;     /* not only listening ones */
  const char *show_unix_holder;     /* "ss -lxp src PATH" */
  const char *count_connections;    /* counts those to PORT; "ss -tan 'dport = :PORT' | wc -l" */
  const char *look_up_name;         /* "getent ahosts": a name follows */
  const char *services_list;        /* "/etc/services" */
  const char *show_denials;         /* "journalctl -b -g denied"; needs become_admin */
  const char *show_firewall;        /* "nft list ruleset"; needs become_admin */
  const char *become_admin;         /* "sudo " (with its space): put before a command */
  const char *ephemeral_setting;    /* "net.ipv4.ip_local_port_range" */
  const char *reserve_setting;      /* "net.ipv4.ip_local_reserved_ports" */
  const char *unprivileged_setting; /* "net.ipv4.ip_unprivileged_port_start" */
  const char *ipv6_setting;         /* "net.ipv6.conf.lo.disable_ipv6" */
};
const struct machine_words *machine_words(void);

#endif
