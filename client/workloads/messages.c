/* The part that all workloads of timed messages share; see messages.h. */
#include "client/workloads/messages.h"

#include <stdio.h>

#include "client/run/fault_account.h"
#include "client/run/floor.h"
#include "client/run/flows.h"
#include "client/workloads/message.h"
#include "common/machine/machine.h"
#include "common/text/clock.h"
#include "common/text/units.h"

/* A datagram of one byte carries 8 bits of its number (message.h): enough to tell so many in flight apart. */
#define ONE_BYTE_DEPTH_MAX 128
/* All messages in flight are kept, to be compared with their echoes. */
#define IN_FLIGHT_BYTES_MAX (UINT64_C(1) << 30)

static bool is_udp(const struct run_plan *plan) {
  return plan->candidates[0].transport == TRANSPORT_UDP;
}

/* The floor is one message at a time between two threads that sleep: only such a run can be compared with it. */
static bool can_compare_with_floor(const struct run_plan *plan, char *problem) {
  const char *wrong = NULL;
  if (!floor_exists()) {
    snprintf(problem, WORKLOAD_PROBLEM_SIZE,
             "--floor needs Linux: the bare threads are not written for another system yet; leave it out");
    return false;
  }
  if (plan->connections > 1) wrong = "--connections";
  if (plan->depth > 1) wrong = "--depth";
  if (plan->is_busy_poll) wrong = "--busy-poll";
  if (plan->messages_per_1000s > 0) wrong = "--rate";
  if (wrong == NULL) return true;
  snprintf(problem, WORKLOAD_PROBLEM_SIZE,
           "--floor and %s contradict each other: the floor is one message at a time between two threads that\n"
           "  sleep until it comes; leave one of them out",
           wrong);
  return false;
}

/* Of a name with addresses of both families, whichever answers must carry it. */
static size_t datagram_bytes_max(const struct run_plan *plan) {
  size_t most = SIZE_MAX;
  for (size_t i = 0; i < plan->candidate_count; i++) {
    size_t bytes = address_datagram_bytes_max(&plan->candidates[i].address);
    if (bytes < most) most = bytes;
  }
  return most;
}

bool messages_are_possible(const struct run_plan *plan, char *problem) {
  if (plan->has_floor && !can_compare_with_floor(plan, problem)) return false;
  if (is_udp(plan) && plan->bytes > datagram_bytes_max(plan)) {
    static const struct sockaddr_storage ipv6 = {.ss_family = AF_INET6};
    size_t most = datagram_bytes_max(plan), most_ipv6 = address_datagram_bytes_max(&ipv6);
    bool is_ipv4 = most < most_ipv6;
    snprintf(problem, WORKLOAD_PROBLEM_SIZE,
             "--size: %llu bytes do not fit into a UDP datagram over %s; give at most %zu%s",
             (unsigned long long)plan->bytes, is_ipv4 ? "IPv4" : "IPv6", most,
             is_ipv4 && plan->bytes <= most_ipv6 ? ", or measure over IPv6, such as [::1]:PORT" : "");
    return false;
  }
  if (is_udp(plan) && plan->bytes == 1 && plan->depth > ONE_BYTE_DEPTH_MAX) {
    snprintf(problem, WORKLOAD_PROBLEM_SIZE,
             "--depth: %llu datagrams of 1 byte in flight cannot be told apart; give a --size of at least 2, or a "
             "--depth of at most %d",
             (unsigned long long)plan->depth, ONE_BYTE_DEPTH_MAX);
    return false;
  }
  if (plan->workload->has_depth && plan->connections * plan->depth * plan->bytes > IN_FLIGHT_BYTES_MAX) {
    snprintf(problem, WORKLOAD_PROBLEM_SIZE,
             "%llu connections x %llu messages x %llu bytes are more than 1 GiB in flight; lower --connections, "
             "--depth or --size",
             (unsigned long long)plan->connections, (unsigned long long)plan->depth, (unsigned long long)plan->bytes);
    return false;
  }
  return true;
}

enum greeting messages_greeting(const struct run_plan *plan) {
  if (is_udp(plan)) return GREETING_NONE;
  /* Only messages that have room for the server's stamps can ask for them. */
  bool can_be_stamped = message_is_frame(plan->bytes) && plan->bytes <= WIRE_FRAME_BYTES_MAX;
  return can_be_stamped ? GREETING_HELLO : GREETING_PROBE;
}

