/* From settings to a target and plans; the edge where a failure becomes sentences. Knows no report. */
#include "client/measure/measurement.h"

#include <stdio.h>
#include <string.h>

#include "client/failure/diagnosis.h"
#include "client/measure/sweep.h"
#include "common/explain/explain_text.h"
#include "common/explain/two_servers.h"
#include "common/machine/machine.h"
#include "common/net/own_addresses.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"

#define SWEEP_RUN_NS    (300 * CLOCK_NS_PER_MS)
#define SWEEP_WARMUP_NS (100 * CLOCK_NS_PER_MS)

void measurement_explain_failure(struct measurement *measurement, struct client_failure *failure) {
  char text[EXPLAIN_TEXT_SIZE];
  measurement->result.has_failed = true;
  diagnosis_explain(failure, &measurement->result.failure, &measurement->result.sockets);
  explain_format("loping", &measurement->result.failure, text);
  layout_write(stderr, text);
}

void measurement_explain(struct measurement *measurement, int code, const char *name, const char *happened,
                         const char *step) {
  char text[EXPLAIN_TEXT_SIZE];
  struct explanation *failure = &measurement->result.failure;
  measurement->result.has_failed = true;
  explain_begin(failure, code, name);
  explain_happened(failure, "%s", happened);
  if (step != NULL) explain_step(failure, "%s", step);
  explain_format("loping", failure, text);
  layout_write(stderr, text);
}

void measurement_note_two_servers(struct measurement *measurement) {
  const struct target *target = &measurement->settings->target;
  struct port_report *report = NULL;
  struct two_servers two;
  char text[TWO_SERVERS_TEXT_SIZE];
  if (measurement->candidate_count < 2 || measurement->candidates[0].transport != TRANSPORT_TCP) return;
  (void)port_owner_find(TRANSPORT_TCP, target->port, NULL, &report);
  if (report != NULL && two_servers_find(report->sockets, report->socket_count, target->port, &two)) {
    two_servers_name(&two, text);
    for (size_t i = 0; i < measurement->result.run_count; i++)
      result_run_add_note(&measurement->result.runs[i], "%s This run measured %s; give 127.0.0.1:%u or [::1]:%u.", text,
                          measurement->result.runs[i].workload.address, target->port, target->port);
  }
  port_report_free(report);
}

