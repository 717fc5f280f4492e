/*
 * Writing to what stands behind a descriptor without ever waiting for who reads it. O_NONBLOCK is not set for that: it
 * would be set for all who share the file, the shell that has the same terminal and the other writers of a pipe. The
 * seam: descriptor_linux.c, descriptor_portable.c.
 */
#ifndef LOPING_SERVER_SAY_DESCRIPTOR_H
#define LOPING_SERVER_SAY_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum descriptor_kind {
  DESCRIPTOR_PLAIN, /* a file or a device: a write to it waits for nobody */
  DESCRIPTOR_PIPE,
  DESCRIPTOR_SOCKET,
  DESCRIPTOR_TERMINAL,
};

struct descriptor {
  int number;
  enum descriptor_kind kind;
  bool is_own; /* the number is one that was opened here */
};

/* `number` stays the caller's, and open. Of a terminal its file is opened once more, which has flags of its own. */
struct descriptor descriptor_begin(int number);
void descriptor_end(struct descriptor *descriptor);

/* Writes as much as is taken at once. Returns how many bytes that was, or a negative UV_ code: UV_EAGAIN for none. */
ssize_t descriptor_write(const struct descriptor *descriptor, const char *bytes, size_t length);

/* Waits for room, for so long at most. */
void descriptor_wait(const struct descriptor *descriptor, int milliseconds);

#endif
