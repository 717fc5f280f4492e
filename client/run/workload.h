/*
 * What a workload is: what happens at each moment of a run, and what it wants of it. Each is one const table in a file
 * of its own (client/workloads/); adding one is its file, one row in main.c, and its test.
 *
 * A workload keeps what it needs in memory of its own, zeroed by the run before `prepare`: run_bytes once a run
 * (run->state) and flow_bytes for each flow (flow->state). The run frees both; what they point to is the workload's.
 */
#ifndef LOPING_CLIENT_RUN_WORKLOAD_H
#define LOPING_CLIENT_RUN_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/peer/greeting.h"
#include "client/result/result.h"
#include "client/run/plan.h"

struct flow;
struct run;

#define WORKLOAD_FIGURES_MAX  16
#define WORKLOAD_PROBLEM_SIZE 512

/* What of the common options a workload understands: one bit each. */
enum workload_trait {
  WORKLOAD_SIZED = 1 << 0,       /* --size */
  WORKLOAD_COUNTED = 1 << 1,     /* --count */
  WORKLOAD_PARALLEL = 1 << 2,    /* --connections */
  WORKLOAD_TIMED = 1 << 3,       /* --duration, --warmup */
  WORKLOAD_DEEP = 1 << 4,        /* --depth, --rate, --floor: messages back to back */
  WORKLOAD_PACED = 1 << 5,       /* --interval */
  WORKLOAD_SPLIT = 1 << 6,       /* --writes, --no-nodelay */
  WORKLOAD_STREAMING = 1 << 7,   /* --direction, --zero-copy; it has bytes, and no messages that are timed */
  WORKLOAD_DISTRIBUTED = 1 << 8, /* --hgrm, --raw, --percentiles */
  WORKLOAD_TOLD = 1 << 9,        /* --explain */
};

/* What the user may leave out. */
struct workload_defaults {
  uint64_t bytes;
  uint64_t duration_ns; /* 0: until --count or Ctrl-C */
  uint64_t warmup_ns;
  uint64_t interval_ns;
};

/* NULL slots are skipped. */
struct workload {
  const char *name; /* as the user knows it: "latency" for the closed and the open loop */
  unsigned traits;  /* enum workload_trait */
  struct workload_defaults defaults;
  const char *direction;  /* "echo", "up", "down" of a stream; NULL for messages */
  bool needs_stream;      /* UDP cannot carry it */
  bool ends_itself;       /* by its own count: no timer ends its warm-up or its measuring */
  bool has_depth;         /* it keeps a chosen number of messages in flight */
  bool prints_each_reply; /* a line for each, as it comes */
  bool counts_sent;       /* its throughput is what was sent, not what came back */
  size_t read_bytes;      /* the read buffer that suits it */
  size_t run_bytes;       /* of run->state; 0: none */
  size_t flow_bytes;      /* of flow->state; 0: none */
  size_t figure_count;    /* the distributions that it fills */
  enum figure figures[WORKLOAD_FIGURES_MAX];
  /* Fits the plan to this workload; picks another one of the same name where the plan asks for it (an open loop, a
   * direction). */
  void (*resolve)(struct run_plan *plan);
  /* Can the plan be carried out? False with a sentence in `problem` (WORKLOAD_PROBLEM_SIZE bytes). */
  bool (*is_possible)(const struct run_plan *plan, char *problem);
  enum greeting (*greeting)(const struct run_plan *plan);
  int (*begin_run)(struct run *run);                     /* before anything is connected. 0 or a UV_ code */
  int (*prepare)(struct run *run, struct flow *flow);    /* before the flow connects: memory. 0 or a UV_ code */
  void (*begin)(struct flow *flow);                      /* the flow is ready: send */
  void (*on_reconnected)(struct flow *flow, int status); /* flows_reconnect() came to its end: 0 or a UV_ code */
  void (*on_bytes)(struct flow *flow, const uint8_t *bytes, size_t length);
  void (*on_sent)(struct flow *flow);
  void (*on_guard)(struct flow *flow, uint64_t now_ns); /* now and then: does it wait too long? */
  bool (*is_drained)(const struct flow *flow);          /* nothing more is to come back */
  void (*close)(struct run *run);                       /* the run closes: its own handles */
  void (*finish)(struct run *run); /* all is over, the common figures are there: its own figures, its own memory */
};

#endif
