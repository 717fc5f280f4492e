/*
 * The listeners of this machine as rows of a list: which are wanted, in which order, and who can reach them. Pure: the
 * sockets were gathered before (common/sockets/port_owner.h).
 */
#ifndef LOPING_CLIENT_PORTS_PORT_ROWS_H
#define LOPING_CLIENT_PORTS_PORT_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/sockets/port_list.h"
#include "common/sockets/port_owner.h"

#define PORT_FILTER_RANGES_MAX 64

/* Who can send something to a socket. The order is that of the list. */
enum port_reach {
  PORT_REACH_EXPOSED, /* other machines too: bound to 0.0.0.0, :: or an address that is not loopback */
  PORT_REACH_LOCAL,   /* this machine alone: bound to loopback */
  PORT_REACH_NOBODY,  /* TCP that is bound and does not listen: connections to it are refused */
};

#define PORT_RANGE_HOSTS_MAX 2

struct port_range {
  uint16_t first;
  uint16_t last;
  bool has_transport; /* only this one's */
  enum transport transport;
  size_t host_count; /* only what these reach; 0: on whatever address. "localhost" is two */
  struct sockaddr_storage hosts[PORT_RANGE_HOSTS_MAX];
};

/* Which sockets are wanted. All zeros (and pid -1): all of them. */
struct port_filter {
  size_t range_count;
  struct port_range ranges[PORT_FILTER_RANGES_MAX];
  const char *process; /* the name of a holder; NULL: any */
  int64_t pid;         /* of a holder; -1: any */
  bool only_exposed;
  bool only_local;
  bool only_tcp;
  bool only_udp;
};

/* What happened to a row between two looks. */
enum port_mark { PORT_MARK_NONE, PORT_MARK_CAME, PORT_MARK_WENT };

struct port_row {
  const struct port_socket *socket; /* not owned */
  enum port_mark mark;
  bool is_unexpected; /* by --expect */
  bool is_unused;     /* nobody connected since loping watches */
};

enum port_reach port_reach_of(const struct port_socket *socket);

/* Does the filter let this port of this transport through, whoever has it? */
bool port_filter_admits_port(const struct port_filter *filter, enum transport transport, uint16_t port);

/* Does the filter let this socket through? */
bool port_filter_admits(const struct port_filter *filter, const struct port_socket *socket);

/* Is the process called `name`? The kernel keeps the first 15 bytes of a name (proc_pid_comm(5)). */
bool port_process_is_called(const struct port_process *process, const char *name);

/* The order of the list: by reach, port, transport, address; then by what else tells two sockets apart. 0 for the same
 * socket alone. */
int port_socket_compare(const struct port_socket *one, const struct port_socket *other);

/* Makes the rows of the sockets that the filter admits, in order. `rows` has room for all of the list. Returns their
 * number. */
size_t port_rows_select(const struct port_list *list, const struct port_filter *filter, struct port_row *rows);

#endif
