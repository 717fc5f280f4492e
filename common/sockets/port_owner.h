/*
 * Who has a port. The seam: one file per system (port_owner_linux.c, port_owner_portable.c), picked by the Makefile.
 * Only facts are gathered here; explain_bind.c makes sentences of them.
 */
#ifndef LOPING_COMMON_SOCKETS_PORT_OWNER_H
#define LOPING_COMMON_SOCKETS_PORT_OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/net/address.h"
#include "common/sockets/origin.h"

#define PORT_PROCESSES_MAX 8
#define PORT_SOCKETS_MAX   16

enum socket_state {
  SOCKET_STATE_UNKNOWN,
  SOCKET_STATE_LISTEN,
  SOCKET_STATE_BOUND, /* TCP: has the port, but does not listen. UDP: receives from everybody */
  SOCKET_STATE_ESTABLISHED,
  SOCKET_STATE_CONNECTING, /* SYN_SENT, SYN_RECV */
  SOCKET_STATE_FIN_WAIT,   /* FIN_WAIT1, FIN_WAIT2, CLOSING, LAST_ACK */
  SOCKET_STATE_CLOSE_WAIT,
  SOCKET_STATE_TIME_WAIT,
};

/* What is known of the processes that have a socket open. */
enum socket_owner {
  SOCKET_OWNER_SHOWN,   /* they are listed */
  SOCKET_OWNER_HIDDEN,  /* this user may not look into the process that has it */
  SOCKET_OWNER_OUTSIDE, /* every process of this PID namespace was looked into and none has it */
  SOCKET_OWNER_NONE,    /* the kernel alone keeps it: TIME_WAIT, a closed connection, one not yet accepted */
  SOCKET_OWNER_KERNEL,  /* every process of the whole machine was looked into and none has it */
  SOCKET_OWNER_GONE,    /* it was there, and when its processes had been looked for it was not any more */
  SOCKET_OWNER_UNKNOWN, /* not looked into, or not to the end; owner_code says why (0: this system does not tell) */
};

/* Of a connection: who began it, where this machine has both ends. */
enum connection_way {
  CONNECTION_WAY_UNKNOWN,
  CONNECTION_WAY_OUTGOING, /* its other end's port is the one that somebody listens on: this end was lent */
};

struct port_process {
  int64_t pid;
  char command[64];       /* the program's short name; not escaped */
  char command_line[256]; /* arguments separated by spaces; cut with "..." if longer; not escaped */
  char user[64];
  int64_t uid;                         /* -1: unknown */
  int64_t since;                       /* when the process started, seconds since 1970 UTC; 0: unknown */
  bool is_stopped;                     /* SIGSTOP, or a debugger: signals but SIGKILL wait for SIGCONT */
  bool is_self;                        /* this very process */
  const struct process_origin *origin; /* where it came from; NULL: not looked for */
};

struct port_socket {
  enum transport transport;
  enum socket_state state;
  struct sockaddr_storage local;
  struct sockaddr_storage remote; /* ss_family 0 (AF_UNSPEC) when there is none */
  bool dual_stack;                /* an IPv6 socket that takes IPv4 as well */
  char path[ADDRESS_PATH_SIZE];   /* unix */
  int64_t uid;                    /* who created the socket; -1: unknown */
  char user[64];                  /* the name of that user, or the number */
  uint64_t inode;                 /* 0: none */
  int64_t told_pid;               /* the process that the system's own table names; 0: it names none */
  uint32_t expires_ms;            /* TIME_WAIT, FIN_WAIT: until the kernel lets go; 0: unknown */
  uint32_t queued;                /* LISTEN: connections that wait to be accepted */
  uint32_t queue_limit;           /* LISTEN: how many may wait (the listen() backlog); 0: unknown */
  enum socket_owner owner;
  char kernel_name[64]; /* of KERNEL: the interface that it serves, "vx0 (vxlan)"; "": not known; not escaped */
  int owner_code;       /* of UNKNOWN: the negative UV_ code that ended the look */
  enum connection_way way;
  size_t process_count;
  size_t processes_left_out; /* found beyond PORT_PROCESSES_MAX */
  struct port_process processes[PORT_PROCESSES_MAX];
};

/* Every socket on one port number (or unix path). The order: LISTEN first, then the other states. */
struct port_report {
  bool known; /* false where this system does not tell */
  size_t socket_count;
  size_t sockets_left_out; /* found beyond PORT_SOCKETS_MAX */
  struct port_socket sockets[PORT_SOCKETS_MAX];
  size_t origin_count;
  struct process_origin origins[PORT_PROCESSES_MAX]; /* that the processes point to */
};

/* Finds every socket of `transport` (TCP or UDP) whose local port is `port`, in IPv4 and IPv6, and the processes that
 * have them. Sockets that overlap `wanted` (may be NULL) come first among those of one state and are never left out
 * in favour of others. Returns 0 or a negative UV_ code; `report` is whole in both cases. Free with port_report_free().
 * Sources: sock_diag(7), proc_pid_fd(5), proc_pid_stat(5). */
int port_owner_find(enum transport transport, uint16_t port, const struct sockaddr_storage *wanted,
                    struct port_report **report);

/* The same for a unix socket's path. */
int port_owner_find_unix(const char *path, struct port_report **report);

/* Is it a socket of the kernel's own, which serves a tunnel? Then it has no process, whatever could be looked into. */
void port_socket_find_kernel(struct port_socket *socket);

/* Looks for the origin of each process of the socket, where there is room left among `most`. */
void port_socket_find_origins(struct port_socket *socket, struct process_origin *origins, size_t *count, size_t most);

/* Does this socket stand in the way of one that wants `wanted`? (Pure; in port_overlap.c.) */
bool port_socket_overlaps(const struct port_socket *socket, const struct sockaddr_storage *wanted, bool wanted_dual);

void port_report_free(struct port_report *report);

#endif
