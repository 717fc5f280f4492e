/* See rule_commands.h. */
#include "client/check/firewall/rule_commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/check/firewall/nft_name.h"
#include "client/check/firewall/rule_manager.h"

#define QUOTED_SIZE (RULE_NAME_SIZE + 8) /* a plain name, between quotes */

static const char *const let_through = "let this port through on loopback";

static const char *protocol(const struct rule_subject *subject) {
  return subject->transport == TRANSPORT_UDP ? "udp" : "tcp";
}

static bool is_out(const char *hook) {
  return strcmp(hook, "output") == 0 || strcmp(hook, "postrouting") == 0 || strcmp(hook, "egress") == 0;
}

/* A rule that is not for this port meets what comes back as well: then both ways are let through. */
static bool needs_both(const struct traced_rule *rule) {
  return !rule->names_port && rule->end != RULE_SENT_ON;
}

/* What is matched, in nft's words. What comes from the port is no opening packet: a client that has the number as its
 * own is not let through with it. */
static void write_match(const struct traced_rule *rule, const struct rule_subject *subject, bool is_reply,
                        char out[160]) {
  const char *interface = is_out(rule->hook) ? "oif" : "iif";
  bool is_stream_reply = is_reply && subject->transport != TRANSPORT_UDP;
  snprintf(out, 160, "%s lo %s %s %u%s", interface, protocol(subject), is_reply ? "sport" : "dport", subject->port,
           is_stream_reply ? " tcp flags & (syn | ack) != syn" : "");
}

struct quoted_chain {
  char table[QUOTED_SIZE];
  char chain[QUOTED_SIZE];
};

static bool quote_chain(const struct traced_rule *rule, const char *chain, struct quoted_chain *quoted) {
  return nft_name_is_plain(rule->table) && nft_name_is_plain(chain) &&
         nft_name_quote(rule->table, quoted->table, sizeof quoted->table) &&
         nft_name_quote(chain, quoted->chain, sizeof quoted->chain);
}

static size_t add_nft_insert(const struct traced_rule *rule, const struct rule_subject *subject,
                             const struct quoted_chain *at, bool is_reply, char *out, size_t out_bytes) {
  char match[160];
  write_match(rule, subject, is_reply, match);
  return (size_t)snprintf(out, out_bytes, "nft insert rule %s %s %s '%s accept comment \"loping check %u\"'",
                          rule->family, at->table, at->chain, match, subject->port);
}

/* By the comment the inserted rules are found again, however many. */
static void write_nft_undo(const struct traced_rule *rule, const struct rule_subject *subject,
                           const struct quoted_chain *at, char out[RULE_COMMAND_SIZE]) {
  out[0] = '\0';
  if (strchr(at->table, '\\') != NULL || strchr(at->chain, '\\') != NULL) {
    snprintf(out, RULE_COMMAND_SIZE, "nft delete rule %s %s %s handle NUMBER, as shown by: nft -a list chain %s %s %s",
             rule->family, at->table, at->chain, rule->family, at->table, at->chain);
    return;
  }
  snprintf(out, RULE_COMMAND_SIZE,
           "nft -a list chain %s %s %s | sed -n 's|.*comment \"loping check %u\" # handle |delete rule %s %s %s "
           "handle |p' | nft -f -",
           rule->family, at->table, at->chain, subject->port, rule->family, at->table, at->chain);
}

/* A JSON string inside a shell's single quotes. */
static bool escape_json(const char *text, char *out, size_t out_bytes) {
  size_t used = 0;
  for (const char *c = text; *c != '\0'; c++) {
    char piece[8];
    if (*c == '\'')
      snprintf(piece, sizeof piece, "\\u0027");
    else if (*c == '"' || *c == '\\')
      snprintf(piece, sizeof piece, "\\%c", *c);
    else if ((unsigned char)*c < 0x20)
      snprintf(piece, sizeof piece, "\\u%04x", (unsigned char)*c);
    else
      snprintf(piece, sizeof piece, "%c", *c);
    if (used + strlen(piece) + 1 > out_bytes) return false;
    used += (size_t)snprintf(out + used, out_bytes - used, "%s", piece);
  }
  return true;
}

