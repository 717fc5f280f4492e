/* What a wait does next, and what an attempt means for it. Pure. */
#ifndef LOPING_CLIENT_WAIT_WAIT_RULES_H
#define LOPING_CLIENT_WAIT_WAIT_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/check/facts.h"

enum wait_goal {
  WAIT_ANSWERS, /* a server takes a connection and keeps it */
  WAIT_FREE,    /* the port can be bound */
  WAIT_HTTP,    /* a HEAD request is answered with the wanted status */
};

/* From one look at the socket tables to the next, after so long a wait: short at first, then a few a second. No server
 * learns of such a look. */
uint64_t wait_look_pause_ns(uint64_t waited_ns);

/* What is known when the next connection is considered. */
struct wait_prospect {
  bool is_known;     /* the socket tables could be read */
  bool is_here;      /* a socket listens there now */
  bool was_here;     /* the same at the look before; false at first */
  unsigned attempts; /* connections that came to nothing so far */
  uint64_t since_ns; /* since the last of them ended */
};

/* Is it time for a connection? At once where a listener has just come; where none is to be seen only now and then, for
 * a redirection shows no socket here. */
bool wait_is_time_to_connect(const struct wait_prospect *prospect);

/* The status of an HTTP answer by its first bytes ("HTTP/1.1 200 OK"); 0 where they are none. */
unsigned wait_http_status(const char *bytes, size_t length);

/* Did this attempt reach the goal (WAIT_ANSWERS or WAIT_HTTP with `http_status`)? */
bool wait_is_reached(enum wait_goal goal, unsigned http_status, const struct probe_facts *facts,
                     const struct server_half_facts *half);

/* Of a unix socket's file: does nobody listen on it, or is it gone? */
bool wait_is_dead_path(const struct probe_facts *facts);

/* Will binding go on to fail with this code, whoever ends? A negative UV_ code. */
bool wait_is_bind_hopeless(int code);

/* The exit status of one port that was not reached, from that of check's verdict: a server that answers is no success
 * where something else was waited for. */
int wait_exit_status(enum wait_goal goal, int verdict_status);

#endif