struct in_flight *messages_in_flight(const struct flow *flow) {
  const struct messages_flow *own = flow->state;
  return own->in_flight;
}

int messages_prepare(struct run *run, struct flow *flow) {
  struct messages_flow *own = flow->state;
  run->peer.is_flushed_at_end = true;
  own->in_flight = in_flight_create(run->plan->bytes, run->plan->depth, run->pattern, &run->result->errors);
  if (own->in_flight == NULL) return UV_ENOMEM;
  in_flight_split_writes(own->in_flight, (size_t)run->plan->writes);
  return 0;
}

bool messages_are_drained(const struct flow *flow) {
  return in_flight_count(messages_in_flight(flow)) == 0;
}

bool messages_send(struct flow *flow, size_t count, uint64_t scheduled_ns) {
  struct run *run = flow->run;
  struct messages_run *own = run->state;
  /* What was due before the measuring began belongs to the warm-up, even if it leaves late. */
  bool is_measured = run->phase == RUN_MEASURING && (scheduled_ns == 0 || scheduled_ns >= run->tally.begin_ns);
  uint64_t send_ns;
  flows_note(flow);
  int code = in_flight_send(messages_in_flight(flow), flow->connection, count, is_measured, scheduled_ns, &send_ns);
  if (code != 0) {
    enum client_finding finding =
        code == UV_EPIPE || code == UV_ECONNRESET ? CLIENT_FINDING_HUNG_UP : CLIENT_FINDING_NONE;
    /* The second datagram already may learn that nobody received the first. */
    bool is_unanswered = run->peer.endpoint.transport == TRANSPORT_UDP && !run->peer.has_answer;
    run_fail(run, flow, is_unanswered ? CLIENT_STEP_CONNECT : CLIENT_STEP_MEASURE, finding, code);
    return false;
  }
  if (!is_measured) return true;
  run->tally.sends += count;
  run->tally.bytes_sent += count * run->plan->bytes;
  own->last_send_ns = send_ns;
  if (scheduled_ns > 0) tally_record(&run->tally, FIGURE_PACING, send_ns - scheduled_ns);
  return true;
}

_Static_assert(MACHINE_CPU_UNKNOWN == WIRE_CPU_UNKNOWN, "the server stamps what the machine says");

/* Did the reply stay on one CPU? Told only of stamped replies, and only on systems that name the CPU. */
static void record_placement(struct tally *tally, uint16_t server_cpu, uint64_t rtt_ns) {
  uint16_t client_cpu = machine_current_cpu();
  if (client_cpu == MACHINE_CPU_UNKNOWN || server_cpu == WIRE_CPU_UNKNOWN) return;
  tally_record(tally, client_cpu == server_cpu ? FIGURE_SAME_CPU : FIGURE_OTHER_CPU, rtt_ns);
}

void messages_record(struct run *run, const struct in_flight_reply *reply, uint64_t receive_ns) {
  struct messages_run *own = run->state;
  struct tally *tally = &run->tally;
  uint64_t rtt_ns = receive_ns - reply->send_ns;
  if (run->plan->messages_per_1000s > 0) tally_record(tally, FIGURE_RESPONSE, receive_ns - reply->scheduled_ns);
  if (reply->is_stamped) {
    record_placement(tally, reply->server_cpu, rtt_ns);
    tally_record(tally, FIGURE_THERE, reply->server_receive_ns - reply->send_ns);
    tally_record(tally, FIGURE_SERVER, reply->server_send_ns - reply->server_receive_ns);
    tally_record(tally, FIGURE_BACK, receive_ns - reply->server_send_ns);
  } else {
    own->unstamped++;
  }
  tally_record_round_trip(tally, rtt_ns, run->plan->bytes, receive_ns);
}

struct moment {
  struct flow *flow;
  uint64_t receive_ns;
};

static void observe(struct run *run, const struct in_flight_reply *reply, uint64_t receive_ns) {
  struct run_reply line = {
      .sequence = reply->sequence, .rtt_ns = receive_ns - reply->send_ns, .has_legs = reply->is_stamped};
  if (reply->is_stamped) {
    line.there_ns = reply->server_receive_ns - reply->send_ns;
    line.server_ns = reply->server_send_ns - reply->server_receive_ns;
    line.back_ns = receive_ns - reply->server_send_ns;
  }
  if (!run->observer->on_reply(run->observer->owner, run, &line)) run_close(run);
}

