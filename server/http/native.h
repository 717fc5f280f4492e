/*
 * What a server can say of the round trips of a stamped session, by the stamps that its client sends. Pure.
 *
 *   client sends -> server read it -> server answers -> client has it -> client sends the next
 *   |------------- two legs -----------------|                           |
 *   |--------------------------- from one to the next -------------------|
 *
 * The round trip ends between the two: the first is shorter than it, always; the second is longer, where the client
 * waits for each answer. Both ends are processes of one machine and read one clock.
 */
#ifndef LOPING_SERVER_HTTP_NATIVE_H
#define LOPING_SERVER_HTTP_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_NATIVE_KEPT 256

/* Of the last messages of a session; all zero is none. */
struct http_native_times {
  size_t leg_count, step_count; /* ever; rings */
  uint64_t last_send_ns, last_answer_ns;
  bool is_overlapped; /* a message was sent before the one before had its answer: then the steps bound nothing */
  uint64_t legs_ns[HTTP_NATIVE_KEPT];
  uint64_t steps_ns[HTTP_NATIVE_KEPT];
};

/* Of the messages that were kept, in nanoseconds. */
struct http_native {
  uint64_t count; /* 0: nothing is known */
  uint64_t legs_least_ns, legs_median_ns;
  uint64_t steps_least_ns, steps_median_ns; /* 0: not known */
};

/* Takes in a message that came alone, and when its answer left. A client on another clock, or whose stamp is none, is
 * left out. */
void http_native_note(struct http_native_times *times, uint64_t client_send_ns, uint64_t answer_ns);

void http_native_summarise(const struct http_native_times *times, struct http_native *native);

#endif