/* Names that nft's language cannot write can be written in its JSON. */
static bool write_json_insert(const struct traced_rule *rule, const struct rule_subject *subject,
                              struct rule_command *out) {
  char table[QUOTED_SIZE] = "", chain[QUOTED_SIZE] = "";
  if (!escape_json(rule->table, table, sizeof table) || !escape_json(rule->base_chain, chain, sizeof chain))
    return false;
  static const char format[] =
      "echo '{\"nftables\":[{\"insert\":{\"rule\":{\"family\":\"%s\",\"table\":\"%s\",\"chain\":\"%s\",\"comment\":\"loping check %u\",\"expr\":[{\"match\":{\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"%s\"}},\"right\":\"lo\"}},{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"%s\",\"field\":\"%s\"}},\"right\":%u}},{\"accept\":null}]}}}]}' | nft -j -f -";
  int length = snprintf(out->command, sizeof out->command, format, rule->family, table, chain, subject->port,
                        is_out(rule->hook) ? "oif" : "iif", protocol(subject), rule->is_reply ? "sport" : "dport",
                        subject->port);
  return length > 0 && (size_t)length < sizeof out->command;
}

static size_t write_nft(const struct traced_rule *rule, const struct rule_subject *subject, struct rule_command *out) {
  struct quoted_chain at;
  memset(out, 0, sizeof *out);
  out->purpose = let_through;
  if (!quote_chain(rule, rule->base_chain, &at)) return write_json_insert(rule, subject, out) ? 1 : 0;
  size_t used = add_nft_insert(rule, subject, &at, rule->is_reply, out->command, sizeof out->command);
  if (needs_both(rule) && used + 4 < sizeof out->command) {
    used += (size_t)snprintf(out->command + used, sizeof out->command - used, " && ");
    used += add_nft_insert(rule, subject, &at, !rule->is_reply, out->command + used, sizeof out->command - used);
  }
  if (used >= sizeof out->command) return 0;
  write_nft_undo(rule, subject, &at, out->undo);
  return 1;
}

/* Where an accept of iptables stands. */
struct iptables_place {
  const char *program;
  const char *table;
  const char *chain;
  bool is_reply;
  bool needs_both;
};

static size_t add_iptables(const struct iptables_place *place, const struct rule_subject *subject, char action,
                           bool is_reply, char *out, size_t out_bytes) {
  bool is_filter = strcmp(place->table, "filter") == 0;
  bool is_out_chain = strcmp(place->chain, "OUTPUT") == 0 || strcmp(place->chain, "POSTROUTING") == 0;
  bool is_stream_reply = is_reply && subject->transport != TRANSPORT_UDP;
  return (size_t)snprintf(out, out_bytes, "%s %s%s%s-%c %s %s lo -p %s --%s %u%s -j ACCEPT", place->program,
                          is_filter ? "" : "-t ", is_filter ? "" : place->table, is_filter ? "" : " ", action,
                          place->chain, is_out_chain ? "-o" : "-i", protocol(subject), is_reply ? "sport" : "dport",
                          subject->port, is_stream_reply ? " ! --syn" : "");
}

static void write_iptables_both(const struct iptables_place *place, const struct rule_subject *subject, char action,
                                char out[RULE_COMMAND_SIZE]) {
  size_t used = add_iptables(place, subject, action, place->is_reply, out, RULE_COMMAND_SIZE);
  if (!place->needs_both) return;
  used += (size_t)snprintf(out + used, RULE_COMMAND_SIZE - used, " && ");
  (void)add_iptables(place, subject, action, !place->is_reply, out + used, RULE_COMMAND_SIZE - used);
}

static size_t write_iptables(const struct iptables_place *place, const struct rule_subject *subject,
                             struct rule_command *out) {
  memset(out, 0, sizeof *out);
  out->purpose = let_through;
  write_iptables_both(place, subject, 'I', out->command);
  write_iptables_both(place, subject, 'D', out->undo);
  return 1;
}

