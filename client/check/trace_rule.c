/*
 * What the firewall does, looked at from inside: one more packet to each port in question, watched by the rules' own
 * tracing, by the counters of the old rules, and by the connection tracking. Gathers; the verdict is verdict.c's.
 */
#include "client/check/trace_rule.h"

#include <stdlib.h>
#include <string.h>

#include "client/check/firewall/firewall_tool.h"
#include "client/check/firewall/route_check.h"
#include "client/check/firewall/rule_trace.h"
#include "client/check/firewall/traced_probe.h"
#include "client/check/trial_server.h"
#include "client/peer/protocol.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"

/* The rules that a packet meets on loopback are done with it at once, and data follow the handshake at once. In slices,
 * between which a server of our own gets its turn. */
#define TRACED_SLICES 30
#define SLICE_MS      5

static bool is_firewall(const struct examination *examination) {
  return verdict_exit_status(examination->verdict, &examination->facts) == verdict_exit_status(VERDICT_BLOCKED, NULL);
}

/* Something answered or refused, and what this machine's tables show does not account for it. */
static bool is_unaccounted(const struct port_facts *facts) {
  bool is_nobody = facts->listener.is_known && !facts->listener.is_here;
  bool is_stream_elsewhere =
      !facts->is_udp && facts->probe.outcome == PROBE_CONNECTED && is_nobody && !facts->probe.is_self;
  bool is_own_refused = facts->controls.own_server.outcome == PROBE_REFUSED;
  return is_stream_elsewhere || is_own_refused;
}

static bool is_worth_a_look(const struct examination *examination) {
  if (examination->facts.is_unix) return false; /* no packet is sent */
  return is_firewall(examination) || examination->verdict == VERDICT_REDIRECTED || is_unaccounted(&examination->facts);
}

/* Says what the first probe said, for a connection whose data are lost has to say something to be traced; and nothing
 * to a server that was asked nothing. */
static size_t write_words(const struct examination *examination, uint8_t words[PROTOCOL_QUESTION_BYTES]) {
  char host[ADDRESS_TEXT_SIZE];
  bool is_trial = examination->facts.controls.own_server.outcome != PROBE_NOT_TRIED;
  enum question question = is_trial ? QUESTION_ECHO : examination->facts.probe.question;
  address_format_host(&examination->target.address, host);
  return question_write(question, host, examination->facts.is_udp, words);
}

static void wait_for_packets(uv_loop_t *loop, const struct examination *examination, struct rule_trace *trace,
                             struct traced_probe *probe) {
  uint8_t words[PROTOCOL_QUESTION_BYTES];
  size_t length = write_words(examination, words);
  bool is_over = false;
  traced_probe_send(probe, words, length);
  for (int i = 0; i < TRACED_SLICES && !is_over; i++) {
    is_over = traced_probe_wait(probe, SLICE_MS);
    uv_run(loop, UV_RUN_NOWAIT);
    if (trace != NULL && rule_trace_read(trace)) is_over = true;
  }
}

/* Probes once, with a server of our own on the port where the verdict came from one. */
static void probe_traced(uv_loop_t *loop, const struct examination *examination, struct firewall_findings *findings) {
  const struct endpoint *target = &examination->target;
  struct sockaddr_storage source, end;
  struct traced_probe *probe;
  struct rule_trace *trace = NULL;
  struct own_server *server = NULL;
  findings->trace_code = traced_probe_open(target, &probe, &source);
  if (findings->trace_code != 0) return;
  findings->trace_code = rule_trace_start(target, &source, &trace);
  if (examination->facts.controls.own_server.outcome != PROBE_NOT_TRIED) (void)own_server_start(loop, target, &server);
  struct legacy_counters *before = legacy_counters_read(examination->facts.is_ipv6);
  wait_for_packets(loop, examination, trace, probe);
  struct legacy_counters *after = legacy_counters_read(examination->facts.is_ipv6);
  uint16_t port = address_port(&target->address);
  findings->has_legacy = legacy_counters_find(before, after, target->transport, port, &findings->legacy);
  if (trace != NULL) rule_trace_finish(trace, &findings->trace);
  traced_probe_source(probe, &source);
  if (!findings->trace.is_sent_on && connection_table_find_end(target, &source, &end)) {
    findings->trace.is_sent_on = true;
    findings->trace.real_end = end;
  }
  connection_table_read(&findings->connections);
  traced_probe_close(probe);
  own_server_close(server);
  uv_run(loop, UV_RUN_DEFAULT);
  rule_trace_stop(trace);
  legacy_counters_free(before);
  legacy_counters_free(after);
}

