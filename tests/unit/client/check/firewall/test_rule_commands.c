/* The commands against an obstacle, word for word: whose they are, and that each names this port and loopback alone. */
#include "client/check/firewall/rule_commands.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "client/check/firewall/nft_name.h"
#include "client/check/firewall/rule_manager.h"
#include "tests/unit/unit_test.h"

static const struct rule_subject tcp = {TRANSPORT_TCP, 7777, "iptables-nft", "ip6tables-nft"};
static const struct rule_subject udp = {TRANSPORT_UDP, 53, "iptables-nft", "ip6tables-nft"};

#define NFT_UNDO(place, port)                                                                                \
  "nft -a list chain " place " | sed -n 's|.*comment \"loping check " port "\" # handle |delete rule " place \
  " handle |p' | nft -f -"

static const struct {
  const char *situation;
  struct traced_rule rule;
  const struct rule_subject *subject;
  const char *commands[3]; /* up to NULL */
  const char *undo;        /* of the first */
} rows[] = {
    {"a rule for the port",
     {.family = "inet",
      .table = "t",
      .chain = "c",
      .base_chain = "c",
      .hook = "input",
      .handle = 4,
      .names_port = true},
     &tcp,
     {"nft insert rule inet t c 'iif lo tcp dport 7777 accept comment \"loping check 7777\"'"},
     NFT_UNDO("inet t c", "7777")},
    {"a rule for every port",
     {.family = "inet", .table = "t", .chain = "deep", .base_chain = "out", .hook = "output", .handle = 4},
     &tcp,
     {"nft insert rule inet t out 'oif lo tcp dport 7777 accept comment \"loping check 7777\"' && nft insert rule "
      "inet t out 'oif lo tcp sport 7777 tcp flags & (syn | ack) != syn accept comment \"loping check 7777\"'"},
     NFT_UNDO("inet t out", "7777")},
    {"a policy, of UDP",
     {.family = "inet", .table = "t", .chain = "c", .base_chain = "c", .hook = "input", .is_policy = true},
     &udp,
     {"nft insert rule inet t c 'iif lo udp dport 53 accept comment \"loping check 53\"' && nft insert rule inet t c "
      "'iif lo udp sport 53 accept comment \"loping check 53\"'"},
     NFT_UNDO("inet t c", "53")},
    {"a rule that drops the replies",
     {.family = "ip",
      .table = "t",
      .chain = "c",
      .base_chain = "c",
      .hook = "input",
      .is_reply = true,
      .names_port = true},
     &tcp,
     {"nft insert rule ip t c 'iif lo tcp sport 7777 tcp flags & (syn | ack) != syn accept comment \"loping check "
      "7777\"'"},
     NFT_UNDO("ip t c", "7777")},
    {"iptables' own table",
     {.family = "ip",
      .table = "filter",
      .chain = "LOGDROP",
      .base_chain = "INPUT",
      .hook = "input",
      .names_port = true},
     &tcp,
     {"iptables-nft -I INPUT -i lo -p tcp --dport 7777 -j ACCEPT"},
     "iptables-nft -D INPUT -i lo -p tcp --dport 7777 -j ACCEPT"},
    {"iptables' other table, on the way out, every port",
     {.family = "ip6", .table = "mangle", .chain = "OUTPUT", .base_chain = "OUTPUT", .hook = "output"},
     &tcp,
     {"ip6tables-nft -t mangle -I OUTPUT -o lo -p tcp --dport 7777 -j ACCEPT && ip6tables-nft -t mangle -I OUTPUT -o "
      "lo -p tcp --sport 7777 ! --syn -j ACCEPT"},
     "ip6tables-nft -t mangle -D OUTPUT -o lo -p tcp --dport 7777 -j ACCEPT && ip6tables-nft -t mangle -D OUTPUT -o "
     "lo -p tcp --sport 7777 ! --syn -j ACCEPT"},
    {"ufw's",
     {.family = "ip",
      .table = "filter",
      .chain = "ufw-user-input",
      .base_chain = "INPUT",
      .hook = "input",
      .names_port = true},
     &tcp,
     {"ufw prepend allow in on lo to any port 7777 proto tcp",
      "iptables-nft -I INPUT -i lo -p tcp --dport 7777 -j ACCEPT"},
     "ufw delete allow in on lo to any port 7777 proto tcp"},
    {"ufw's, before what its commands can reach",
     {.family = "ip",
      .table = "filter",
      .chain = "ufw-before-input",
      .base_chain = "INPUT",
      .hook = "input",
      .names_port = true},
     &tcp,
     {"iptables-nft -I INPUT -i lo -p tcp --dport 7777 -j ACCEPT"},
     "iptables-nft -D INPUT -i lo -p tcp --dport 7777 -j ACCEPT"},
    {"firewalld's",
     {.family = "inet",
      .table = "firewalld",
      .chain = "filter_IN_public",
      .base_chain = "filter_INPUT",
      .hook = "input",
      .names_port = true},
     &tcp,
     {"firewall-cmd --add-rich-rule='rule family=\"ipv4\" source address=\"127.0.0.0/8\" port port=\"7777\" "
      "protocol=\"tcp\" accept'",
      "nft insert rule inet firewalld filter_INPUT 'iif lo tcp dport 7777 accept comment \"loping check 7777\"'"},
     "firewall-cmd --remove-rich-rule='rule family=\"ipv4\" source address=\"127.0.0.0/8\" port port=\"7777\" "
     "protocol=\"tcp\" accept'"},
    {"fail2ban's chain",
     {.family = "ip",
      .table = "filter",
      .chain = "f2b-sshd",
      .base_chain = "INPUT",
      .hook = "input",
      .names_port = true},
     &tcp,
     {"fail2ban-client set sshd unbanip 127.0.0.1", "iptables-nft -I INPUT -i lo -p tcp --dport 7777 -j ACCEPT"},
     "fail2ban-client set sshd banip 127.0.0.1"},
    {"fail2ban's set",
     {.family = "inet",
      .table = "f2b-table",
      .chain = "f2b-chain",
      .base_chain = "f2b-chain",
      .hook = "input",
      .set = "addr-set-nginx",
      .names_port = true},
     &tcp,
     {"fail2ban-client set nginx unbanip 127.0.0.1",
      "nft insert rule inet f2b-table f2b-chain 'iif lo tcp dport 7777 accept comment \"loping check 7777\"'"},
     "fail2ban-client set nginx banip 127.0.0.1"},
    {"CrowdSec's",
     {.family = "ip",
      .table = "crowdsec",
      .chain = "crowdsec-chain-input",
      .base_chain = "crowdsec-chain-input",
      .hook = "input",
      .names_port = true},
     &tcp,
     {"cscli decisions delete --ip 127.0.0.1",
      "nft insert rule ip crowdsec crowdsec-chain-input 'iif lo tcp dport 7777 accept comment \"loping check 7777\"'"},
     "cscli decisions add --ip 127.0.0.1"},
    {"a rule that sends the port on",
     {.end = RULE_SENT_ON, .family = "ip", .table = "nat", .chain = "DOCKER", .base_chain = "OUTPUT", .hook = "output"},
     &tcp,
     {"iptables-nft -t nat -I OUTPUT -o lo -p tcp --dport 7777 -j ACCEPT"},
     "iptables-nft -t nat -D OUTPUT -o lo -p tcp --dport 7777 -j ACCEPT"},
    {"a name that the shell would change",
     {.family = "inet", .table = "a\\b", .chain = "c", .base_chain = "c", .hook = "input", .names_port = true},
     &tcp,
     {"nft insert rule inet 'a\\b' c 'iif lo tcp dport 7777 accept comment \"loping check 7777\"'"},
     "nft delete rule inet 'a\\b' c handle NUMBER, as shown by: nft -a list chain inet 'a\\b' c"},
};

