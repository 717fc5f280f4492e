/* The waiting itself: the looks, the connections, the time. Prints nothing. */
#ifndef LOPING_CLIENT_WAIT_WAITING_H
#define LOPING_CLIENT_WAIT_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "client/check/probe.h"
#include "client/wait/wait_rules.h"
#include "common/net/address.h"

struct waiting;

/* One address on the way to a port: `localhost` has two. The owner of the array sets the first two fields. */
struct wait_way {
  struct endpoint target;
  size_t port; /* its index among the ports */
  struct waiting *waiting;
  struct probe_facts facts; /* of the last connection that ended */
  struct probe *running;    /* one that has not; NULL */
  struct probe_facts running_facts;
  unsigned connections;        /* made in all */
  unsigned attempts;           /* of those, since the listener was there, those that came to nothing */
  uint64_t began_ns, ended_ns; /* the last connection */
  bool was_here;
  int bind_code; /* of WAIT_FREE: why it could not be bound; 0: it could */
  bool is_reached;
  union {
    uv_handle_t handle;
    uv_tcp_t tcp;
    uv_udp_t udp;
  } trial; /* of WAIT_FREE: the socket that is bound and closed at once */
  bool is_trying;
};

/* One port that is waited for. */
struct wait_port {
  bool is_reached;
  bool is_hopeless;  /* waiting on does not help */
  uint64_t after_ns; /* since the beginning, of one that was reached */
  size_t way;        /* the way on which it was, or the first */
};

/* Called when a port is reached. */
typedef void wait_reached(void *owner, const struct wait_port *port);

struct waiting {
  enum wait_goal goal;
  unsigned http_status;
  uint64_t timeout_ns;
  size_t way_count;
  struct wait_way *ways; /* the caller's */
  size_t port_count;
  struct wait_port *ports; /* the caller's, zeros */
  wait_reached *on_reached;
  void *owner;

  /* The outcome. */
  int signal; /* that ended it; 0: none */
  uint64_t waited_ns;
  uint64_t looks;

  /* For the time of the waiting. */
  uv_loop_t loop;
  uv_timer_t timer;
  uv_signal_t interrupt, terminate, hang_up;
  uint64_t start_ns;
  bool is_over;
};

/* Waits until each port is reached or hopeless, the time is up, or SIGINT, SIGTERM or SIGHUP comes. Returns 0 or a
 * negative UV_ code. */
int waiting_run(struct waiting *waiting);

#endif