/* The general way: an accept in front, by the tool whose table it is. */
static size_t write_insert(const struct traced_rule *rule, const struct rule_subject *subject,
                           struct rule_command *out) {
  bool is_ipv6 = strcmp(rule->family, "ip6") == 0;
  struct iptables_place place = {.program = is_ipv6 ? subject->ip6tables : subject->iptables,
                                 .table = rule->table,
                                 .chain = rule->base_chain,
                                 .is_reply = rule->is_reply,
                                 .needs_both = needs_both(rule)};
  if (rule_manager_is_iptables_table(rule)) return write_iptables(&place, subject, out);
  return write_nft(rule, subject, out);
}

static size_t write_ufw(const struct traced_rule *rule, const struct rule_subject *subject, struct rule_command *out) {
  /* The rules that ufw's commands make stand behind the "before" rules. */
  if (rule->is_reply || strstr(rule->chain, "-before-") != NULL) return 0;
  const char *way = is_out(rule->hook) ? "out" : "in";
  out->purpose = let_through;
  snprintf(out->command, sizeof out->command, "ufw prepend allow %s on lo to any port %u proto %s", way, subject->port,
           protocol(subject));
  snprintf(out->undo, sizeof out->undo, "ufw delete allow %s on lo to any port %u proto %s", way, subject->port,
           protocol(subject));
  return 1;
}

static size_t write_firewalld(const struct traced_rule *rule, const struct rule_subject *subject,
                              struct rule_command *out) {
  char host[ADDRESS_TEXT_SIZE], words[RULE_COMMAND_SIZE / 2];
  bool is_ipv6 = rule->set_address.ss_family == AF_INET6;
  if (is_out(rule->hook) || rule->is_reply) return 0;
  snprintf(host, sizeof host, "%s", is_ipv6 ? "::1" : "127.0.0.0/8");
  snprintf(words, sizeof words, "'rule family=\"%s\" source address=\"%s\" port port=\"%u\" protocol=\"%s\" accept'",
           is_ipv6 ? "ipv6" : "ipv4", host, subject->port, protocol(subject));
  out->purpose = let_through;
  snprintf(out->command, sizeof out->command, "firewall-cmd --add-rich-rule=%s", words);
  snprintf(out->undo, sizeof out->undo, "firewall-cmd --remove-rich-rule=%s", words);
  return 1;
}

/* "sshd" of "f2b-sshd" or of the set "addr-set-sshd". */
static const char *jail_of(const struct traced_rule *rule) {
  static const char *const beginnings[] = {"addr-set-", "addr6-set-", "f2b-"};
  const char *names[] = {rule->set, rule->chain};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    for (size_t j = 0; j < sizeof beginnings / sizeof beginnings[0]; j++)
      if (strncmp(names[i], beginnings[j], strlen(beginnings[j])) == 0) return names[i] + strlen(beginnings[j]);
  return "";
}

static size_t write_fail2ban(const struct traced_rule *rule, const struct rule_subject *subject,
                             struct rule_command *out) {
  char host[ADDRESS_TEXT_SIZE] = "127.0.0.1", jail[QUOTED_SIZE];
  (void)subject;
  if (rule->set_address.ss_family != 0) address_format_host(&rule->set_address, host);
  if (jail_of(rule)[0] == '\0' || !nft_name_quote(jail_of(rule), jail, sizeof jail)) return 0;
  out->purpose = "lift the ban of this address";
  snprintf(out->command, sizeof out->command, "fail2ban-client set %s unbanip %s", jail, host);
  snprintf(out->undo, sizeof out->undo, "fail2ban-client set %s banip %s", jail, host);
  return 1;
}

static size_t write_crowdsec(const struct traced_rule *rule, const struct rule_subject *subject,
                             struct rule_command *out) {
  char host[ADDRESS_TEXT_SIZE] = "127.0.0.1";
  (void)subject;
  if (rule->set_address.ss_family != 0) address_format_host(&rule->set_address, host);
  out->purpose = "lift the ban of this address";
  snprintf(out->command, sizeof out->command, "cscli decisions delete --ip %s", host);
  snprintf(out->undo, sizeof out->undo, "cscli decisions add --ip %s", host);
  return 1;
}

