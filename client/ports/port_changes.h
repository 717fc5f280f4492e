/* What came and what went between two looks at the listeners of this machine. Pure. */
#ifndef LOPING_CLIENT_PORTS_PORT_CHANGES_H
#define LOPING_CLIENT_PORTS_PORT_CHANGES_H

#include <stddef.h>
#include <stdint.h>

#include "client/ports/port_rows.h"

/* A socket as it was seen last. */
struct port_seen {
  struct port_socket socket; /* of what went: its last look that still showed who had it, if there was one */
  struct port_socket named;  /* the last look that showed who has it; the same as `socket` before there was one */
  enum port_mark mark;
  uint64_t changed_ns; /* when it came or went */
  uint64_t since_ns;   /* the last look that did not show it yet; 0: the first look showed it */
  bool is_used;        /* the caller's notes, which stay with a socket as long as it is there */
  bool is_unexpected;
};

/* Begins as zeros. In the order of port_socket_compare(). */
struct port_history {
  size_t count;
  uint64_t looked_ns;     /* the time of the last look; 0 of the first */
  struct port_seen *seen; /* owned */
};

/* Called for each change, in the list's order. */
typedef void port_changed(void *owner, const struct port_socket *socket, enum port_mark mark);

/* Takes in the rows of another look (in order). What is new is marked as come, what is missing as gone; a mark fades
 * after `fade_ns`, and what went is then forgotten. `changed` may be NULL. Returns 0 or UV_ENOMEM, and then the history
 * is as it was. */
int port_history_update(struct port_history *history, const struct port_row *rows, size_t count, uint64_t now_ns,
                        uint64_t fade_ns, port_changed *changed, void *owner);

/* Takes in the first look: nothing of it is news. */
int port_history_begin(struct port_history *history, const struct port_row *rows, size_t count);

void port_history_free(struct port_history *history);

#endif
