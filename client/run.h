/*
 * One run of one workload: the plan that the user asked for, the lanes (connections) that carry it, and its phases.
 *
 *   OPENING -> WARMING -> MEASURING -> DRAINING -> CLOSING
 *                  \___________\___________\_________^      a failure closes from anywhere
 *
 * measure.c drives the phases; a workload (workloads/) decides what to send and what to count.
 */
#ifndef LOPING_CLIENT_RUN_H
#define LOPING_CLIENT_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "client/connection.h"
#include "client/cpu_use.h"
#include "client/exchange.h"
#include "client/greeting.h"
#include "client/result.h"
#include "common/explain.h"
#include "common/histogram.h"
#include "common/pacer.h"
#include "common/pattern.h"

struct workload;
struct run;
struct anatomy;
struct floor_slices;

/* What to measure, and against whom. */
struct run_plan {
  const struct workload *workload;
  size_t candidate_count; /* addresses that the target's name means, in the system's order */
  struct endpoint candidates[ADDRESS_RESOLVED_MAX];
  const char *host; /* as the user typed it */
  uint64_t bytes;   /* of a message, or of one write */
  uint64_t connections;
  uint64_t depth;
  uint64_t rate_per_second; /* of the open loop's schedule; 0: closed loop */
  uint64_t count;           /* round trips to measure; 0: until duration_ns */
  uint64_t duration_ns;     /* to measure; 0: until count, or Ctrl-C */
  uint64_t warmup_ns;
  uint64_t interval_ns; /* ping */
  uint64_t timeout_ns;
  bool has_floor;    /* measure the floor in between */
  bool is_busy_poll; /* never sleep: ask the sockets again and again */
  bool is_pinned;    /* the caller keeps the client on `cpu` */
  uint64_t cpu;
  bool keeps_nagle;
  bool is_zero_copy;   /* throughput: send by reference, discard unread, where the system can */
  uint64_t writes;     /* send calls for each message, at least 1 */
  uint32_t server_pid; /* as an earlier run learned it; 0: unknown */
  uint64_t seed;
};

enum run_phase { RUN_OPENING, RUN_WARMING, RUN_MEASURING, RUN_DRAINING, RUN_CLOSING };

enum lane_state { LANE_CLOSED, LANE_CONNECTING, LANE_GREETING, LANE_READY, LANE_RECONNECTING, LANE_ENDED };

/* One connection and what a workload keeps of it. */
struct lane {
  struct run *run;
  struct connection *connection;
  enum lane_state state;
  uint64_t since_ns; /* when this state began, for the time limit */
  uint8_t greeting[GREETING_BYTES];
  uint8_t answer[GREETING_BYTES]; /* to the greeting, as far as it has come */
  size_t answer_length;
  /* Workloads of messages. */
  struct exchange *exchange;
  /* Workloads of streams: bytes of this lane's pattern. */
  uint64_t sent_bytes;
  uint64_t received_bytes;
  uint64_t last_progress_ns;
  struct anatomy *anatomy; /* of that workload; it frees it */
  /* connect: the transaction under way. */
  uint64_t transaction_ns; /* when it began, just before connect() */
  uint64_t connected_ns;
  uint64_t send_ns;
  bool is_measured;
  bool is_resting; /* none is under way, and none will follow */
};

/* What the person at the terminal, or nobody, is told during a run. Every slot may be NULL. */
struct run_observer {
  void (*on_tick)(void *owner, const struct run *run); /* about four times a second */
  void (*on_reply)(void *owner, const struct run *run, const struct exchange_reply *reply, uint64_t receive_ns);
  void (*on_timeout)(void *owner, const struct run *run, uint64_t sequence);
  void (*on_round_trip)(void *owner, uint64_t rtt_ns); /* each that is counted */
  void (*on_interval)(void *owner, const struct run *run, const struct result_interval *interval); /* a slice is over */
  void (*on_measuring)(void *owner, const struct run *run); /* the peer is known, the measured time begins */
  void *owner;
};

