/*
 * Keeps what the kernel holds for this server's TCP connections within a quarter of what makes the system press,
 * whatever the clients do. The buffers of a connection that carries much do not grow until its client has shown that it
 * reads. While they all together hold half of the bound, none grows; beyond the bound those that were stuck for longest
 * are reset. What their clients hold on their side is not counted, and is set free with them: so they are reset too, a
 * few at a time, while the system presses.
 */
#ifndef LOPING_SERVER_ECHO_MEMORY_GUARD_H
#define LOPING_SERVER_ECHO_MEMORY_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct connection;

/* A read of so much, or a stop, tells of a connection that carries much. */
#define MEMORY_GUARD_BULK_BYTES (16 * 1024)
/* More than fits into the buffers of a client that does not read. */
#define MEMORY_GUARD_MOVED_BYTES (1024 * 1024)

enum memory_level {
  MEMORY_ENOUGH,
  MEMORY_SCARCE, /* from half of the bound, or of the mark, on: no large buffers */
  MEMORY_SHORT,  /* beyond: somebody has to go */
};

struct memory_facts {
  uint64_t held_bytes, bound_bytes;   /* of this loop's connections */
  uint64_t all_bytes, pressure_bytes; /* of all sockets of the machine; 0: not known */
};

/* Pure. */
enum memory_level memory_guard_judge(const struct memory_facts *facts);

/* Of a connection that carries much: bounds its buffers, or lets them grow once `moved_bytes` show that its client
 * reads. */
void memory_guard_note(struct connection *connection, uint64_t moved_bytes);

#endif
