/*
 * anatomy: round trips one at a time, each cut into its parts by the moments that both kernels and both programs know.
 *
 * Asks lopong for its kernel times in every message (common/wire/wire.h). The kernel's times are of the calendar clock:
 * its distance to the monotonic one is measured again and again, and one that moved by a jump (somebody set the clock)
 * is noticed. Must not know how the parts are counted or shown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/run/flows.h"
#include "client/workloads/message.h"
#include "client/workloads/messages.h"
#include "client/workloads/parts.h"
#include "client/workloads/workloads.h"
#include "common/io/kernel_times.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"
#include "common/text/units.h"

/* The kernel begins to note times a moment after it is first asked to (a work queue does it): so long is waited. */
#define PATIENCE_NS CLOCK_NS_PER_SECOND
/* How old the clocks' distance may be. */
#define DISTANCE_AGE_NS (10 * CLOCK_NS_PER_MS)

/* One flow, so that no message waits behind another. */
struct anatomy {
  struct parts *parts;
  size_t bytes;
  uint8_t *message, *reply;
  size_t reply_bytes; /* of the reply, as far as it has come */
  uint64_t sequence;
  uint64_t send_ns;
  bool is_waiting;
  bool is_measured;
  struct {
    uint64_t sequence; /* 0: none */
    uint64_t send_ns;
    bool is_measured;
  } given_up;              /* the last datagram that no answer came to in time: it may come yet */
  bool was_measured;       /* the message before this one */
  bool has_times;          /* the peer has told kernel times: it can */
  bool are_told;           /* both kernels have told when they received a message, not when it was read */
  uint64_t client_send_ns; /* how long the send call of this message took */
  struct clock_distance distance;
  uint64_t distance_at_ns;
  uint64_t worst_error_ns;
  uint64_t left_out;
  uint64_t other_clock;    /* replies whose server times do not lie between sending and receiving */
  int64_t server_ahead_ns; /* what the server's clock said when it received the last message, less our send time */
  uint64_t clock_jumps;
};

static struct anatomy *anatomy_of(const struct flow *flow) {
  return flow->state;
}

/* Are both sides' kernel times to be had? */
static bool is_possible(const struct run_plan *plan, char *problem) {
  if (!kernel_times_exist()) {
    snprintf(problem, WORKLOAD_PROBLEM_SIZE,
             "anatomy needs Linux: no other system is known to tell when its kernel received a message.\n"
             "  Measure the whole round trip and its legs instead: loping latency");
    return false;
  }
  if (plan->candidates[0].transport == TRANSPORT_UNIX) {
    snprintf(problem, WORKLOAD_PROBLEM_SIZE,
             "anatomy needs TCP or UDP: Linux notes no receive time for unix sockets.\n"
             "  Name a port as the target, or measure the whole round trip: loping latency");
    return false;
  }
  if (plan->bytes >= WIRE_TIMED_FRAME_BYTES_MIN && plan->bytes <= WIRE_FRAME_BYTES_MAX)
    return messages_are_possible(plan, problem);
  snprintf(problem, WORKLOAD_PROBLEM_SIZE,
           "--size: a message of %llu bytes cannot carry the server's kernel times; give %d to %d bytes",
           (unsigned long long)plan->bytes, WIRE_TIMED_FRAME_BYTES_MIN, WIRE_FRAME_BYTES_MAX);
  return false;
}

static int prepare(struct run *run, struct flow *flow) {
  struct anatomy *anatomy = flow->state;
  anatomy->bytes = (size_t)run->plan->bytes;
  anatomy->parts = parts_create();
  anatomy->message = memory_take(anatomy->bytes);
  anatomy->reply = memory_take(anatomy->bytes);
  if (anatomy->parts == NULL || anatomy->message == NULL || anatomy->reply == NULL) return UV_ENOMEM;
  memcpy(anatomy->message, pattern_at(run->pattern, 0), anatomy->bytes);
  return 0;
}

static uint64_t distance_between(int64_t one, int64_t other) {
  return one > other ? (uint64_t)(one - other) : (uint64_t)(other - one);
}

static void measure_distance(struct anatomy *anatomy) {
  struct clock_distance now;
  bool is_first = anatomy->distance_at_ns == 0;
  kernel_times_measure_distance(&now);
  uint64_t moved_ns = distance_between(now.ahead_ns, anatomy->distance.ahead_ns);
  /* Beyond what both readings may be wrong by, nothing but a jump moves it. A microsecond more: an interrupt may fall
   * into a reading. */
  if (!is_first && moved_ns > now.error_ns + anatomy->distance.error_ns + 1000) anatomy->clock_jumps++;
  if (now.error_ns > anatomy->worst_error_ns) anatomy->worst_error_ns = now.error_ns;
  anatomy->distance = now;
  anatomy->distance_at_ns = clock_now_ns();
}

