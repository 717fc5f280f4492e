/* See firewall_advice.h. */
#include "client/check/firewall_advice.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/check/firewall/rule_commands.h"
#include "client/check/firewall/rule_manager.h"
#include "common/explain/explain_text.h"
#include "common/explain/system_words.h"
#include "common/text/safe_text.h"

static const struct firewall_findings *findings_of(const struct advice_context *context) {
  return context->examination->firewall;
}

static uint16_t port_of(const struct advice_context *context) {
  return address_port(&context->examination->target.address);
}

static const char *admin(const struct advice_context *context) {
  return context->own_user_id == 0 ? "" : machine_words()->become_admin;
}

static struct rule_subject subject_of(const struct advice_context *context) {
  return (struct rule_subject){.transport = context->examination->target.transport,
                               .port = port_of(context),
                               .iptables = firewall_tool_iptables(false),
                               .ip6tables = firewall_tool_iptables(true)};
}

/* A rule was found, of either kind, that took a packet. */
static bool has_rule(const struct firewall_findings *findings) {
  return findings != NULL && (findings->trace.has_rule || findings->has_legacy);
}

bool firewall_advice_has_rule(const struct advice_context *context) {
  return has_rule(findings_of(context));
}

bool firewall_advice_names_port(const struct advice_context *context) {
  const struct firewall_findings *findings = findings_of(context);
  return has_rule(findings) && findings->trace.has_rule && findings->trace.rule.names_port;
}

static bool is_table_full(const struct firewall_findings *findings) {
  return findings != NULL && !has_rule(findings) && connection_table_is_full(&findings->connections);
}

static bool is_queue_unread(const struct firewall_findings *findings) {
  return findings != NULL && findings->trace.has_rule && findings->trace.rule.end == RULE_QUEUED &&
         !findings->trace.rule.queue_has_reader;
}

/* It was watched, it was lost, and no rule took it. */
static bool is_lost_without_rule(const struct advice_context *context) {
  const struct firewall_findings *findings = findings_of(context);
  return findings != NULL && findings->trace.is_watched && !has_rule(findings) && !findings->trace.is_sent_on;
}

/* "table inet t, chain c, handle 5 (tcp dport 7777 drop), "the admin's comment"" */
static void describe_rule(const struct traced_rule *rule, char out[ADVICE_EVIDENCE_SIZE]) {
  char table[4 * RULE_NAME_SIZE], chain[4 * RULE_NAME_SIZE], text[2 * RULE_TEXT_SIZE], comment[4 * RULE_COMMENT_SIZE];
  safe_text_copy(rule->table, strlen(rule->table), table, sizeof table);
  safe_text_copy(rule->chain, strlen(rule->chain), chain, sizeof chain);
  safe_text_copy(rule->text, strlen(rule->text), text, sizeof text);
  safe_text_copy(rule->comment, strlen(rule->comment), comment, sizeof comment);
  snprintf(out, ADVICE_EVIDENCE_SIZE, "table %s %.200s, chain %.200s, handle %" PRIu64 "%s%.400s%s%s%.130s%s",
           rule->family, table, chain, rule->handle, text[0] != '\0' ? " (" : "", text, text[0] != '\0' ? ")" : "",
           comment[0] != '\0' ? ", with the comment \"" : "", comment, comment[0] != '\0' ? "\"" : "");
}

static void note_jump(const struct traced_rule *rule, struct advice *out) {
  char chain[4 * RULE_NAME_SIZE], text[2 * RULE_TEXT_SIZE];
  if (!rule->has_jump) return;
  safe_text_copy(rule->jump_chain, strlen(rule->jump_chain), chain, sizeof chain);
  safe_text_copy(rule->jump_text, strlen(rule->jump_text), text, sizeof text);
  advice_note(out, "It came there by a jump: chain %.200s, handle %" PRIu64 "%s%.400s%s.", chain, rule->jump_handle,
              text[0] != '\0' ? " (" : "", text, text[0] != '\0' ? ")" : "");
}

