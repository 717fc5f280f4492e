/*
 * One connection, walked step by step: connect, say something, hear the answer, finish, close. It is for looking at,
 * and never for measuring: after each step both ends are looked up in the system's tables. The seam: walk_posix.c,
 * walk_portable.c.
 */
#ifndef LOPING_CLIENT_WALK_WALK_H
#define LOPING_CLIENT_WALK_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/sockets/socket_facts.h"
#include "common/sockets/port_owner.h"

#define WALK_ANSWER_BYTES 65536

enum walk_step {
  WALK_BOUND,     /* the client's socket has a port; nothing was sent yet */
  WALK_CONNECTED, /* connect() returned */
  WALK_GREETED,   /* the greeting was sent and as many bytes came back */
  WALK_SENT,      /* the message was given to the kernel */
  WALK_ANSWERED,  /* as many bytes came back, or the server ended, or nothing came */
  WALK_FINISHED,  /* shutdown(): the client says that it sends no more */
  WALK_ENDED,     /* the server's end was read, or it did not come */
  WALK_CLOSED,    /* close() */
};

/* One end, as the system's tables have it. */
struct walk_end {
  bool known; /* the tables could be read */
  bool is_there;
  enum socket_state state;
  uint32_t unread_bytes;
};

struct walk_facts {
  enum walk_step step;
  int code; /* a negative UV_ code: the step failed; UV_EOF: the server ended before; UV_ETIMEDOUT: nothing came */
  uint64_t took_ns;                      /* by the monotonic clock, from just before the system call to just after it */
  struct sockaddr_storage local, remote; /* with their ports, as far as they are known */
  size_t bytes;                          /* that were sent, or came */
  bool is_same;                          /* WALK_GREETED, WALK_ANSWERED: what came is what plan.is_same wants */
  struct walk_end client, server;
  struct socket_tcp_facts tcp; /* WALK_CONNECTED to WALK_ENDED */
};

struct walk_plan {
  struct sockaddr_storage target; /* of TCP, with the port */
  const uint8_t *greeting;        /* NULL: none */
  size_t greeting_length;
  const uint8_t *message; /* NULL: nothing is said, and no answer waited for */
  size_t length;          /* at most WALK_ANSWER_BYTES */
  /* Is it a right answer to what was sent, of the same length? */
  bool (*is_same)(const uint8_t *sent, const uint8_t *got, size_t length);
  uint64_t timeout_ns; /* of each step */
  void (*on_step)(void *owner, const struct walk_facts *facts);
  void *owner;
};

/* Walks to the end, or to the first step that fails, and tells of each: the last one told is WALK_CLOSED or has a code.
 * Blocks meanwhile, at most the time limit for each step. Returns 0, or a negative UV_ code where it could not begin:
 * no socket, no memory, or not on this system (UV_ENOTSUP). */
int walk_run(const struct walk_plan *plan);

#endif