struct run {
  const struct run_plan *plan;
  const struct run_observer *observer;
  struct result_run *result;
  uv_loop_t loop;
  uv_timer_t phase_timer; /* the end of the warm-up, then of the measuring */
  uv_timer_t guard_timer; /* looks for lanes that wait too long */
  uint64_t guard_ns;      /* when it looked last */
  bool has_guard_waited;  /* it let one look pass */
  uv_timer_t tick_timer;
  uv_timer_t pace_timer; /* ping */
  uv_idle_t spin;        /* busy-poll */
  uint64_t busy_ns;      /* when something was last sent or received, while it spins */
  bool has_moved_since_spin;
  struct pacer *pacer;        /* open loop */
  struct floor_slices *floor; /* --floor; otherwise NULL */
  uint64_t schedule_start_ns;
  uint64_t scheduled;               /* messages of the schedule that were sent, warm-up included */
  uv_signal_t interrupt, terminate; /* Ctrl-C and SIGTERM: the first ends the measuring, the second everything */
  struct endpoint endpoint;         /* the candidate that is used */
  size_t candidate;
  struct read_buffer buffer;
  struct pattern *pattern;
  bool has_pattern_file; /* zero-copy: the pattern's bytes, to send from */
  uv_file pattern_file;
  bool is_unread_there; /* the sink says that it discards without reading */
  enum run_phase phase;
  enum greeting greeting;
  struct lane *lanes;
  size_t lane_count;
  size_t lanes_begun; /* of them, how many were opened so far */
  size_t lanes_ready;
  bool is_opening_lanes;
  struct client_failure failure;
  bool has_failed;
  uint64_t begin_ns; /* when sending began, warm-up included */
  uint64_t measure_start_ns;
  uint64_t measure_end_ns; /* of the last thing counted, or when sending ended if that was later */
  uint64_t measured_sends; /* messages sent since measuring began */
  uint64_t round_trips;    /* of them, answered */
  bool has_answer;         /* something came back: somebody is there */
  uint64_t unstamped;      /* of those, without the server's times */
  uint64_t bytes_sent;     /* in the measured time */
  uint64_t bytes_received;
  uint64_t last_send_ns; /* of a measured message */
  struct histogram *rtt, *there, *server, *back;
  struct histogram *response, *pacing;       /* open loop */
  struct histogram *handshake, *transaction; /* connect */
  unsigned source_index;                     /* connect: of the source address; 0: the one that the system picks */
  struct histogram *same_cpu, *other_cpu;
  struct cpu_sample cpu_begin, cpu_end; /* at the beginning of the warm-up, and when all was over */
  /* The slice of one second that is being filled. */
  struct histogram *slice_rtt;
  uint64_t slice_start_ns;
  uint64_t slice_bytes_moved;
  bool has_lost_slices;
};

/* A workload: what happens at each moment of a run. NULL slots are skipped. */
struct workload {
  const char *name;      /* as the user knows it: "latency" for the closed and the open loop */
  const char *direction; /* "echo", or NULL */
  bool ends_itself;      /* by its own count: no timer ends its warm-up or its measuring */
  bool has_depth;        /* it keeps a chosen number of messages in flight */
  size_t read_bytes;     /* the read buffer that suits it */
  enum greeting (*greeting)(const struct run_plan *plan);
  int (*prepare)(struct run *run, struct lane *lane);    /* before it connects: memory. 0 or a UV_ code */
  void (*begin)(struct lane *lane);                      /* the lane is ready: send */
  void (*on_reconnected)(struct lane *lane, int status); /* lanes_reconnect() came to its end: 0 or a UV_ code */
  void (*on_bytes)(struct lane *lane, const uint8_t *bytes, size_t length);
  void (*on_sent)(struct lane *lane);
  void (*on_guard)(struct lane *lane, uint64_t now_ns); /* now and then: does it wait too long? */
  bool (*is_drained)(const struct lane *lane);          /* nothing more is to come back */
  void (*finish)(struct run *run);                      /* all is over: its own figures and its own memory */
};

/* The server's process, where it runs on this machine and said which it is; otherwise 0. */
uint32_t run_server_pid(const struct run *run);

/* All lanes are ready: the warm-up begins. */
void run_begin(struct run *run);

/* The warm-up is over, at start_ns: what is sent from now on counts. */
void run_begin_measuring(struct run *run, uint64_t start_ns);

/* Closes everything; the loop then comes to its end. */
void run_close(struct run *run);

/* Ends the run for a reason that the user is told. The first failure counts. */
void run_fail(struct run *run, enum client_step step, enum client_finding finding, int code);

/* No more is sent; the run ends when all lanes are drained. */
void run_stop(struct run *run);

/* To be called whenever a lane may have become drained. */
void run_check_drained(struct run *run);

/* True while a workload may send. */
bool run_may_send(const struct run *run);

/* Counts one sound round trip into every figure. Bytes are those of one message. */
void run_record_reply(struct run *run, const struct exchange_reply *reply, uint64_t receive_ns);

/* Counts one transaction of connect, each part in ns. */
void run_record_transaction(struct run *run, uint64_t handshake_ns, uint64_t rtt_ns, uint64_t transaction_ns,
                            uint64_t now_ns);

/* Counts bytes that the kernel took. */
void run_record_sent(struct run *run, size_t bytes, uint64_t now_ns);

/* Counts bytes that came back, and closes the slice when its second is over. */
void run_record_received(struct run *run, size_t bytes, uint64_t now_ns);

/* Closes the last slice, when all is over. */
void run_finish_slices(struct run *run);

#endif