static void note_rule(const struct traced_rule *rule, struct advice *out) {
  char words[ADVICE_EVIDENCE_SIZE], chain[4 * RULE_NAME_SIZE], table[4 * RULE_NAME_SIZE];
  const char *packet = rule->is_reply ? "reply" : "packet";
  describe_rule(rule, words);
  safe_text_copy(rule->table, strlen(rule->table), table, sizeof table);
  safe_text_copy(rule->chain, strlen(rule->chain), chain, sizeof chain);
  if (rule->is_policy)
    advice_note(out, "A traced %s was dropped by the policy of chain %s in table %s %s: no rule accepted it.", packet,
                chain, rule->family, table);
  else if (rule->end == RULE_QUEUED)
    advice_note(out, "A traced %s was handed to queue %u by a rule: %s. %s", packet, rule->queue, words,
                rule->queue_has_reader ? "A program reads that queue, and did not let it pass in time."
                                       : "No program reads that queue, so the kernel discards it.");
  else
    advice_note(out, "A traced %s was dropped by a rule: %s.", packet, words);
  note_jump(rule, out);
  if (rule->is_by_user) advice_note(out, "The rule depends on the user: for another one the verdict can differ.");
  enum rule_manager manager = rule_manager_of(rule);
  if (manager != MANAGER_NONE && manager != MANAGER_IPTABLES)
    advice_note(out, "The rule is %s's.", rule_manager_name(manager));
}

static void note_legacy(const struct legacy_rule *rule, struct advice *out) {
  if (rule->is_policy)
    advice_note(out, "The counter of a policy grew: chain %s in %s's table %s, %s.", rule->chain,
                rule->is_ipv6 ? "ip6tables-legacy" : "iptables-legacy", rule->table, rule->target);
  else
    advice_note(out, "The counter of a rule grew: rule %u of chain %s in %s's table %s, target %s.", rule->number,
                rule->chain, rule->is_ipv6 ? "ip6tables-legacy" : "iptables-legacy", rule->table, rule->target);
}

static void note_sender(const struct trace_findings *trace, struct advice *out) {
  char words[ADVICE_EVIDENCE_SIZE], end[ADDRESS_TEXT_SIZE] = "elsewhere";
  if (!trace->is_sent_on) return;
  if (trace->real_end.ss_family != 0) address_format(&trace->real_end, end);
  if (!trace->has_sender) {
    advice_note(out, "What is sent there goes to %s instead: so the kernel's connection tracking shows.", end);
    return;
  }
  describe_rule(&trace->sender, words);
  advice_note(out, "A traced packet was sent to %s instead, by a rule: %s.", end, words);
  note_jump(&trace->sender, out);
}

/* Where a traced packet was seen last. */
static void note_places(const struct trace_findings *trace, struct advice *out) {
  static const char *const words[TRACE_PLACES] = {
      [TRACE_SENT] = "It entered the output rules and did not come out of them",
      [TRACE_ROUTED] = "It passed the output rules and did not leave the postrouting rules",
      [TRACE_LEFT] = "It left the output rules and never came to the prerouting rules",
      [TRACE_CAME] = "It came to the prerouting rules and did not get to the end of the input rules",
      [TRACE_REACHED] = "It passed all rules"};
  const bool *seen = trace->request;
  bool is_reply = trace->reply[TRACE_SENT];
  if (is_reply) seen = trace->reply;
  enum trace_place last = TRACE_SENT;
  for (enum trace_place place = 0; place < TRACE_PLACES; place++)
    if (seen[place]) last = place;
  advice_note(out, "No nftables rule dropped it: a %s was traced. %s.", is_reply ? "reply" : "packet", words[last]);
}

static void note_programs(const struct lo_programs *programs, struct advice *out) {
  if (programs->xdp_program != 0)
    advice_note(out, "An XDP program stands on lo (id %" PRIu32 "), which sees packets before all rules.",
                programs->xdp_program);
  for (unsigned i = 0; i < programs->filter_count; i++)
    advice_note(out, "A filter of tc stands on lo, %s (%s).", programs->filters[i].is_egress ? "egress" : "ingress",
                programs->filters[i].kind);
  if (programs->qdisc[0] != '\0')
    advice_note(out, "Packets that leave by lo wait in a queue of tc of the kind %s.", programs->qdisc);
  if (programs->tcx_count > 0)
    advice_note(out, "BPF programs of tc on lo: %u (the first has id %" PRIu32 ").", programs->tcx_count,
                programs->tcx_program);
  if (programs->cgroup_count > 0)
    advice_note(out,
                "BPF programs of this process's control group: %u (the first stands at %s and has id %" PRIu32 ").",
                programs->cgroup_count, programs->cgroup_hook, programs->cgroup_program);
}

