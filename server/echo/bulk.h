/*
 * A plain stream that carries much goes through the kernel alone (relay.h), and its bytes are not looked at. Which
 * stream does, and from when to when. What a relay could not pass on yet stays in it: it is copied nowhere.
 */
#ifndef LOPING_SERVER_ECHO_BULK_H
#define LOPING_SERVER_ECHO_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct connection;

/* Is the next of its input taken by bulk_fill(), and not read? Always so while something stands in its relay. */
bool bulk_is_on(const struct connection *connection);

/* In place of a read of at most `most` bytes: the number of bytes that now stand in its relay, 0 at the stream's end,
 * UV_EAGAIN where there was nothing or the relay is full, or another negative UV_ code. */
ssize_t bulk_fill(struct connection *connection, size_t most);

/* Notes what a read brought, or bulk_fill(), and decides about the next. */
void bulk_note(struct connection *connection, size_t bytes);

/* Its relay is empty: the next stream may have it. */
void bulk_rest(struct connection *connection);

/* It is read as any other from now on, until much comes anew; or it closes. */
void bulk_leave(struct connection *connection);

#endif
