/*
 * The order of an examination: probe each port, wait for all that take long, try what is around them, find out whose
 * the sockets are, decide.
 *
 * The counters are the machine's, not a socket's. So the probes start one after the other, each with a moment of grace
 * in which it alone is watched: nearly all that loopback answers is answered within that. Only those that get no answer
 * are waited for together.
 */
#include "client/check/examine.h"
#include "client/sockets/port_list.h"

#include <string.h>

#include "client/check/controls.h"
#include "client/check/probe.h"
#include "client/check/socket_tables.h"
#include "common/text/clock.h"

#define GRACE_TCP_MS 5
#define GRACE_UDP_MS 100
/* So much in all is spent on grace: of thousands of silent ports most get none. */
#define GRACE_ALL_MS 600

struct watch {
  uv_timer_t timer;
  bool is_over;
  uint64_t left_ms;
};

static void on_first_settled(void *owner, const struct sockaddr_storage *local) {
  struct examination *examination = owner;
  struct port_facts *facts = &examination->facts;
  struct net_counters after;
  net_counters_read(&after);
  /* A refused connection has no other end; of thousands of ports that look-up would be the most of the work. */
  if (facts->probe.outcome != PROBE_REFUSED) tables_read_server_half(&examination->target, local, &facts->server_half);
  tables_read_listener(&examination->target, &facts->listener);
  tables_read_growth(&examination->before, examination->soon.known ? &examination->soon : &after, &facts->counters);
  /* Whoever sent a reset after the grace, a firewall or a server: others' resets may have been counted meanwhile. */
  if (examination->soon.known) facts->counters.resets_sent = FACT_UNKNOWN;
  examination->is_settled = true;
  examination->survey->pending--;
}

static void begin(struct survey *survey, struct examination *examination) {
  struct port_facts *facts = &examination->facts;
  memset(facts, 0, sizeof *facts);
  examination->survey = survey;
  examination->is_settled = false;
  examination->soon.known = false;
  examination->start_code = 0;
  examination->holder_count = 0;
  examination->has_rule = false;
  facts->is_udp = examination->target.transport == TRANSPORT_UDP;
  facts->is_ipv6 = examination->target.address.ss_family == AF_INET6;
  facts->loopback_is_there = tables_has_loopback(&examination->target.address);
}

static void start_first(struct survey *survey, struct examination *examination) {
  struct port_facts *facts = &examination->facts;
  struct probe_plan plan = {.target = examination->target, .timeout_ns = survey->timeout_ns, .asks = true};
  begin(survey, examination);
  net_counters_read(&examination->before);
  survey->pending++;
  examination->start_code = probe_start(survey->loop, &plan, &facts->probe, on_first_settled, examination);
  if (examination->start_code == 0) return;
  facts->probe.outcome = PROBE_FAILED;
  facts->probe.code = examination->start_code;
  examination->is_settled = true;
  survey->pending--;
}

static void on_grace_over(uv_timer_t *timer) {
  struct watch *watch = timer->data;
  watch->is_over = true;
}

/* Lets this one probe run alone for a moment, until it has settled. */
static void watch_alone(struct survey *survey, struct watch *watch, struct examination *examination) {
  uint64_t grace_ms = examination->facts.is_udp ? GRACE_UDP_MS : GRACE_TCP_MS;
  uint64_t start_ns = clock_now_ns();
  if (grace_ms > watch->left_ms) grace_ms = watch->left_ms;
  watch->is_over = grace_ms == 0 || uv_timer_start(&watch->timer, on_grace_over, grace_ms, 0) != 0;
  while (!examination->is_settled && !watch->is_over)
    uv_run(survey->loop, UV_RUN_ONCE);
  uv_timer_stop(&watch->timer);
  /* The loop comes to its timers before its sockets: what is there already still counts as within the grace. */
  if (!examination->is_settled) uv_run(survey->loop, UV_RUN_NOWAIT);
  uint64_t spent_ms = (clock_now_ns() - start_ns) / CLOCK_NS_PER_MS;
  watch->left_ms -= spent_ms < watch->left_ms ? spent_ms : watch->left_ms;
  if (!examination->is_settled) net_counters_read(&examination->soon);
}

/* An opening packet is repeated after a second, long after the grace. The failures of all that waited are in one sum,
 * which tells of each only when none or all of them failed. */
static void share_repeats(struct survey *survey, const struct net_counters *before, size_t silent_controls) {
  struct net_counters after;
  size_t silent = silent_controls;
  net_counters_read(&after);
  int64_t failed = before->known && after.known
                       ? (int64_t)net_counters_growth(before, &after, COUNTER_TCP_REPEAT_FAILED)
                       : FACT_UNKNOWN;
  for (size_t i = 0; i < survey->count; i++)
    if (survey->examinations[i].facts.probe.outcome == PROBE_TIMED_OUT) silent++;
  for (size_t i = 0; i < survey->count; i++) {
    struct port_facts *facts = &survey->examinations[i].facts;
    bool tells_of_each = failed <= 0 || (uint64_t)failed >= silent;
    if (facts->probe.outcome == PROBE_TIMED_OUT) facts->counters.repeats_failed = tells_of_each ? failed : FACT_UNKNOWN;
  }
}