void firewall_advice_note(const struct advice_context *context, struct advice *out) {
  const struct firewall_findings *findings = findings_of(context);
  if (findings == NULL) return;
  if (findings->trace.has_rule) note_rule(&findings->trace.rule, out);
  if (findings->has_legacy) note_legacy(&findings->legacy, out);
  note_sender(&findings->trace, out);
  if (connection_table_is_full(&findings->connections))
    advice_note(out, "The table of tracked connections is full: %" PRIu64 " of %" PRIu64 ".",
                findings->connections.count, findings->connections.most);
  if (!is_lost_without_rule(context) && !context->examination->facts.path.is_confined) return;
  if (is_lost_without_rule(context)) note_places(&findings->trace, out);
  note_programs(&findings->programs, out);
}

/* What took a packet that no rule took: it was lost where only these are; "" where nothing of the kind is there. */
static const char *taker(const struct firewall_findings *findings) {
  const struct lo_programs *programs = &findings->programs;
  const bool *seen = findings->trace.reply[TRACE_SENT] ? findings->trace.reply : findings->trace.request;
  bool is_between = seen[TRACE_LEFT] && !seen[TRACE_CAME];
  bool has_own =
      programs->xdp_program != 0 || programs->filter_count > 0 || programs->tcx_count > 0 || programs->qdisc[0] != '\0';
  if (is_between && has_own) return "a program or filter on the loopback interface itself does";
  if ((is_between || seen[TRACE_REACHED]) && programs->cgroup_count > 0)
    return "a BPF program of this process's control group does";
  return "";
}

bool firewall_advice_say(const struct advice_context *context, struct advice *out) {
  const struct firewall_findings *findings = findings_of(context);
  if (is_queue_unread(findings)) {
    advice_say(out,
               "a firewall rule hands it to queue %u (NFQUEUE), which no program reads, so the kernel discards it.",
               findings->trace.rule.queue);
    return true;
  }
  if (is_table_full(findings)) {
    advice_say(out,
               "the table of tracked connections is full: %" PRIu64 " of %" PRIu64
               ", so the kernel discards what would be a new one.",
               findings->connections.count, findings->connections.most);
    return true;
  }
  if (is_lost_without_rule(context) && taker(findings)[0] != '\0') {
    advice_say(out, "no firewall rule discards it: %s.", taker(findings));
    return true;
  }
  return false;
}

static void suggest_commands(const struct rule_command *commands, size_t count, struct advice *out) {
  for (size_t i = 0; i < count; i++) {
    advice_step(out, "%s%s: %s", i > 0 ? "or " : "", commands[i].purpose, commands[i].command);
    if (commands[i].undo[0] != '\0') advice_step(out, "to undo that: %s", commands[i].undo);
  }
}

/* What a manager offers to see its rules by; its next reload writes them anew. */
static void suggest_manager(const struct advice_context *context, enum rule_manager manager, struct advice *out) {
  if (manager == MANAGER_DOCKER)
    advice_step(out, "see whose container it is: docker ps --filter publish=%u", port_of(context));
  else if (manager == MANAGER_KUBERNETES)
    advice_step(out, "see whose service it is: kubectl get services,endpoints --all-namespaces");
  else if (manager == MANAGER_TAILSCALE)
    advice_step(out, "see it: tailscale status");
  if (manager == MANAGER_DOCKER || manager == MANAGER_KUBERNETES || manager == MANAGER_TAILSCALE)
    advice_step(out, "%s writes its rules anew now and then, and what is put between them may be gone after that",
                rule_manager_name(manager));
}

