/* From settings to a target and plans; the edge where a failure becomes sentences. Knows no report. */
#include "client/measure/measurement.h"

#include <stdio.h>
#include <string.h>

#include "client/command.h"
#include "client/failure/diagnosis.h"
#include "client/run/floor.h"
#include "client/workloads/workload.h"
#include "common/io/kernel_times.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"

void measurement_explain_failure(struct measurement *measurement, struct client_failure *failure) {
  char text[EXPLAIN_TEXT_SIZE];
  measurement->result.has_failed = true;
  diagnosis_explain(failure, &measurement->result.failure, &measurement->result.sockets);
  explain_format("loping", &measurement->result.failure, text);
  fputs(text, stderr);
}

static bool resolve_name(struct measurement *measurement) {
  const struct target *target = &measurement->settings->target;
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  enum transport transport = measurement->settings->use_udp ? TRANSPORT_UDP : TRANSPORT_TCP;
  uv_loop_t loop;
  int code = uv_loop_init(&loop);
  if (code == 0) {
    code = address_resolve(&loop, target->host, target->port, addresses, &measurement->candidate_count);
    uv_loop_close(&loop);
  }
  if (code != 0) {
    struct client_failure failure = {.code = code, .step = CLIENT_STEP_RESOLVE};
    memcpy(failure.host, target->host, sizeof failure.host);
    failure.target.transport = transport;
    failure.target.address.ss_family = AF_INET;
    address_set_port(&failure.target.address, target->port);
    measurement_explain_failure(measurement, &failure);
    return false;
  }
  for (size_t i = 0; i < measurement->candidate_count; i++) {
    measurement->candidates[i].transport = transport;
    measurement->candidates[i].address = addresses[i];
  }
  return true;
}

int measurement_find_target(struct measurement *measurement) {
  const struct target *target = &measurement->settings->target;
  char address[ADDRESS_TEXT_SIZE], host[ADDRESS_HOST_SIZE];
  if (target->is_unix) {
    measurement->candidate_count = 1;
    measurement->candidates[0].transport = TRANSPORT_UNIX;
    memcpy(measurement->candidates[0].path, target->path, sizeof target->path);
    return EXIT_FINE;
  }
  if (!resolve_name(measurement)) return EXIT_NOT_DONE;
  for (size_t i = 0; i < measurement->candidate_count && !measurement->settings->allow_remote; i++) {
    if (address_is_loopback(&measurement->candidates[i].address)) continue;
    address_format_host(&measurement->candidates[i].address, address);
    safe_text_copy(target->host, strlen(target->host), host, sizeof host);
    bool is_name = strcmp(host, address) != 0;
    fprintf(stderr,
            "loping: %s%s%s%s is not this machine's loopback (127.0.0.0/8 or ::1).\n"
            "  loping sends a lot of traffic, so it asks before it leaves the machine.\n"
            "  Add --allow-remote if that target is yours to load.\n",
            host, is_name ? " (" : "", is_name ? address : "", is_name ? ")" : "");
    return EXIT_WRONG_USAGE;
  }
  return EXIT_FINE;
}

/* Of an open loop, over all connections; what is due beyond waits, and its response time goes on counting. */
#define SCHEDULED_BYTES_MAX (UINT64_C(64) << 20)
#define SCHEDULED_DEPTH_MAX 65536

static uint64_t choose(uint64_t setting, uint64_t otherwise) {
  return setting == SETTING_UNSET ? otherwise : setting;
}

/* An open loop sends by the schedule, so the messages in flight are bounded only to bound memory; and it ends by its
 * count, so that just as many are measured as the schedule named. */
static void open_the_loop(const struct settings *settings, struct run_plan *plan) {
  uint64_t room = SCHEDULED_BYTES_MAX / plan->bytes / plan->connections;
  uint64_t scheduled = plan->rate_per_second * (plan->duration_ns / 1000) / (CLOCK_NS_PER_SECOND / 1000);
  plan->workload = &workload_open_loop;
  plan->depth = room < 1 ? 1 : room > SCHEDULED_DEPTH_MAX ? SCHEDULED_DEPTH_MAX : room;
  if (settings->duration_ns != SETTING_UNSET || plan->count == 0)
    if (plan->count == 0 || scheduled < plan->count) plan->count = scheduled < 1 ? 1 : scheduled;
}

static void choose_direction(const struct settings *settings, struct run_plan *plan) {
  if (strcmp(settings->direction, "up") == 0) plan->workload = &workload_throughput_up;
  if (strcmp(settings->direction, "down") != 0) return;
  plan->workload = &workload_throughput_down;
  /* The pattern is the server's, and that is the one of seed 1. */
  plan->seed = 1;
}

