/*
 * A store in the kernel: bytes go from one socket into it, and out to another, without a copy to this process
 * (splice(2) through a pipe). For streams: it costs two descriptors, so it is there only while bytes stand in it. The
 * seam: relay_linux.c, relay_portable.c (none).
 */
#ifndef LOPING_SERVER_THREADS_RELAY_H
#define LOPING_SERVER_THREADS_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

/* As much as is read at once. */
#define RELAY_BYTES (256 * 1024)

struct relay;

/* Makes an empty one, with room for RELAY_BYTES if their pieces are no smaller than a page; the caller owns it. NULL:
 * this system has none, or no descriptors or memory for it. */
struct relay *relay_create(void);

/* With what stands in it. NULL is fine. */
void relay_free(struct relay *relay);

/* Bytes that stand in it; of NULL: 0. */
size_t relay_held_bytes(const struct relay *relay);

/* Takes at most `most` bytes that the socket has: their number, 0 at the stream's end, UV_EAGAIN where it has none or
 * the store is full, or another negative UV_ code. Never waits. */
ssize_t relay_fill(struct relay *relay, uv_os_fd_t socket, size_t most);

/* Gives the socket what it takes of what stands here: the number of bytes, UV_EAGAIN, or another negative UV_ code.
 * Never waits. */
ssize_t relay_drain(struct relay *relay, uv_os_fd_t socket);

/* Does this code mean that the kernel does not do it with that socket? Nothing was moved then, and nothing is lost. */
bool relay_is_unfit(int code);

/* Copies the first bytes out, at most `length`: their number, or a negative UV_ code. */
ssize_t relay_take(struct relay *relay, uint8_t *bytes, size_t length);

#endif