static void suggest_rule(const struct advice_context *context, const struct traced_rule *rule, struct advice *out) {
  struct rule_command commands[RULE_COMMANDS_MAX];
  struct rule_subject subject = subject_of(context);
  char show[RULE_COMMAND_SIZE];
  if (rule_commands_show(rule, &subject, show)) advice_step(out, "see it: %s%s", admin(context), show);
  suggest_manager(context, rule_manager_of(rule), out);
  suggest_commands(commands, rule_commands_write(rule, &subject, commands), out);
  /* What is accepted in one chain is not yet accepted in the next. */
  if (rule->chains_behind > 0 && rule->end == RULE_DROPPED)
    advice_step(out, "then check again, for %u more chain%s behind this one, and each is told in its turn",
                rule->chains_behind, rule->chains_behind == 1 ? " stands" : "s stand");
}

static void suggest_legacy(const struct advice_context *context, const struct legacy_rule *rule, struct advice *out) {
  struct rule_command commands[RULE_COMMANDS_MAX];
  struct rule_subject subject = subject_of(context);
  memset(commands, 0, sizeof commands);
  advice_step(out, "see it: %s -t %s -vnL %s --line-numbers", rule->is_ipv6 ? "ip6tables-legacy" : "iptables-legacy",
              rule->table, rule->chain);
  suggest_commands(commands, rule_commands_write_legacy(rule, &subject, commands), out);
}

static void suggest_bigger_table(const struct advice_context *context, struct advice *out) {
  struct rule_subject subject = subject_of(context);
  struct rule_command command;
  rule_commands_write_untracked(&subject, &command);
  advice_step(out, "%s: %s%s", command.purpose, admin(context), command.command);
  advice_step(out, "to undo that: %s%s", admin(context), command.undo);
  advice_step(out,
              "or let the table hold more, for the whole machine, from outside of containers: %ssysctl -w "
              "net.netfilter.nf_conntrack_max=%" PRIu64,
              admin(context), 2 * findings_of(context)->connections.most);
}

/* Whoever may not see the rules: how root sees them for this very user. */
static void suggest_root(const struct advice_context *context, struct advice *out) {
  const char *udp = context->examination->facts.is_udp ? " --udp" : "";
  char target[ADDRESS_TEXT_SIZE];
  bool is_default = !context->examination->facts.is_ipv6;
  address_format(&context->examination->target.address, target);
  const char *port = is_default ? strrchr(target, ':') + 1 : target;
  advice_step(out,
              "the firewall's rules are not visible to this user; as root, loping check can name the rule: %sloping "
              "check %s%s",
              admin(context), port, udp);
  advice_step(out,
              "rules can depend on the user; so root checks as this one: %ssetpriv --reuid=%" PRId64 " --regid=%" PRId64
              " --clear-groups --inh-caps=+net_admin --ambient-caps=+net_admin loping check %s%s",
              admin(context), context->own_user_id, firewall_tool_group_id(), port, udp);
}

static void suggest_look(const struct advice_context *context, struct advice *out) {
  if (context->show_firewall[0] != '\0')
    advice_step(out, "look for a rule with port %u, or a chain whose policy is drop, in: %s%s", port_of(context),
                admin(context), context->show_firewall);
  if (system_words()->firewall[0] != '\0') advice_note(out, "%s", system_words()->firewall);
}

void firewall_advice_suggest(const struct advice_context *context, struct advice *out) {
  const struct firewall_findings *findings = findings_of(context);
  if (is_queue_unread(findings)) advice_step(out, "start the program that reads queue %u", findings->trace.rule.queue);
  if (findings != NULL && findings->trace.has_rule)
    suggest_rule(context, &findings->trace.rule, out);
  else if (findings != NULL && findings->has_legacy)
    suggest_legacy(context, &findings->legacy, out);
  else if (is_table_full(findings))
    suggest_bigger_table(context, out);
  else if (findings != NULL && lo_programs_has_any(&findings->programs))
    advice_step(out,
                "see them: %sip -details link show lo; tc filter show dev lo ingress; tc filter show dev lo egress; "
                "bpftool cgroup tree",
                admin(context));
  else {
    if (!context->shows_rules && firewall_tool_group_id() >= 0) suggest_root(context, out);
    suggest_look(context, out);
  }
}