static void each_obstacle_has_its_commands(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    struct rule_command commands[RULE_COMMANDS_MAX];
    size_t count = rule_commands_write(&rows[i].rule, rows[i].subject, commands), wanted = 0;
    while (rows[i].commands[wanted] != NULL)
      wanted++;
    if (count != wanted) fail_msg("%s: %zu commands, wanted %zu", rows[i].situation, count, wanted);
    for (size_t j = 0; j < count; j++)
      if (strcmp(commands[j].command, rows[i].commands[j]) != 0)
        fail_msg("%s:\nwanted %s\ngot    %s", rows[i].situation, rows[i].commands[j], commands[j].command);
    if (strcmp(commands[0].undo, rows[i].undo) != 0)
      fail_msg("%s:\nwanted %s\ngot    %s", rows[i].situation, rows[i].undo, commands[0].undo);
  }
}

static void a_banned_address_is_taken_out_alone(void **state) {
  struct rule_command commands[RULE_COMMANDS_MAX];
  struct traced_rule rule = {
      .family = "ip", .table = "bans", .chain = "in", .base_chain = "in", .hook = "input", .set = "banned"};
  (void)state;
  assert_int_equal(uv_ip4_addr("127.0.0.1", 0, (struct sockaddr_in *)(void *)&rule.set_address), 0);
  assert_int_equal(rule_commands_write(&rule, &tcp, commands), 2);
  assert_string_equal(commands[0].command, "nft delete element ip bans banned '{ 127.0.0.1 }'");
  assert_string_equal(commands[0].undo, "nft add element ip bans banned '{ 127.0.0.1 }'");
}