static bool resolve_name(struct measurement *measurement) {
  const struct target *target = &measurement->settings->target;
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  enum transport transport = measurement->settings->use_udp ? TRANSPORT_UDP : TRANSPORT_TCP;
  int code = address_resolve(target->host, target->port, addresses, &measurement->candidate_count);
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

/* Each interface has its own link-local addresses: without one, connect() says EINVAL and no more. */
static bool has_zones(const struct measurement *measurement) {
  const char *host = measurement->settings->target.host;
  for (size_t i = 0; i < measurement->candidate_count; i++) {
    const struct sockaddr_storage *address = &measurement->candidates[i].address;
    struct own_addresses own;
    char problem[OWN_ADDRESSES_ZONE_SIZE];
    if (!address_lacks_zone(address)) continue;
    own_addresses_gather(&own);
    command_complain("%s", own_addresses_explain_zone(&own, host, address, problem));
    return false;
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
  if (!has_zones(measurement)) return EXIT_WRONG_USAGE;
  for (size_t i = 0; i < measurement->candidate_count && !measurement->settings->allow_remote; i++) {
    if (address_is_loopback(&measurement->candidates[i].address)) continue;
    address_format_host(&measurement->candidates[i].address, address);
    safe_text_copy(target->host, strlen(target->host), host, sizeof host);
    bool is_name = strcmp(host, address) != 0;
    command_complain(
        "%s%s%s%s is not this machine's loopback (127.0.0.0/8 or ::1).\n"
        "  loping sends a lot of traffic, so it asks before it leaves the machine.\n"
        "  Add --allow-remote if that target is yours to load.",
        host, is_name ? " (" : "", is_name ? address : "", is_name ? ")" : "");
    return EXIT_WRONG_USAGE;
  }
  return EXIT_FINE;
}

bool measurement_make_rows(struct measurement *measurement, char *problem) {
  const struct measure_kind *kind = measurement->kind;
  uint64_t sizes[SWEEP_SIZES_MAX] = {0};
  size_t size_count = 1;
  if (kind->is_sweep && !sweep_parse_sizes(measurement->settings->sizes, sizes, &size_count, problem)) return false;
  for (size_t size = 0; size < size_count; size++)
    for (size_t i = 0; i < kind->workload_count; i++) {
      struct measure_row *row = &measurement->rows[measurement->row_count++];
      row->workload = kind->workloads[i];
      row->defaults = kind->workloads[i]->defaults;
      if (!kind->is_sweep) continue;
      row->defaults.bytes = sizes[size];
      row->defaults.duration_ns = SWEEP_RUN_NS;
      row->defaults.warmup_ns = SWEEP_WARMUP_NS;
    }
  return true;
}

static uint64_t choose(uint64_t setting, uint64_t otherwise) {
  return setting == SETTING_UNSET ? otherwise : setting;
}

static enum run_direction direction_of(const char *word) {
  if (strcmp(word, "up") == 0) return RUN_UP;
  return strcmp(word, "down") == 0 ? RUN_DOWN : RUN_ECHO;
}

void measurement_make_plan(const struct measurement *measurement, const struct measure_row *row,
                           struct run_plan *plan) {
  const struct settings *settings = measurement->settings;
  const struct workload_defaults *defaults = &row->defaults;
  bool has_count = settings->count != SETTING_UNSET;
  memset(plan, 0, sizeof *plan);
  plan->workload = row->workload;
  plan->candidate_count = measurement->candidate_count;
  memcpy(plan->candidates, measurement->candidates, sizeof plan->candidates);
  plan->host = settings->target.is_unix ? settings->target.path : settings->target.host;
  plan->bytes = choose(settings->size_bytes, defaults->bytes);
  plan->connections = choose(settings->connections, 1);
  plan->depth = choose(settings->depth, 1);
  plan->count = choose(settings->count, 0);
  plan->messages_per_1000s = choose(settings->messages_per_1000s, 0);
  /* With a count alone, the count ends it. */
  plan->duration_ns = choose(settings->duration_ns, has_count ? 0 : defaults->duration_ns);
  plan->has_own_duration = settings->duration_ns != SETTING_UNSET;
  plan->warmup_ns = choose(settings->warmup_ns, defaults->warmup_ns);
  /* Turns of the floor interrupt the rate. */
  plan->extends_warmup = settings->warmup_ns == SETTING_UNSET && !settings->has_floor;
  plan->interval_ns = defaults->interval_ns == 0 ? 0 : choose(settings->interval_ns, defaults->interval_ns);
  plan->timeout_ns = choose(settings->timeout_ns, (settings->use_udp ? 1 : 5) * CLOCK_NS_PER_SECOND);
  plan->seed = settings->seed;
  plan->ignores_hang_up = machine_ignores_hang_up();
  plan->direction = direction_of(settings->direction);
  plan->is_busy_poll = settings->is_busy_poll;
  plan->is_zero_copy = settings->is_zero_copy;
  plan->has_floor = settings->has_floor;
  plan->keeps_nagle = settings->no_nodelay;
  plan->writes = choose(settings->writes, settings->no_nodelay ? 2 : 1);
  plan->is_pinned = settings->cpu != SETTING_UNSET;
  plan->cpu = plan->is_pinned ? settings->cpu : 0;
  if (plan->workload->resolve != NULL) plan->workload->resolve(plan);
}

bool measurement_is_possible(const struct measurement *measurement, const struct run_plan *plan) {
  char problem[WORKLOAD_PROBLEM_SIZE];
  const struct workload *workload = plan->workload;
  if (plan->messages_per_1000s > 0 && measurement->settings->depth != SETTING_UNSET) {
    command_complain(
        "--rate and --depth contradict each other: with a rate, messages leave on schedule however many are in "
        "flight; leave one out");
    return false;
  }
  if (workload->needs_stream && plan->candidates[0].transport == TRANSPORT_UDP) {
    command_complain(
        "%s needs a stream, and UDP is none: a lost datagram would never come back.\n"
        "  Measure datagrams in flight instead: loping latency --udp --depth 64 --size 1400",
        workload->name);
    return false;
  }
  if (workload->is_possible == NULL || workload->is_possible(plan, problem)) return true;
  command_complain("%s", problem);
  return false;
}