static size_t write_element(const struct traced_rule *rule, const struct rule_subject *subject,
                            struct rule_command *out) {
  struct quoted_chain at; /* of a set the same rules hold */
  char host[ADDRESS_TEXT_SIZE];
  (void)subject;
  if (rule->set[0] == '\0' || !quote_chain(rule, rule->set, &at)) return 0;
  address_format_host(&rule->set_address, host);
  out->purpose = "take this one address out of the set";
  snprintf(out->command, sizeof out->command, "nft delete element %s %s %s '{ %s }'", rule->family, at.table, at.chain,
           host);
  snprintf(out->undo, sizeof out->undo, "nft add element %s %s %s '{ %s }'", rule->family, at.table, at.chain, host);
  return 1;
}

static size_t write_nothing(const struct traced_rule *rule, const struct rule_subject *subject,
                            struct rule_command *out) {
  (void)rule;
  (void)subject;
  (void)out;
  return 0;
}

size_t rule_commands_write(const struct traced_rule *rule, const struct rule_subject *subject,
                           struct rule_command out[RULE_COMMANDS_MAX]) {
  static size_t (*const writers[])(const struct traced_rule *rule, const struct rule_subject *subject,
                                   struct rule_command *out) = {
      [MANAGER_NONE] = write_element,        [MANAGER_IPTABLES] = write_nothing,  [MANAGER_UFW] = write_ufw,
      [MANAGER_FIREWALLD] = write_firewalld, [MANAGER_DOCKER] = write_nothing,    [MANAGER_KUBERNETES] = write_nothing,
      [MANAGER_FAIL2BAN] = write_fail2ban,   [MANAGER_CROWDSEC] = write_crowdsec, [MANAGER_TAILSCALE] = write_nothing,
  };
  memset(out, 0, RULE_COMMANDS_MAX * sizeof out[0]);
  size_t count = writers[rule_manager_of(rule)](rule, subject, &out[0]);
  return count + write_insert(rule, subject, &out[count]);
}

size_t rule_commands_write_legacy(const struct legacy_rule *rule, const struct rule_subject *subject,
                                  struct rule_command out[RULE_COMMANDS_MAX]) {
  struct iptables_place place = {.program = rule->is_ipv6 ? "ip6tables-legacy" : "iptables-legacy",
                                 .table = rule->table,
                                 .chain = rule->base_chain,
                                 .needs_both = rule->end != LEGACY_SENDS_ON};
  if (rule->base_chain[0] == '\0') return 0;
  return write_iptables(&place, subject, &out[0]);
}

void rule_commands_write_untracked(const struct rule_subject *subject, struct rule_command *out) {
  const char *name = protocol(subject);
  unsigned port = subject->port;
  out->purpose = "let this port through on loopback, untracked";
  snprintf(
      out->command, sizeof out->command,
      "nft 'table inet loping_untracked_%u { chain out { type filter hook output priority -300; oif lo %s dport %u "
      "notrack; oif lo %s sport %u notrack; }; chain in { type filter hook prerouting priority -300; iif lo %s dport "
      "%u notrack; iif lo %s sport %u notrack; }; }'",
      port, name, port, name, port, name, port, name, port);
  snprintf(out->undo, sizeof out->undo, "nft delete table inet loping_untracked_%u", port);
}

bool rule_commands_show(const struct traced_rule *rule, const struct rule_subject *subject,
                        char out[RULE_COMMAND_SIZE]) {
  struct quoted_chain at;
  char chain[QUOTED_SIZE];
  bool is_ipv6 = strcmp(rule->family, "ip6") == 0;
  if (rule_manager_is_iptables_table(rule) && nft_name_quote(rule->chain, chain, sizeof chain)) {
    snprintf(out, RULE_COMMAND_SIZE, "%s -t %s -vnL %s --line-numbers",
             is_ipv6 ? subject->ip6tables : subject->iptables, rule->table, chain);
    return true;
  }
  if (!quote_chain(rule, rule->chain, &at)) return false;
  return snprintf(out, RULE_COMMAND_SIZE, "nft -a list chain %s %s %s", rule->family, at.table, at.chain) <
         RULE_COMMAND_SIZE;
}
