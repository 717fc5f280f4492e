/* What to measure, and against whom: what is left of the user's settings once the defaults are in. */
#ifndef LOPING_CLIENT_RUN_PLAN_H
#define LOPING_CLIENT_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"

struct workload;

enum run_direction { RUN_ECHO, RUN_UP, RUN_DOWN };

struct run_plan {
  const struct workload *workload;
  size_t candidate_count; /* addresses that the target's name means, in the system's order */
  struct endpoint candidates[ADDRESS_RESOLVED_MAX];
  const char *host; /* as the user typed it */
  uint64_t bytes;   /* of a message, or of one write */
  uint64_t connections;
  uint64_t depth;
  uint64_t messages_per_1000s; /* the open loop's schedule, whole numbers for 0.001 a second and more; 0: closed loop */
  uint64_t count;              /* round trips to measure; 0: until duration_ns */
  uint64_t duration_ns;        /* to measure; 0: until count, or Ctrl-C */
  bool has_own_duration;       /* the user named the duration, and it bounds a count as well */
  uint64_t warmup_ns;
  bool extends_warmup;  /* the user named none: it goes on until the rate has settled */
  uint64_t interval_ns; /* ping */
  uint64_t timeout_ns;
  enum run_direction direction; /* of a stream */
  bool has_floor;               /* measure the floor in between */
  bool ignores_hang_up;         /* started with SIGHUP ignored, as nohup(1) does: it stays so */
  bool is_busy_poll;            /* never sleep: ask the sockets again and again */
  bool is_pinned;               /* the caller keeps the client on `cpu` */
  uint64_t cpu;
  bool keeps_nagle;
  bool is_zero_copy;   /* throughput: send by reference, discard unread, where the system can */
  uint64_t writes;     /* send calls for each message, at least 1 */
  uint32_t server_pid; /* as an earlier run learned it; 0: unknown */
  uint64_t seed;
};

#endif
