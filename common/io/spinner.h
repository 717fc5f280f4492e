/*
 * Waiting without sleep (--busy-poll): while messages are under way the loop spins and tries the sockets directly,
 * before it asks the kernel's poller.
 *
 *   the poller's --spinner_add()--> asked directly --silent, or spinner_stop(): watch()--> the poller's
 *
 * It knows what to ask only by the list of sockets that their owners hand in, and never what was read.
 */
#ifndef LOPING_COMMON_IO_SPINNER_H
#define LOPING_COMMON_IO_SPINNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* After so long without anything sent or received the loop sleeps like any other, until spinner_note(). */
#define SPINNER_IDLE_MS 1000

struct direct_socket;

struct direct_ops {
  /* Looks once whether something has come, past the loop, and handles it. True if something had. It may close any of
   * the spinner's sockets, itself too, if the memory of its own lasts until the loop's next turn. */
  bool (*poll)(struct direct_socket *socket);
  /* It is asked directly no more: lets the loop's poller watch it again. */
  void (*watch)(struct direct_socket *socket);
};

/* A part of whatever reads a socket. Begins as zeros but for `ops`. */
struct direct_socket {
  const struct direct_ops *ops;
  struct direct_socket *before, *after;
  uint64_t heard_ns; /* the spinner's turn in which something last came */
  uv_os_fd_t descriptor;
  bool is_direct; /* asked directly, and not watched by the loop's poller; descriptor and heard_ns hold while it is */
};

struct spinner {
  uv_idle_t idle;
  bool is_on;        /* false: spinner_note() does nothing */
  uint64_t quiet_ns; /* a socket that was silent for so long is the poller's again; 0: none ever */
  struct direct_socket *first, *last;
  struct direct_socket *next; /* to be met by the walk that is under way */
  size_t count;
  uint64_t turn_ns;   /* when the last turn ended */
  uint64_t busy_ns;   /* the turn in which something last moved */
  uint64_t looked_ns; /* when silent sockets were last looked for */
  bool has_moved;     /* in this turn */
};

/* Makes one that spins if `is_on`. Returns 0 or a negative UV_ code. */
int spinner_init(struct spinner *spinner, uv_loop_t *loop, bool is_on, uint64_t quiet_ns);

/* Something was sent or received: spin from now on. */
void spinner_note(struct spinner *spinner);

/* Asks the socket of `handle` directly from now on, unless it is already. The caller then stops libuv's reading, as a
 * socket that the poller watches makes the sender's kernel note each message in the poller's list, on the time of the
 * round trip. False where this system cannot (direct_io.h). */
bool spinner_add(struct spinner *spinner, struct direct_socket *socket, const uv_handle_t *handle);

/* Forgets one, which may be none of its own; watch() is not called. */
void spinner_remove(struct spinner *spinner, struct direct_socket *socket);

/* All sockets are the poller's again. */
void spinner_give_back(struct spinner *spinner);

/* The same, and the loop sleeps like any other until the next spinner_note(). */
void spinner_stop(struct spinner *spinner);

/* The same, for good. */
void spinner_end(struct spinner *spinner);

#endif