static void write_end(const struct advice_context *context, char out[ADDRESS_TEXT_SIZE + 16]) {
  const struct firewall_findings *findings = findings_of(context);
  const struct port_facts *facts = &context->examination->facts;
  char end[ADDRESS_TEXT_SIZE];
  /* Where only the facts tell: the kernel's own reset came from here, and an end that no table shows is not here. */
  bool is_far = facts->probe.outcome == PROBE_CONNECTED && !facts->server_half.is_found && !facts->is_udp;
  snprintf(out, ADDRESS_TEXT_SIZE + 16, "%s", is_far ? "another machine or container" : "another port");
  if (facts->server_half.port != 0) {
    snprintf(out, ADDRESS_TEXT_SIZE + 16, "port %u", facts->server_half.port);
  } else if (findings != NULL && findings->trace.real_end.ss_family != 0) {
    bool is_here = address_same_host(&findings->trace.real_end, &context->examination->target.address);
    if (is_here)
      snprintf(out, ADDRESS_TEXT_SIZE + 16, "port %u", address_port(&findings->trace.real_end));
    else
      snprintf(out, ADDRESS_TEXT_SIZE + 16, "%s", address_format(&findings->trace.real_end, end));
  } else if (findings != NULL && findings->has_legacy && findings->legacy.to_port != 0) {
    snprintf(out, ADDRESS_TEXT_SIZE + 16, "port %u", findings->legacy.to_port);
  }
}

/* The packet never left: the kernel does not route what has a loopback address to another machine, unless told to. */
static bool is_kept_in(const struct advice_context *context) {
  const struct firewall_findings *findings = findings_of(context);
  return findings != NULL && findings->trace.is_watched && !findings->trace.request[TRACE_ROUTED] &&
         !findings->trace.request[TRACE_LEFT] && !context->examination->facts.is_ipv6 &&
         findings->trace.real_end.ss_family != 0 && !address_is_loopback(&findings->trace.real_end);
}

void firewall_advice_write_redirected(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  const struct firewall_findings *findings = findings_of(context);
  char end[ADDRESS_TEXT_SIZE + 16];
  write_end(context, end);
  if (verdict_is_answered(facts))
    advice_say(out, "a rule redirects it to %s, and a server there %s.", end,
               facts->probe.answer == ANSWER_QUIET ? "takes the connection" : "answers");
  else if (facts->probe.outcome == PROBE_CONNECTED)
    advice_say(out, "a rule redirects it to %s, and nothing there answers.", end);
  else if (is_kept_in(context))
    advice_say(out,
               "a rule redirects it to %s, but the kernel does not route loopback out, so it is discarded (%s is 0).",
               end, "net.ipv4.conf.all.route_localnet");
  else if (facts->probe.outcome == PROBE_REFUSED)
    advice_say(out, "a rule redirects it to %s, and that refuses: nobody %s there.%s", end,
               facts->is_udp ? "has the port" : "listens",
               facts->listener.is_here ? " The server that has the port here does not get it." : "");
  else
    advice_say(out, "a rule redirects it to %s, and nothing comes back from there.", end);
  if (findings != NULL && findings->trace.has_sender)
    suggest_rule(context, &findings->trace.sender, out);
  else
    firewall_advice_suggest(context, out);
}

void firewall_advice_write_confined(const struct advice_context *context, struct advice *out) {
  const struct firewall_findings *findings = findings_of(context);
  bool is_program = findings != NULL && findings->programs.cgroup_count > 0;
  advice_say(
      out,
      "it could not be looked at: this process is confined (%s), and its sandbox does not let it connect to this "
      "port. No routing rule and no firewall forbids it.",
      is_program ? "a BPF program of its control group, Landlock or seccomp" : "Landlock or seccomp");
  advice_step(out, "check from a process outside that sandbox (container, systemd unit, snap)");
  advice_step(out, "see it yourself: grep -E 'Seccomp|NoNewPrivs' /proc/self/status");
}