static bool is_out_hook(const char *hook) {
  return strcmp(hook, "output") == 0 || strcmp(hook, "postrouting") == 0 || strcmp(hook, "egress") == 0;
}

/* Where the packet was last seen, when no rule tells that it took it. */
static enum path_loss loss_by_places(const struct trace_findings *trace) {
  if (!trace->is_watched) return LOSS_UNKNOWN;
  if (!trace->request[TRACE_LEFT]) return LOSS_OUT;
  /* Between the two it may have been refused on the way out or dropped on the way in: the counters tell. */
  if (!trace->request[TRACE_CAME]) return LOSS_UNKNOWN;
  if (!trace->request[TRACE_REACHED]) return LOSS_IN;
  return trace->reply[TRACE_SENT] && !trace->reply[TRACE_REACHED] ? LOSS_REPLY : LOSS_UNKNOWN;
}

static void note_path(const struct firewall_findings *findings, struct path_facts *path) {
  const struct trace_findings *trace = &findings->trace;
  bool is_sent_on = trace->is_sent_on || (findings->has_legacy && findings->legacy.end == LEGACY_SENDS_ON);
  path->is_sent_on = is_sent_on && !trace->has_rule;
  if (trace->has_rule)
    path->loss = trace->rule.is_reply ? LOSS_REPLY : is_out_hook(trace->rule.hook) ? LOSS_OUT : LOSS_IN;
  else
    path->loss = loss_by_places(trace);
  path->has_rule = trace->has_rule;
  path->is_limited = trace->has_rule && traced_rule_has_limit(&trace->rule);
}

/* Is it a sandbox of this very process that refuses, and not the machine? */
static bool is_confined(const struct examination *examination, const struct firewall_findings *findings) {
  enum machine_answer route = route_check_is_open(&examination->target);
  if (examination->facts.probe.outcome == PROBE_NOT_PERMITTED)
    return machine_is_confined() == MACHINE_YES || findings->programs.cgroup_count > 0;
  return route == MACHINE_YES || (route == MACHINE_UNKNOWN && machine_is_confined() == MACHINE_YES);
}

static bool is_refused_at_once(const struct examination *examination) {
  const struct probe_facts *probe = &examination->facts.probe;
  bool is_connect_forbidden = probe->outcome == PROBE_NOT_PERMITTED && !examination->facts.is_udp;
  return examination->verdict == VERDICT_ROUTE_FORBIDDEN || is_connect_forbidden;
}

static void look_into(uv_loop_t *loop, struct examination *examination) {
  bool is_refused = !examination->facts.is_unix && is_refused_at_once(examination);
  if (!is_refused && !is_worth_a_look(examination)) return;
  struct firewall_findings *findings = memory_take_zeroed(1, sizeof *findings);
  if (findings == NULL) return;
  examination->firewall = findings;
  findings->trace_code = UV_EPERM;
  connection_table_read(&findings->connections);
  if (is_refused) {
    lo_programs_read(&findings->programs);
    examination->facts.path.is_confined = is_confined(examination, findings);
  } else if (firewall_tool_shows_rules()) {
    probe_traced(loop, examination, findings);
    note_path(findings, &examination->facts.path);
    if (!findings->trace.has_rule && !findings->has_legacy) lo_programs_read(&findings->programs);
  }
  examination->verdict = verdict_decide(&examination->facts);
}

/* Looking for the tools costs a walk over all processes: once, and only where they will be named. */
static void find_tools(struct survey *survey) {
  for (size_t i = 0; i < survey->count; i++) {
    size_t family = survey->examinations[i].facts.is_ipv6 ? 1 : 0;
    if (survey->show_firewall[family] == NULL && is_worth_a_look(&survey->examinations[i]))
      survey->show_firewall[family] = firewall_tool_show(family == 1);
  }
}

void trace_rule_run(struct survey *survey) {
  uv_loop_t loop;
  find_tools(survey);
  if (survey->count > EXAMINE_CLOSELY_MAX || uv_loop_init(&loop) != 0) return;
  for (size_t i = 0; i < survey->count; i++)
    look_into(&loop, &survey->examinations[i]);
  uv_run(&loop, UV_RUN_DEFAULT);
  (void)uv_loop_close(&loop);
}