static void send_next(struct flow *flow) {
  struct run *run = flow->run;
  struct anatomy *anatomy = flow->state;
  if (clock_now_ns() - anatomy->distance_at_ns > DISTANCE_AGE_NS) measure_distance(anatomy);
  struct wire_frame frame = {.sequence = ++anatomy->sequence, .flags = WIRE_FRAME_FLAG_ASKS_TIMES};
  anatomy->was_measured = anatomy->is_measured;
  /* The first ones only switch on what both kernels note. */
  bool is_told = anatomy->are_told || clock_now_ns() - run->begin_ns > PATIENCE_NS;
  anatomy->is_measured = run->phase == RUN_MEASURING && is_told;
  anatomy->is_waiting = true;
  anatomy->reply_bytes = 0;
  flows_note(flow);
  wire_put_frame(&frame, anatomy->message);
  anatomy->send_ns = clock_now_ns();
  wire_put_send_time(anatomy->send_ns, anatomy->message);
  int code = connection_send(flow->connection, anatomy->message, anatomy->bytes);
  anatomy->client_send_ns = clock_now_ns() - anatomy->send_ns;
  if (code != 0) {
    bool is_unanswered = run->peer.endpoint.transport == TRANSPORT_UDP && !run->peer.has_answer;
    run_fail(run, flow, is_unanswered ? CLIENT_STEP_CONNECT : CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
    return;
  }
  if (!anatomy->is_measured) return;
  run->tally.sends++;
  run->tally.bytes_sent += anatomy->bytes;
}

static void go_on(struct flow *flow) {
  struct run *run = flow->run;
  if (run_may_send(run) && run_has_sent_all(run)) run_stop(run);
  if (run_may_send(run) && !anatomy_of(flow)->is_waiting) send_next(flow);
  run_check_drained(run);
}

static void begin(struct flow *flow) {
  struct run *run = flow->run;
  if (run->result->peer.kind == PEER_PLAIN_ECHO) {
    run_fail(run, flow, CLIENT_STEP_GREET, CLIENT_FINDING_NO_KERNEL_TIMES, 0);
    return;
  }
  int code = connection_watch_kernel_times(flow->connection);
  if (code == 0)
    go_on(flow);
  else
    run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
}

/* Came every byte back as it was sent, but for what the server fills in? */
static bool is_sound(const struct flow *flow) {
  const struct anatomy *anatomy = flow->state;
  const uint8_t *sent = anatomy->message, *got = anatomy->reply;
  uint8_t fault_flags = flow->run->result->faults.is_on ? WIRE_FRAME_FLAGS_FAULTS : 0;
  return wire_matches_reply(sent, got, WIRE_FRAME_FLAG_HAS_TIMES | fault_flags) &&
         memcmp(sent + WIRE_TIMED_FRAME_BYTES_MIN, got + WIRE_TIMED_FRAME_BYTES_MIN,
                anatomy->bytes - WIRE_TIMED_FRAME_BYTES_MIN) == 0;
}

/* A peer that returns the request as it was, or that stamped it and knows no kernel times, has no parts to tell. */
static void refuse_peer(struct run *run, bool is_stamped) {
  run->result->peer.kind = is_stamped ? PEER_LOPONG : PEER_PLAIN_ECHO;
  run->failure.is_lopong = is_stamped;
  run_fail(run, NULL, CLIENT_STEP_GREET, CLIENT_FINDING_NO_KERNEL_TIMES, 0);
}

/* False where a kernel has not told its time. */
static bool find_moments(struct flow *flow, const struct wire_frame *frame, const struct wire_kernel_times *times,
                         uint64_t receive_ns, uint64_t moments[PARTS_MOMENTS]) {
  const struct anatomy *anatomy = flow->state;
  const struct kernel_times *own = connection_kernel_times(flow->connection);
  uint64_t ahead_ns = (uint64_t)anatomy->distance.ahead_ns;
  const uint64_t found[PARTS_MOMENTS] = {
      anatomy->send_ns,
      times->kernel_receive_realtime_ns - ahead_ns,
      times->server_awake_ns,
      times->server_awake_ns + times->asking_ns,
      frame->server_receive_ns,
      frame->server_send_ns,
      own->received_realtime_ns - ahead_ns,
      own->awake_ns,
      own->asked_ns,
      receive_ns,
  };
  memcpy(moments, found, sizeof found);
  return times->kernel_receive_realtime_ns > 0 && own->received_realtime_ns > 0;
}

static void note_clock(struct anatomy *anatomy, const struct wire_frame *frame, uint64_t receive_ns) {
  if (frame->server_receive_ns >= anatomy->send_ns && frame->server_send_ns <= receive_ns) return;
  anatomy->other_clock++;
  anatomy->server_ahead_ns = (int64_t)(frame->server_receive_ns - anatomy->send_ns);
}

static void count_reply(struct flow *flow, const struct wire_frame *frame, const uint64_t moments[PARTS_MOMENTS],
                        bool is_told) {
  struct anatomy *anatomy = flow->state;
  note_clock(anatomy, frame, moments[PARTS_MOMENTS - 1]);
  if (!is_told || !parts_add(anatomy->parts, moments, anatomy->distance.error_ns)) {
    anatomy->left_out++;
    return;
  }
  struct in_flight_reply reply = {
      .sequence = anatomy->sequence,
      .send_ns = anatomy->send_ns,
      .scheduled_ns = anatomy->send_ns,
      .is_measured = true,
      .is_stamped = true,
      .server_receive_ns = frame->server_receive_ns,
      .server_send_ns = frame->server_send_ns,
      .server_cpu = frame->server_cpu,
  };
  parts_add_client_send(anatomy->parts, anatomy->client_send_ns);
  messages_record(flow->run, &reply, moments[PARTS_MOMENTS - 1]);
}

static void take_reply(struct flow *flow, uint64_t receive_ns) {
  struct run *run = flow->run;
  struct anatomy *anatomy = flow->state;
  struct wire_frame frame;
  struct wire_kernel_times times;
  bool is_frame = wire_get_frame(anatomy->reply, anatomy->bytes, &frame);
  bool has_times = wire_get_kernel_times(anatomy->reply, anatomy->bytes, &times);
  anatomy->is_waiting = false;
  if (!anatomy->has_times && is_frame && !has_times) {
    refuse_peer(run, (frame.flags & WIRE_FRAME_FLAG_REPLY) != 0);
    return;
  }
  if (!is_frame || !has_times || !is_sound(flow)) {
    run->result->errors.corrupted++;
    return;
  }
  anatomy->has_times = true;
  flow->account.round_trips++;
  run->result->peer.kind = PEER_LOPONG;
  if (anatomy->was_measured && times.previous_send_ns > 0)
    parts_add_server_send(anatomy->parts, times.previous_send_ns);
  uint64_t moments[PARTS_MOMENTS];
  bool is_told = find_moments(flow, &frame, &times, receive_ns, moments);
  /* Until it notes them, a kernel gives the time of the reading instead, which is out of order (sock_recv_timestamp()).
   */
  if (is_told && parts_is_ordered(moments, anatomy->distance.error_ns)) anatomy->are_told = true;
  if (anatomy->is_measured) count_reply(flow, &frame, moments, is_told);
}

/* An answer to an earlier datagram, given up or answered already. */
static bool is_stale(const struct flow *flow, const uint8_t *bytes, size_t length, struct wire_frame *frame) {
  if (flow->run->peer.endpoint.transport != TRANSPORT_UDP || !wire_get_frame(bytes, length, frame)) return false;
  return !anatomy_of(flow)->is_waiting || frame->sequence != anatomy_of(flow)->sequence;
}

/* The last one that was given up has come after all: it counts with its time, and only its parts are left out. */
static void take_stale(struct flow *flow, const struct wire_frame *frame, uint64_t receive_ns) {
  struct anatomy *anatomy = flow->state;
  struct result_errors *errors = &flow->run->result->errors;
  if (anatomy->given_up.sequence == 0 || frame->sequence != anatomy->given_up.sequence) {
    errors->duplicated++;
    return;
  }
  errors->lost--;
  if (frame->sequence < anatomy->sequence) errors->reordered++;
  struct in_flight_reply reply = {.sequence = frame->sequence,
                                  .send_ns = anatomy->given_up.send_ns,
                                  .is_measured = true,
                                  .is_stamped = true,
                                  .server_receive_ns = frame->server_receive_ns,
                                  .server_send_ns = frame->server_send_ns,
                                  .server_cpu = frame->server_cpu};
  if (anatomy->given_up.is_measured) messages_record(flow->run, &reply, receive_ns);
  if (anatomy->given_up.is_measured) anatomy->left_out++;
  anatomy->given_up.sequence = 0;
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  uint64_t receive_ns = clock_now_ns();
  struct run *run = flow->run;
  struct anatomy *anatomy = flow->state;
  run->peer.has_answer = true;
  struct wire_frame frame;
  if (is_stale(flow, bytes, length, &frame)) {
    take_stale(flow, &frame, receive_ns);
    return;
  }
  if (!anatomy->is_waiting || length > anatomy->bytes - anatomy->reply_bytes) {
    run->result->errors.corrupted++;
    return;
  }
  memcpy(anatomy->reply + anatomy->reply_bytes, bytes, length);
  anatomy->reply_bytes += length;
  if (anatomy->reply_bytes < anatomy->bytes && run->peer.endpoint.transport != TRANSPORT_UDP) return;
  take_reply(flow, receive_ns);
  go_on(flow);
}

static void on_guard(struct flow *flow, uint64_t now_ns) {
  struct run *run = flow->run;
  struct anatomy *anatomy = flow->state;
  bool is_late = anatomy->is_waiting && now_ns > anatomy->send_ns && now_ns - anatomy->send_ns > run->plan->timeout_ns;
  if (!is_late) return;
  run->result->errors.timed_out++;
  if (run->peer.endpoint.transport != TRANSPORT_UDP || !run->peer.has_answer) {
    run_fail(run, flow, run->peer.has_answer ? CLIENT_STEP_MEASURE : CLIENT_STEP_GREET, CLIENT_FINDING_SILENT,
             UV_ETIMEDOUT);
    return;
  }
  run->result->errors.lost++;
  anatomy->given_up.sequence = anatomy->sequence;
  anatomy->given_up.send_ns = anatomy->send_ns;
  anatomy->given_up.is_measured = anatomy->is_measured;
  anatomy->is_waiting = false;
  anatomy->is_measured = false;
  go_on(flow);
}

static bool is_drained(const struct flow *flow) {
  return !anatomy_of(flow)->is_waiting;
}

/* Nothing could be counted, as the server does not go by the client's clock. */
static void note_other_clock(struct run *run, const struct anatomy *anatomy) {
  if (anatomy->other_clock == 0 || result_has(run->result, FIGURE_RTT) || run->has_failed) return;
  run->failure.clock_ahead_ns = anatomy->server_ahead_ns;
  run_note_failure(run, CLIENT_STEP_MEASURE, CLIENT_FINDING_OTHER_CLOCK, 0);
}

static void finish(struct run *run) {
  struct result_run *result = run->result;
  struct anatomy *anatomy = run->flows[0].state;
  char counted[UNITS_COUNTED_SIZE];
  if (anatomy == NULL) return;
  result->anatomy.is_known = anatomy->parts != NULL && parts_result(anatomy->parts, result->figures);
  result->anatomy.clock_error_ns = anatomy->worst_error_ns;
  result->anatomy.left_out = anatomy->left_out;
  if (anatomy->left_out > 0)
    result_run_add_note(result, "%s left out: the moments of their parts were not all known, or not in order.",
                        units_format_counted(anatomy->left_out, "round trip is", "round trips are", counted));
  note_other_clock(run, anatomy);
  if (anatomy->clock_jumps > 0)
    result_run_add_note(result,
                        "The calendar clock was set %s during the run. The kernel's times are of that clock: a few "
                        "parts may be wrong by the jump.",
                        units_format_counted(anatomy->clock_jumps, "time", "times", counted));
  parts_free(anatomy->parts);
  free(anatomy->message);
  free(anatomy->reply);
}

const struct workload workload_anatomy = {
    .name = "anatomy",
    .traits = WORKLOAD_SIZED | WORKLOAD_COUNTED | WORKLOAD_TIMED | WORKLOAD_DISTRIBUTED,
    .defaults = {WIRE_TIMED_FRAME_BYTES_MIN, MESSAGES_DURATION_NS, MESSAGES_WARMUP_NS, 0},
    .read_bytes = WIRE_FRAME_BYTES_MAX,
    .run_bytes = sizeof(struct messages_run),
    .flow_bytes = sizeof(struct anatomy),
    .figure_count = MESSAGES_FIGURE_COUNT,
    .figures = {MESSAGES_FIGURES},
    .is_possible = is_possible,
    .greeting = messages_greeting,
    .prepare = prepare,
    .begin = begin,
    .on_bytes = on_bytes,
    .on_guard = on_guard,
    .is_drained = is_drained,
    .finish = finish,
};