/* Where nothing is wrong, there is nothing to compare. */
static bool needs_controls(const struct survey *survey) {
  for (size_t i = 0; i < survey->count; i++) {
    const struct examination *examination = &survey->examinations[i];
    enum probe_outcome outcome = examination->facts.probe.outcome;
    if (!examination->is_settled || (outcome != PROBE_CONNECTED && outcome != PROBE_REFUSED)) return true;
  }
  return false;
}

static void run_probes(struct survey *survey, struct watch *watch) {
  struct net_counters before;
  struct controls controls;
  size_t silent_controls = 0;
  bool is_close = survey->count <= EXAMINE_CLOSELY_MAX;
  net_counters_read(&before);
  for (size_t i = 0; i < survey->count; i++) {
    start_first(survey, &survey->examinations[i]);
    watch_alone(survey, watch, &survey->examinations[i]);
  }
  bool has_controls = is_close && needs_controls(survey);
  if (has_controls) controls_start(survey, &controls);
  survey_wait(survey);
  if (has_controls) silent_controls = controls_end(survey, &controls);
  share_repeats(survey, &before, silent_controls);
  if (is_close) around_run(survey);
}

static bool is_holder_wanted(const struct examination *examination) {
  const struct listener_facts *listener = &examination->facts.listener;
  return listener->is_here || listener->is_elsewhere || listener->is_on_device || listener->only_bound ||
         examination->facts.server_half.port != 0;
}

static bool is_on_port(const struct port_socket *socket, const struct endpoint *target, uint16_t port) {
  return socket->transport == target->transport && address_port(&socket->local) == port;
}

static bool is_all_stopped(const struct port_socket *socket) {
  for (size_t i = 0; i < socket->process_count; i++)
    if (!socket->processes[i].is_stopped) return false;
  return socket->process_count > 0;
}

static void add_holders(struct survey *survey, struct examination *examination, bool overlapping) {
  struct port_facts *facts = &examination->facts;
  uint16_t port = facts->server_half.port != 0 ? facts->server_half.port : address_port(&examination->target.address);
  for (size_t i = 0; i < survey->sockets.socket_count; i++) {
    const struct port_socket *socket = &survey->sockets.sockets[i];
    if (examination->holder_count == PORT_SOCKETS_MAX) return;
    if (!is_on_port(socket, &examination->target, port) ||
        port_socket_overlaps(socket, &examination->target.address, false) != overlapping)
      continue;
    examination->holders[examination->holder_count++] = i;
    if (!overlapping) continue;
    facts->listener.is_stopped = facts->listener.is_stopped || is_all_stopped(socket);
    facts->listener.is_hidden = facts->listener.is_hidden || socket->owner == SOCKET_OWNER_HIDDEN;
  }
}

static int find_holders(struct survey *survey) {
  bool is_wanted = false;
  for (size_t i = 0; i < survey->count; i++)
    is_wanted = is_wanted || is_holder_wanted(&survey->examinations[i]);
  if (!is_wanted) return 0;
  int code = port_list_gather(&survey->sockets);
  for (size_t i = 0; i < survey->count; i++) {
    if (!is_holder_wanted(&survey->examinations[i])) continue;
    add_holders(survey, &survey->examinations[i], true);
    add_holders(survey, &survey->examinations[i], false);
  }
  return code;
}

static void decide(struct survey *survey) {
  /* Without the holders the verdicts are only poorer. */
  (void)find_holders(survey);
  for (size_t i = 0; i < survey->count; i++)
    survey->examinations[i].verdict = verdict_decide(&survey->examinations[i].facts);
}

static void after_timer_close(uv_handle_t *handle) {
  (void)handle;
}

int survey_run(struct survey *survey) {
  uv_loop_t loop;
  struct watch watch = {.left_ms = GRACE_ALL_MS};
  int code = uv_loop_init(&loop);
  if (code != 0) return code;
  survey->loop = &loop;
  survey->pending = 0;
  code = uv_timer_init(&loop, &watch.timer);
  if (code == 0) {
    watch.timer.data = &watch;
    run_probes(survey, &watch);
    uv_close((uv_handle_t *)&watch.timer, after_timer_close);
  }
  uv_run(&loop, UV_RUN_DEFAULT);
  int close_code = uv_loop_close(&loop);
  survey->loop = NULL;
  if (code == 0) code = close_code;
  if (code != 0) return code;
  decide(survey);
  return 0;
}

void survey_judge(struct survey *survey) {
  for (size_t i = 0; i < survey->count; i++) {
    struct examination *examination = &survey->examinations[i];
    struct probe_facts probe = examination->facts.probe;
    begin(survey, examination);
    examination->facts.probe = probe;
    tables_read_listener(&examination->target, &examination->facts.listener);
  }
  decide(survey);
}