static void no_command_deletes_a_rule_of_somebody_else(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    struct rule_command commands[RULE_COMMANDS_MAX];
    size_t count = rule_commands_write(&rows[i].rule, rows[i].subject, commands);
    for (size_t j = 0; j < count; j++) {
      assert_null(strstr(commands[j].command, "delete rule"));
      assert_null(strstr(commands[j].command, "flush"));
      assert_null(strstr(commands[j].command, " -D "));
    }
  }
}

static void legacy_rules_have_their_own_tool(void **state) {
  struct rule_command commands[RULE_COMMANDS_MAX];
  struct legacy_rule rule = {.table = "filter", .chain = "LOGDROP", .base_chain = "INPUT", .number = 2};
  (void)state;
  assert_int_equal(rule_commands_write_legacy(&rule, &tcp, commands), 1);
  assert_string_equal(
      commands[0].command,
      "iptables-legacy -I INPUT -i lo -p tcp --dport 7777 -j ACCEPT && iptables-legacy -I INPUT -i lo -p tcp --sport "
      "7777 ! --syn -j ACCEPT");
  rule.base_chain[0] = '\0';
  assert_int_equal(rule_commands_write_legacy(&rule, &tcp, commands), 0);
}

static void names_are_quoted_where_they_need_it(void **state) {
  static const struct {
    const char *name;
    bool is_plain;
    const char *quoted;
  } names[] = {{"filter_INPUT", true, "filter_INPUT"},
               {"f2b-table", true, "f2b-table"},
               {"a/b.c", true, "a/b.c"},
               {"a\\b", true, "'a\\b'"},
               {"it's", false, "'it'\\''s'"},
               {"$(reboot)", false, "'$(reboot)'"},
               {"-a", false, "'-a'"},
               {"1a", false, "1a"},
               {"ip", false, "ip"},
               {"unix:@name", false, "unix:@name"},
               {"a\x1b[31m'\\", false, "$'a\\x1b[31m\\x27\\x5c'"},
               {"caf\xc3\xa9", false, "$'caf\\xc3\\xa9'"},
               {"", false, "''"}};
  char out[64];
  (void)state;
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    assert_int_equal(nft_name_is_plain(names[i].name), names[i].is_plain);
    assert_true(nft_name_quote(names[i].name, out, sizeof out));
    assert_string_equal(out, names[i].quoted);
  }
  assert_false(nft_name_quote("too long for it", out, 8));
}

static void a_managers_rules_are_known_by_its_names(void **state) {
  static const struct {
    const char *family, *table, *chain, *name;
  } cases[] = {{"ip", "filter", "ufw-before-input", "ufw"},
               {"inet", "firewalld", "filter_INPUT", "firewalld"},
               {"ip", "nat", "DOCKER", "Docker"},
               {"ip", "filter", "DOCKER-USER", "Docker"},
               {"ip", "filter", "KUBE-FIREWALL", "Kubernetes"},
               {"ip", "filter", "f2b-sshd", "fail2ban"},
               {"inet", "f2b-table", "f2b-chain", "fail2ban"},
               {"ip6", "crowdsec6", "in", "CrowdSec"},
               {"ip", "filter", "ts-input", "Tailscale"},
               {"inet", "t", "ufw-before-input", ""},
               {"ip", "filter", "MINE", ""}};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_string_equal(rule_manager_name(rule_manager_of_chain(cases[i].family, cases[i].table, cases[i].chain)),
                        cases[i].name);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_obstacle_has_its_commands),
      cmocka_unit_test(a_banned_address_is_taken_out_alone),
      cmocka_unit_test(no_command_deletes_a_rule_of_somebody_else),
      cmocka_unit_test(legacy_rules_have_their_own_tool),
      cmocka_unit_test(names_are_quoted_where_they_need_it),
      cmocka_unit_test(a_managers_rules_are_known_by_its_names),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
