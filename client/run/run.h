/*
 * One run of one workload: the flows (connections) that carry it, and its phases.
 *
 *   OPENING -> WARMING -> MEASURING -> DRAINING -> CLOSING
 *                  \___________\___________\_________^      a failure closes from anywhere
 *
 * measure.c drives the phases; a workload (workload.h) decides what to send and what to count.
 */
#ifndef LOPING_CLIENT_RUN_RUN_H
#define LOPING_CLIENT_RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "client/peer/greeting.h"
#include "client/result/cpu_use.h"
#include "client/result/result.h"
#include "client/run/connection.h"
#include "client/run/plan.h"
#include "client/run/run_failure.h"
#include "client/run/tally.h"
#include "client/run/warm_up.h"
#include "client/run/workload.h"
#include "common/io/spinner.h"
#include "common/wire/fault_report.h"
#include "common/wire/pattern.h"

struct run;

enum run_phase { RUN_OPENING, RUN_WARMING, RUN_MEASURING, RUN_DRAINING, RUN_CLOSING };

enum flow_phase {
  FLOW_CLOSED,
  FLOW_CONNECTING,
  FLOW_GREETING,
  FLOW_READY,
  FLOW_RECONNECTING,
  FLOW_FINISHING,
  FLOW_ENDED
};

/* What has come of one connection, warm-up included. */
struct flow_account {
  uint64_t bytes; /* that came; of direction up, that were sent */
  uint64_t round_trips;
  uint64_t last_ms; /* of the loop's time: when the last of them came */
};

/* One connection, and in `state` what the workload keeps of it. */
struct flow {
  struct run *run;
  struct connection *connection;
  enum flow_phase phase;
  uint64_t since_ns; /* when this phase began, for the time limit */
  uint8_t greeting[GREETING_BYTES];
  uint8_t answer[GREETING_BYTES]; /* to the greeting, as far as it has come */
  size_t answer_length;
  struct flow_account account;
  void *state;
};

/* One reply, as a line of its own tells it. */
struct run_reply {
  uint64_t sequence;
  uint64_t rtt_ns;
  bool has_legs;
  uint64_t there_ns, server_ns, back_ns;
};

/* What the person at the terminal, or nobody, is told during a run. Every slot may be NULL. False: nobody takes what is
 * told any more, and the run ends. */
struct run_observer {
  bool (*on_tick)(void *owner, const struct run *run);
  uint64_t tick_ms; /* how often; where on_tick is there */
  bool (*on_reply)(void *owner, const struct run *run, const struct run_reply *reply);
  void (*on_timeout)(void *owner, const struct run *run, uint64_t sequence);
  void (*on_round_trip)(void *owner, uint64_t rtt_ns);                      /* each that is counted */
  void (*on_interval)(void *owner, const struct result_interval *interval); /* a slice is over */
  void *owner;
};

/* Something else that takes turns with the workload: while it pauses the run, nothing more is sent; when all flows are
 * drained, take_turn() does what it has to do and lets the workload go on. */
struct run_turns {
  int (*begin)(struct run *run); /* the run begins: 0 or a negative UV_ code */
  bool (*is_pausing)(const struct run *run);
  void (*take_turn)(struct run *run);
  void (*close)(struct run *run);  /* its handles; part of run_close() */
  void (*finish)(struct run *run); /* after the loop: its figures, its memory */
};

/* Whom the flows talk to, and what is known of it. */
struct run_peer {
  struct endpoint endpoint; /* the candidate that is used */
  size_t candidate;
  enum greeting greeting;
  uint8_t welcome_flags; /* of lopong's answer */
  bool has_answer;       /* something came back: somebody is there */
  bool has_echoed;       /* the greeting came back as it was sent */
  /* Of a server that fails on purpose: what it had done before, and whether at the end each flow waits until all that
   * the server has for it must have come: its extra copies, which answer nothing. */
  struct wire_fault_report faults_before;
  bool is_flushed_at_end;
};

struct run_timers {
  uv_timer_t phase;  /* the end of the warm-up, of the measuring, of the draining */
  uv_timer_t guard;  /* when to look for flows that wait too long */
  uv_idle_t poll;    /* active: the poller is asked without waiting */
  uv_check_t polled; /* after it was asked: looks */
  uv_timer_t tick;
};

/* Ctrl-C, SIGTERM, the terminal's end (SIGHUP): the first ends the measuring, the second everything. */
struct run_signals {
  uv_signal_t interrupt, terminate, hang_up;
};

/* How far the opening of the flows has come. */
struct run_opening {
  size_t total; /* flows */
  size_t begun; /* of them, how many were opened so far */
  size_t ready;
  bool is_going_on;
  bool cannot_reach_itself; /* connection_options */
  unsigned source_index;    /* of the source address (sources.h); 0: the one that the system picks */
};

struct run {
  const struct run_plan *plan;
  const struct workload *workload;
  void *state;           /* what the workload keeps */
  bool is_workload_open; /* its begin_run() is done: what it opened is to be closed */
  const struct run_observer *observer;
  struct {
    const struct run_turns *kind; /* NULL: none */
    void *state;
  } turns;
  struct result_run *result;
  struct tally tally;
  enum run_phase phase;
  uint64_t begin_ns; /* when sending began, warm-up included */
  uint64_t stop_ns;  /* when it ended */
  struct warm_up warm_up;
  uv_loop_t loop;
  struct run_timers timers;
  struct run_signals signals;
  struct spinner spinner; /* of --busy-poll */
  struct run_peer peer;
  struct read_buffer buffer;
  struct pattern *pattern;
  struct flow *flows;
  struct run_opening opening;
  bool has_failed;
  struct client_failure failure;
  struct {
    struct cpu_sample begin, end; /* at the beginning of the warm-up, and when all was over */
  } cpu;
};

/* The server's process, where it runs on this machine and said which it is; otherwise 0. */
uint32_t run_server_pid(const struct run *run);

/* All flows are ready: the warm-up begins. */
void run_begin(struct run *run);

/* The warm-up is over, at start_ns: what is sent from now on counts. */
void run_begin_measuring(struct run *run, uint64_t start_ns);

/* Closes everything; the loop then comes to its end. */
void run_close(struct run *run);

/* Closes a handle of the run's loop that may be closing already. */
void run_close_handle(uv_handle_t *handle);

/* Ends the run for a reason that the user is told. The first failure counts. `flow`: the one that it befell, or NULL.
 */
void run_fail(struct run *run, const struct flow *flow, enum client_step step, enum client_finding finding, int code);

/* The same, when all is over already: for what only the sum of a run shows. */
void run_note_failure(struct run *run, enum client_step step, enum client_finding finding, int code);

/* No more is sent; the run ends when all flows are drained. */
void run_stop(struct run *run);

/* To be called whenever a flow may have become drained, or has ended. */
void run_check_drained(struct run *run);

/* What is in flight when the sending ends is waited for --timeout in all, however slowly it comes: closes then. */
void run_check_drain_limit(struct run *run, uint64_t now_ns);

/* True while a workload may send. */
bool run_may_send(const struct run *run);

/* True when as many messages have been sent as --count wants. */
bool run_has_sent_all(const struct run *run);

#endif
