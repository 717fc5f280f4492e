/*
 * When the kernel received a message, as seen by the program that then reads it. The seam: kernel_times_linux.c asks
 * the kernel (SO_TIMESTAMPNS, socket(7)), kernel_times_portable.c says that it is not known.
 *
 *   kernel has it ---wake-up---> awake ---asking---> asked ---libuv reads---> read callback
 *
 * libuv reads without control data, which the kernel's time is part of. So it is asked for by a look (MSG_PEEK) at the
 * first byte just before libuv reads, in the alloc callback. The look costs a system call: its time is known, too.
 */
#ifndef LOPING_COMMON_IO_KERNEL_TIMES_H
#define LOPING_COMMON_IO_KERNEL_TIMES_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

/* What is known of the latest message on one socket. Begins as zeros. */
struct kernel_times {
  bool is_on;
  bool has_found;                /* something was there to be read */
  uint64_t awake_ns;             /* clock_now_ns() when the loop turned to the socket */
  uint64_t asked_ns;             /* the same, after the kernel was asked */
  uint64_t received_realtime_ns; /* by CLOCK_REALTIME, the only clock that the kernel has for it; 0: not told */
};

/* Does this system tell kernel times at all? */
bool kernel_times_exist(void);

/* Lets the kernel note the time of what a TCP or UDP socket receives from now on. Returns 0 or a negative UV_ code:
 * UV_ENOTSUP where the system does not tell. */
int kernel_times_start(struct kernel_times *times, const uv_handle_t *socket);

/* Ends it. */
void kernel_times_stop(struct kernel_times *times, const uv_handle_t *socket);

/* Asks for the time of what is to be read next. For the alloc callback, first thing. */
void kernel_times_ask(struct kernel_times *times, const uv_handle_t *socket);

/* How far CLOCK_REALTIME is ahead of clock_now_ns(). Both run at one rate (adjtimex(2) slews both); the distance
 * changes only when somebody sets the calendar clock. */
struct clock_distance {
  int64_t ahead_ns;
  uint64_t error_ns; /* it is right within so much: half of the narrowest time that enclosed a reading */
};

/* Measures the distance; takes below a microsecond. */
void kernel_times_measure_distance(struct clock_distance *distance);

#endif