static void on_reply(void *owner, const struct in_flight_reply *reply) {
  const struct moment *moment = owner;
  struct run *run = moment->flow->run;
  moment->flow->account.round_trips++;
  /* A datagram without room for stamps does not tell who returned it, and a bad stamp is one all the same. */
  if (run->peer.endpoint.transport == TRANSPORT_UDP && message_is_frame(run->plan->bytes) &&
      run->result->peer.kind == PEER_UNKNOWN)
    run->result->peer.kind = reply->is_stamped ? PEER_LOPONG : PEER_PLAIN_ECHO;
  if (!reply->is_measured) return;
  messages_record(run, reply, moment->receive_ns);
  if (run->observer->on_reply != NULL) observe(run, reply, moment->receive_ns);
}

void messages_take(struct flow *flow, const uint8_t *bytes, size_t length, uint64_t receive_ns) {
  struct moment moment = {flow, receive_ns};
  struct result_faults *faults = &flow->run->result->faults;
  flow->run->peer.has_answer = true;
  if (faults->is_on && !in_flight_expects_faults(messages_in_flight(flow)))
    in_flight_expect_faults(messages_in_flight(flow), faults->seen);
  if (flow->run->peer.endpoint.transport == TRANSPORT_UDP)
    in_flight_take_datagram(messages_in_flight(flow), bytes, length, receive_ns, on_reply, &moment);
  else
    in_flight_take_stream(messages_in_flight(flow), bytes, length, receive_ns, on_reply, &moment);
}

size_t messages_expire(struct flow *flow, uint64_t now_ns) {
  struct run *run = flow->run;
  struct in_flight *in_flight = messages_in_flight(flow);
  uint64_t oldest_ns = in_flight_oldest_send_ns(in_flight);
  bool is_late = oldest_ns < now_ns && now_ns - oldest_ns > run->plan->timeout_ns;
  if (!is_late) return 0;
  if (run->peer.endpoint.transport != TRANSPORT_UDP && !fault_account_may_lose(run)) {
    run->result->errors.timed_out++;
    run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
    return 0;
  }
  uint64_t sequence = 0;
  size_t expired = in_flight_expire(in_flight, now_ns - run->plan->timeout_ns, &sequence);
  if (run->observer->on_timeout != NULL) run->observer->on_timeout(run->observer->owner, run, sequence);
  /* Not one answer ever, for three times the limit: nobody echoes there, and waiting on will not change it. */
  if (!run->peer.has_answer && now_ns - run->begin_ns > 3 * run->plan->timeout_ns) {
    run_fail(run, flow, CLIENT_STEP_GREET, CLIENT_FINDING_SILENT, UV_ETIMEDOUT);
    return 0;
  }
  return expired;
}

void messages_finish(struct run *run) {
  const struct messages_run *own = run->state;
  struct result_run *result = run->result;
  uint64_t bad_stamps = 0, untimed = 0;
  char counted[UNITS_COUNTED_SIZE];
  for (size_t i = 0; i < run->opening.total; i++) {
    struct messages_flow *flow = run->flows[i].state;
    if (flow == NULL || flow->in_flight == NULL) continue;
    bad_stamps += in_flight_bad_stamps(flow->in_flight);
    untimed += in_flight_untimed(flow->in_flight);
    in_flight_free(flow->in_flight);
    flow->in_flight = NULL;
  }
  /* Legs of a part of the round trips would pass for those of all. */
  if (own->unstamped > 0)
    result->figures[FIGURE_THERE] = result->figures[FIGURE_SERVER] = result->figures[FIGURE_BACK] =
        (struct distribution){0};
  if (untimed > 0)
    result_run_add_note(result,
                        "%s came so late that their time is not known: more than %d others had been given up since. "
                        "They are not lost, and in no figure.",
                        units_format_counted(untimed, "answer", "answers", counted), IN_FLIGHT_LATE_MEMORY);
  if (bad_stamps > 0)
    result_run_add_note(result,
                        "%s had server times that do not lie between sending and receiving; they count as unstamped, "
                        "and no legs are shown.",
                        units_format_counted(bad_stamps, "reply", "replies", counted));
}
