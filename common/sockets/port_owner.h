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
  SOCKET_OWNER_OUTSIDE, /* every process was looked into and none has it: another PID namespace, or the kernel */
  SOCKET_OWNER_NONE,    /* the kernel alone keeps it: TIME_WAIT, a closed connection, one not yet accepted */
  SOCKET_OWNER_UNKNOWN, /* this system does not tell */
};

struct port_process {
  int64_t pid;
  char command[64];       /* the program's short name; not escaped */
  char command_line[256]; /* arguments separated by spaces; cut with "..." if longer; not escaped */
  char user[64];
  int64_t uid;     /* -1: unknown */
  int64_t since;   /* when the process started, seconds since 1970 UTC; 0: unknown */
  bool is_stopped; /* SIGSTOP, or a debugger: signals but SIGKILL wait for SIGCONT */
  bool is_self;    /* this very process */
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
  uint32_t expires_ms;            /* TIME_WAIT, FIN_WAIT: until the kernel lets go; 0: unknown */
  uint32_t queued;                /* LISTEN: connections that wait to be accepted */
  uint32_t queue_limit;           /* LISTEN: how many may wait (the listen() backlog); 0: unknown */
  enum socket_owner owner;
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
};

/* Finds every socket of `transport` (TCP or UDP) whose local port is `port`, in IPv4 and IPv6, and the processes that
 * have them. Sockets that overlap `wanted` (may be NULL) come first among those of one state and are never left out
 * in favour of others. Returns 0 or a negative UV_ code; `report` is whole in both cases. Free with port_report_free().
 * Sources: sock_diag(7), proc_pid_fd(5), proc_pid_stat(5). */
int port_owner_find(enum transport transport, uint16_t port, const struct sockaddr_storage *wanted,
                    struct port_report **report);

/* The same for a unix socket's path. */
int port_owner_find_unix(const char *path, struct port_report **report);

/* Does this socket stand in the way of one that wants `wanted`? (Pure; in port_overlap.c.) */
bool port_socket_overlaps(const struct port_socket *socket, const struct sockaddr_storage *wanted, bool wanted_dual);

void port_report_free(struct port_report *report);

#endif
