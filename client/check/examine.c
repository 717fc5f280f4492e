/*
 * The order of an examination: probe each port, wait for all that take long, try what is around them, find out whose
 * the sockets are, decide.
 *
 * The counters are the machine's, not a socket's. So the probes start one after the other, each with a moment of grace
 * in which it alone is watched: nearly all that loopback answers is answered within that. Only those that get no answer
 * are waited for together.
 */
#include "client/check/examine.h"

#include <string.h>

#include "client/check/controls.h"
#include "client/check/holder.h"
#include "client/check/probe.h"
#include "client/check/refusal.h"
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

/* Whoever sent a reset after the grace, a firewall or a server: others' resets may have been counted meanwhile. None at
 * all still tells that this was not the system's own. */
static void note_late_resets(struct examination *examination, const struct net_counters *after) {
  int64_t *resets = &examination->facts.counters.resets_sent;
  bool is_none = after->known && net_counters_growth(&examination->before, after, COUNTER_TCP_RESETS_SENT) == 0;
  *resets = is_none ? 0 : FACT_UNKNOWN;
}

/* No counter of the machine's counts what unix sockets do. */
static void read_unix(struct examination *examination) {
  struct port_facts *facts = &examination->facts;
  struct net_counters none = {.known = false};
  unix_file_look(examination->target.path, &examination->file);
  facts->at_path.file = examination->file.state;
  tables_read_unix_listener(examination->target.path, facts);
  tables_read_growth(&none, &none, &facts->counters);
}

static void on_first_settled(void *owner, const struct server_half_facts *half) {
  struct examination *examination = owner;
  struct port_facts *facts = &examination->facts;
  struct net_counters after;
  if (facts->is_unix) {
    facts->server_half = *half;
    read_unix(examination);
    examination->is_settled = true;
    examination->survey->pending--;
    return;
  }
  net_counters_read(&after);
  facts->server_half = *half;
  tables_read_listener(&examination->target, &facts->listener);
  tables_read_growth(&examination->before, examination->soon.known ? &examination->soon : &after, &facts->counters);
  if (examination->soon.known) note_late_resets(examination, &after);
  if (after.known)
    facts->counters.accepts_deferred =
        (int64_t)net_counters_growth(&examination->before, &after, COUNTER_TCP_ACCEPTS_DEFERRED);
  examination->is_settled = true;
  examination->survey->pending--;
}

static struct question_choice on_choose(void *owner, const struct server_half_facts *half) {
  return holder_choose(owner, half);
}

static void begin(struct survey *survey, struct examination *examination) {
  struct port_facts *facts = &examination->facts;
  memset(facts, 0, sizeof *facts);
  examination->survey = survey;
  examination->is_settled = false;
  examination->soon.known = false;
  examination->start_code = 0;
  examination->holder_count = 0;
  examination->firewall = NULL;
  memset(&examination->busy, 0, sizeof examination->busy);
  memset(&examination->forward, 0, sizeof examination->forward);
  memset(&examination->file, 0, sizeof examination->file);
  examination->beside[0] = examination->listener_command[0] = '\0';
  facts->is_udp = examination->target.transport == TRANSPORT_UDP;
  facts->is_ipv6 = examination->target.address.ss_family == AF_INET6;
  facts->is_unix = examination->target.transport == TRANSPORT_UNIX;
  facts->loopback_is_there = facts->is_unix || tables_has_loopback(&examination->target.address);
}

static void start_first(struct survey *survey, struct examination *examination) {
  struct port_facts *facts = &examination->facts;
  struct probe_plan plan = {
      .target = examination->target, .timeout_ns = survey->timeout_ns, .manner = PROBE_LOOKS, .choose = on_choose};
  begin(survey, examination);
  net_counters_read(&examination->before);
  survey->pending++;
  examination->start_code = probe_start(survey->loop, &plan, &facts->probe, on_first_settled, examination);
  if (examination->start_code == 0) return;
  facts->probe.outcome = PROBE_FAILED;
  facts->probe.code = facts->listener.code = examination->start_code;
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
    if (examination->facts.is_unix) continue;
    /* A connection that stands is no riddle to others; a datagram that was sent may be. */
    if (outcome != PROBE_CONNECTED && outcome != PROBE_REFUSED) return true;
    if (examination->facts.is_udp && !examination->is_settled) return true;
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
  around_run(survey, is_close);
  if (!is_close) return;
  refusals_confirm(survey);
  silences_confirm(survey);
}

static void decide(struct survey *survey) {
  holders_find(survey);
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
  survey->has_sockets = false;
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
  survey->has_sockets = false;
  for (size_t i = 0; i < survey->count; i++) {
    struct examination *examination = &survey->examinations[i];
    struct probe_facts probe = examination->facts.probe;
    begin(survey, examination);
    examination->facts.probe = probe;
    if (examination->facts.is_unix)
      read_unix(examination);
    else
      tables_read_listener(&examination->target, &examination->facts.listener);
  }
  decide(survey);
}
