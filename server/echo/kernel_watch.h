/*
 * The kernel times of one socket of the server, for the client that asks for them (`loping anatomy`). Off until a frame
 * asks, and off again when none has asked for a while, so that nobody else pays for them.
 */
#ifndef LOPING_SERVER_ECHO_KERNEL_WATCH_H
#define LOPING_SERVER_ECHO_KERNEL_WATCH_H

#include "common/io/kernel_times.h"
#include "common/wire/wire.h"

/* Begins as zeros. */
struct kernel_watch {
  struct kernel_times times;
  uint64_t asked_for_ns;     /* when a frame last asked for them */
  uint32_t previous_send_ns; /* what the last send call took; 0: not known */
};

/* In the alloc callback: asks the kernel, if that is on. */
void kernel_watch_before_read(struct kernel_watch *watch, const uv_handle_t *socket);

/* Busy-polling: nothing was there when the kernel was asked; what comes only now is read, with its time, the next time.
 */
bool kernel_watch_is_early(const struct kernel_watch *watch);

/* A frame asks. Switches the asking on for the next read, and fills what is known of this one. False where the system
 * does not tell: then the frame stays as it is. */
bool kernel_watch_fill(struct kernel_watch *watch, const uv_handle_t *socket, struct wire_kernel_times *times);

/* After the send call that began at begin_ns. */
void kernel_watch_after_send(struct kernel_watch *watch, uint64_t begin_ns);

#endif