void measurement_make_plan(const struct measurement *measurement, const struct measure_row *row,
                           struct run_plan *plan) {
  const struct settings *settings = measurement->settings;
  bool has_count = settings->count != SETTING_UNSET;
  memset(plan, 0, sizeof *plan);
  plan->workload = row->workload;
  plan->candidate_count = measurement->candidate_count;
  memcpy(plan->candidates, measurement->candidates, sizeof plan->candidates);
  plan->host = settings->target.is_unix ? settings->target.path : settings->target.host;
  plan->bytes = choose(settings->size_bytes, row->size_bytes);
  plan->connections = choose(settings->connections, 1);
  plan->depth = choose(settings->depth, 1);
  plan->count = choose(settings->count, 0);
  plan->rate_per_second = choose(settings->rate_per_second, 0);
  /* With a count alone, the count ends it. */
  plan->duration_ns = choose(settings->duration_ns, has_count ? 0 : row->duration_ns);
  plan->warmup_ns = choose(settings->warmup_ns, row->warmup_ns);
  plan->interval_ns = row->interval_ns == 0 ? 0 : choose(settings->interval_ns, row->interval_ns);
  plan->timeout_ns = choose(settings->timeout_ns, (settings->use_udp ? 1 : 5) * CLOCK_NS_PER_SECOND);
  plan->seed = settings->seed;
  plan->is_busy_poll = settings->is_busy_poll;
  plan->is_zero_copy = settings->is_zero_copy;
  plan->has_floor = settings->has_floor;
  plan->keeps_nagle = settings->no_nodelay;
  plan->writes = choose(settings->writes, settings->no_nodelay ? 2 : 1);
  plan->is_pinned = settings->cpu != SETTING_UNSET;
  plan->cpu = plan->is_pinned ? settings->cpu : 0;
  if (plan->rate_per_second > 0) open_the_loop(settings, plan);
  if (plan->workload == &workload_throughput_echo) choose_direction(settings, plan);
}

/* The largest payload of a UDP datagram over IPv4: 65,535 less 20 bytes of IP header and 8 of UDP (RFC 768, RFC 791).
 */
#define DATAGRAM_BYTES_MAX 65507
/* A datagram of one byte carries 8 bits of its number (message.h): enough to tell so many in flight apart. */
#define ONE_BYTE_DEPTH_MAX 128
/* All messages in flight are kept, to be compared with their echoes. */
#define IN_FLIGHT_BYTES_MAX (UINT64_C(1) << 30)

/* Are both sides' kernel times to be had? */
static bool has_parts_to_tell(const struct measurement *measurement, const struct run_plan *plan) {
  if (!kernel_times_exist()) {
    fputs(
        "loping: anatomy needs Linux: no other system is known to tell when its kernel received a message.\n"
        "  Measure the whole round trip and its legs instead: loping latency\n",
        stderr);
    return false;
  }
  if (measurement->candidates[0].transport == TRANSPORT_UNIX) {
    fputs(
        "loping: anatomy needs TCP or UDP: Linux notes no receive time for unix sockets.\n"
        "  Name a port as the target, or measure the whole round trip: loping latency\n",
        stderr);
    return false;
  }
  if (plan->bytes >= WIRE_TIMED_FRAME_BYTES_MIN && plan->bytes <= WIRE_FRAME_BYTES_MAX) return true;
  fprintf(stderr,
          "loping: --size: a message of %llu bytes cannot carry the server's kernel times; give %d to %d bytes\n",
          (unsigned long long)plan->bytes, WIRE_TIMED_FRAME_BYTES_MIN, WIRE_FRAME_BYTES_MAX);
  return false;
}

/* The floor is one message at a time between two threads that sleep: only such a run can be compared with it. */
static bool can_compare_with_floor(const struct run_plan *plan) {
  const char *wrong = NULL;
  if (!floor_exists()) {
    fputs("loping: --floor needs Linux: the bare threads are not written for another system yet; leave it out\n",
          stderr);
    return false;
  }
  if (plan->connections > 1) wrong = "--connections";
  if (plan->depth > 1) wrong = "--depth";
  if (plan->is_busy_poll) wrong = "--busy-poll";
  if (plan->rate_per_second > 0) wrong = "--rate";
  if (wrong == NULL) return true;
  fprintf(stderr,
          "loping: --floor and %s contradict each other: the floor is one message at a time between two threads that\n"
          "  sleep until it comes; leave one of them out\n",
          wrong);
  return false;
}

bool measurement_is_possible(const struct measurement *measurement, const struct measure_row *row,
                             const struct run_plan *plan) {
  bool is_udp = measurement->candidates[0].transport == TRANSPORT_UDP;
  if (plan->rate_per_second > 0 && measurement->settings->depth != SETTING_UNSET) {
    fputs(
        "loping: --rate and --depth contradict each other: with a rate, messages leave on schedule however many are "
        "in flight; leave one out\n",
        stderr);
    return false;
  }
  if (plan->has_floor && !can_compare_with_floor(plan)) return false;
  if (plan->workload == &workload_anatomy && !has_parts_to_tell(measurement, plan)) return false;
  if (is_udp && row->streams_only) {
    fprintf(stderr,
            "loping: %s needs a stream, and UDP is none: a lost datagram would never come back.\n"
            "  Measure datagrams in flight instead: loping latency --udp --depth 64 --size 1400\n",
            plan->workload->name);
    return false;
  }
  if (is_udp && plan->bytes > DATAGRAM_BYTES_MAX) {
    fprintf(stderr, "loping: --size: %llu bytes do not fit into a UDP datagram; give at most %d\n",
            (unsigned long long)plan->bytes, DATAGRAM_BYTES_MAX);
    return false;
  }
  if (is_udp && plan->bytes == 1 && plan->depth > ONE_BYTE_DEPTH_MAX) {
    fprintf(stderr,
            "loping: --depth: %llu datagrams of 1 byte in flight cannot be told apart; give a --size of at least 2, "
            "or a --depth of at most %d\n",
            (unsigned long long)plan->depth, ONE_BYTE_DEPTH_MAX);
    return false;
  }
  if (plan->workload->has_depth && plan->connections * plan->depth * plan->bytes > IN_FLIGHT_BYTES_MAX) {
    fprintf(stderr,
            "loping: %llu connections x %llu messages x %llu bytes are more than 1 GiB in flight; lower "
            "--connections, --depth or --size\n",
            (unsigned long long)plan->connections, (unsigned long long)plan->depth, (unsigned long long)plan->bytes);
    return false;
  }
  return true;
}
