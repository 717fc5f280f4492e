/* Which rule it is: one more probe of each blocked port, watched by the firewall's own tracing. */
#include "client/check/trace_rule.h"

#include <string.h>

#include "client/check/probe.h"
#include "client/check/trial_server.h"
#include "common/text/clock.h"

/* The rules that a packet meets on loopback are done with it at once; data follow the handshake at once. */
#define TRACED_NS (150 * CLOCK_NS_PER_MS)

struct naming {
  bool is_settled;
};

static void on_settled(void *owner, const struct server_half_facts *half) {
  struct naming *naming = owner;
  (void)half;
  naming->is_settled = true;
}

static bool is_firewall(const struct examination *examination) {
  return verdict_exit_status(examination->verdict, &examination->facts) == verdict_exit_status(VERDICT_BLOCKED, NULL);
}

/* Says what the first probe said, and nothing to a server that was asked nothing. */
static struct probe_plan make_plan(const struct examination *examination) {
  const struct probe_facts *probe = &examination->facts.probe;
  bool is_trial = examination->facts.controls.own_server.outcome != PROBE_NOT_TRIED;
  struct probe_plan plan = {.target = examination->target, .timeout_ns = TRACED_NS, .is_ours = is_trial};
  plan.question = is_trial ? QUESTION_ECHO : probe->question;
  plan.manner = plan.question != QUESTION_NONE ? PROBE_ASKS : PROBE_CONNECTS;
  return plan;
}

/* Probes once, with a server of our own on the port where the verdict came from one. */
static void probe_again(uv_loop_t *loop, const struct examination *examination) {
  struct probe_plan plan = make_plan(examination);
  struct probe_facts facts;
  struct naming naming = {.is_settled = false};
  struct own_server *server = NULL;
  if (examination->facts.controls.own_server.outcome != PROBE_NOT_TRIED)
    (void)own_server_start(loop, &examination->target, &server);
  if (probe_start(loop, &plan, &facts, on_settled, &naming) == 0)
    while (!naming.is_settled)
      uv_run(loop, UV_RUN_ONCE);
  own_server_close(server);
  uv_run(loop, UV_RUN_DEFAULT);
}

/* A rule with a limit lets some through, although it let nothing of this probe. */
static bool has_limit(const struct traced_rule *rule) {
  return !rule->is_policy && strstr(rule->text, "limit") != NULL;
}

/* Returns false when there is no use in trying the next one. */
static bool name_one(uv_loop_t *loop, struct examination *examination) {
  struct rule_trace *trace;
  const struct endpoint *target = &examination->target;
  if (rule_trace_start(target->transport, address_port(&target->address), &trace) != 0) return false;
  probe_again(loop, examination);
  examination->has_rule = rule_trace_find_drop(trace, &examination->rule);
  rule_trace_stop(trace);
  bool is_limited = examination->has_rule && has_limit(&examination->rule);
  bool is_dropped = examination->verdict == VERDICT_BLOCKED || examination->verdict == VERDICT_BLOCKED_OUT;
  if (is_limited && is_dropped) examination->verdict = VERDICT_INTERMITTENT;
  return true;
}

void naming_run(struct survey *survey) {
  uv_loop_t loop;
  bool can_trace = survey->count <= EXAMINE_CLOSELY_MAX && uv_loop_init(&loop) == 0;
  if (!can_trace) return;
  for (size_t i = 0; i < survey->count && can_trace; i++)
    if (is_firewall(&survey->examinations[i])) can_trace = name_one(&loop, &survey->examinations[i]);
  (void)uv_loop_close(&loop);
}
