/* Ports, addresses and words in sentences, from made-up facts. */
#include "client/explain/about.h"

#include "common/explain/explain_text.h"
#include "common/net/port_kind.h"
#include "tests/unit/explain_facts.h"

static struct about_machine machine;
static struct about_port about;
static struct explanation explanation;

static int begin(void **state) {
  (void)state;
  machine = (struct about_machine){.ports = facts_ports,
                                   .has_reserved = MACHINE_NO,
                                   .reserved = "",
                                   .descriptor_limit = 1024,
                                   .queue_limit = 4096,
                                   .ipv6_off = MACHINE_NO,
                                   .addresses = "127.0.0.1 (lo)",
                                   .now = FACTS_NOW,
                                   .own_user_id = 1000};
  about = (struct about_port){.port = 62893, .has_name = {MACHINE_NO, MACHINE_NO}};
  return 0;
}

static void explain_port(void) {
  explain_about_port(&about, &machine, &explanation);
}

static void ports_are_placed_in_ianas_and_this_machines_ranges(void **state) {
  (void)state;
  static const struct {
    uint16_t port;
    const char *says[3];
  } cases[] = {
      {22, {"a system port by IANA's ranges (0-1023)", "22 is not among them", "only root"}},
      {8080, {"a user port by IANA's ranges (1024-49151)", "8080 is not among them", "every user may listen on 8080"}},
      {40000, {"a user port", "40000 is among them: an outgoing connection may have it", "every user"}},
      {62893, {"a dynamic port by IANA's ranges (49152-65535)", "62893 is not among them", "every user"}},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    about.port = cases[i].port;
    explain_port();
    for (size_t j = 0; j < 3; j++)
      facts_expect(&explanation, cases[i].says[j]);
  }
}

static void known_ports_are_told_by_their_use_and_what_browsers_refuse(void **state) {
  (void)state;
  about.port = 5432;
  explain_port();
  facts_expect(&explanation, "Use: the usual port of PostgreSQL.");
  facts_expect_not(&explanation, "Browsers");
  about.port = 6666;
  explain_port();
  facts_expect(&explanation, "Browsers: they refuse to open port 6666");
  facts_expect_not(&explanation, "Use:");
}

static void a_reserved_port_is_not_lent(void **state) {
  (void)state;
  machine.has_reserved = MACHINE_YES;
  machine.reserved = "8080,40000-40010";
  about.port = 40005;
  explain_port();
  facts_expect(&explanation, "40005 lies among them and is kept out by net.ipv4.ip_local_reserved_ports");
  about.port = 40011;
  explain_port();
  facts_expect(&explanation, "40011 is among them");
  facts_expect(&explanation, "Reserved are 8080,40000-40010");
}

static void lists_of_ports_are_read_to_their_first_mistake(void **state) {
  (void)state;
  static const struct {
    uint16_t port;
    const char *list;
    bool is_in;
  } cases[] = {
      {80, "80", true},     {80, "79,81", false},  {80, "1-79,80-90", true},     {80, "", false},
      {80, "x,80", false},  {80, "79-,80", false}, {80, "0-99999999999", true},  {80, "81-79", false},
      {80, "8,0,80", true}, {80, "79 80", false},  {65535, "65535-65535", true},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    if (port_kind_in_list(cases[i].port, cases[i].list) != cases[i].is_in)
      fail_msg("%u in '%s': wanted %d", cases[i].port, cases[i].list, cases[i].is_in);
}

static void names_come_from_the_list_of_services_or_its_absence_is_said(void **state) {
  (void)state;
  about.port = 53;
  snprintf(about.names[TRANSPORT_TCP], MACHINE_SERVICE_NAME_SIZE, "domain");
  snprintf(about.names[TRANSPORT_UDP], MACHINE_SERVICE_NAME_SIZE, "domain");
  about.has_name[TRANSPORT_TCP] = about.has_name[TRANSPORT_UDP] = MACHINE_YES;
  explain_port();
  facts_expect(&explanation, "calls it domain (tcp and udp)");
  about.names[TRANSPORT_UDP][0] = '\0';
  explain_port();
  facts_expect(&explanation, "calls it domain (tcp).");
  about.names[TRANSPORT_TCP][0] = '\0';
  about.has_name[TRANSPORT_TCP] = MACHINE_NO;
  explain_port();
  facts_expect(&explanation, "(/etc/services) has no name for it");
  about.has_name[TRANSPORT_TCP] = MACHINE_UNKNOWN;
  explain_port();
  facts_expect(&explanation, "has no list of services");
}

static void who_has_the_port_now_is_told_for_both_transports(void **state) {
  (void)state;
  struct port_report *tcp = facts_report(), *udp = facts_report();
  facts_process(facts_socket(tcp, SOCKET_STATE_LISTEN, "127.0.0.1", 62893), 4711, "lopong --quiet");
  facts_socket(tcp, SOCKET_STATE_ESTABLISHED, "127.0.0.1", 62893);
  about.sockets[TRANSPORT_TCP] = tcp;
  explain_port();
  facts_expect(&explanation,
               "TCP now: a socket listens on 127.0.0.1:62893. The holder is process 4711 (lopong --quiet)");
  facts_expect(&explanation, "1 connection has this number as the local port.");
  facts_expect(&explanation, "UDP now: who has it could not be found out.");
  about.sockets[TRANSPORT_UDP] = udp;
  explain_port();
  facts_expect(&explanation, "UDP now: no socket receives on it.");
  struct port_socket *receiver = facts_socket(udp, SOCKET_STATE_BOUND, "0.0.0.0", 62893);
  receiver->transport = TRANSPORT_UDP;
  receiver->owner = SOCKET_OWNER_HIDDEN;
  explain_port();
  facts_expect(&explanation,
               "UDP now: a socket receives on 0.0.0.0:62893. Its holder belongs to user alice and is hidden");
  port_report_free(tcp);
  port_report_free(udp);
}

static void a_bare_number_that_is_an_error_too_says_so(void **state) {
  (void)state;
  about.port = (uint16_t)-UV_ECONNREFUSED;
  explain_port();
  facts_expect_not(&explanation, "A bare number");
  about.is_bare_number = true;
  explain_port();
  facts_expect(&explanation, "A bare number is taken for a port.");
}

static void addresses_are_placed_and_held_against_the_interfaces(void **state) {
  (void)state;
  static const struct {
    const char *host, *interface_name;
    const char *says[2];
  } cases[] = {
      {"127.0.0.1", "lo", {"a loopback address of IPv4", "the interface lo has this address."}},
      {"127.0.0.2", NULL, {"a loopback address of IPv4 (127.0.0.0/8", "it works all the same"}},
      {"0.0.0.0", NULL, {"an unspecified address of IPv4", "the addresses are 127.0.0.1 (lo)."}},
      {"::", NULL, {"an unspecified address of IPv6", "the addresses are 127.0.0.1 (lo)."}},
      {"::1", "lo", {"a loopback address of IPv6", "the interface lo has this address."}},
      {"10.1.2.3", NULL, {"a private address of IPv4 (10.0.0.0/8, RFC 1918)", "no interface has this address"}},
      {"10.1.2.3", "eth0", {"private", "so a server that listens on it can be reached by other machines"}},
      {"fe80::1", NULL, {"a link-local address of IPv6", "no interface"}},
      {"8.8.8.8", NULL, {"a public address of IPv4", "no interface"}},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct about_address address = {.address = facts_address(cases[i].host, 0),
                                    .interface_name = cases[i].interface_name,
                                    .interfaces_known = true};
    explain_about_address(&address, &machine, &explanation);
    facts_expect(&explanation, cases[i].says[0]);
    facts_expect(&explanation, cases[i].says[1]);
  }
}

static void a_name_tells_its_addresses_in_order_and_what_is_missing(void **state) {
  (void)state;
  struct sockaddr_storage addresses[] = {facts_address("::1", 0), facts_address("127.0.0.1", 0)};
  explain_about_host("localhost", addresses, 2, &explanation);
  facts_expect(&explanation, "means ::1, then 127.0.0.1.");
  facts_expect(&explanation, "One is IPv4 and one IPv6");
  explain_about_host("localhost", addresses + 1, 1, &explanation);
  facts_expect(&explanation, "means 127.0.0.1.");
  facts_expect(&explanation, "a server on ::1 alone is not reached by this name");
}

static void words_tell_what_is_true_of_this_machine(void **state) {
  (void)state;
  enum explain_word_kind kind;
  static const struct {
    const char *word, *says;
  } cases[] = {
      {"TIME_WAIT", "lent the ports 32768 to 60999"},
      {"EMFILE", "may have 1,024 of them"},
      {"backlog", "at most 4,096 may wait"},
      {"privileged-port", "the ports below 1024 need the privilege"},
      {"ipv6", "IPv6 is on for loopback"},
      {"loopback", "the addresses are 127.0.0.1 (lo)"},
      {"blocked", "(a verdict of loping check)"},
      {"ECONNREFUSED", "connection refused (error "},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct explain_word *word = explain_word_find(cases[i].word, &kind);
    assert_non_null(word);
    explain_about_word(word, kind, &machine, &explanation);
    facts_expect(&explanation, cases[i].says);
  }
}

/* A machine that tells nothing: what is not known is not talked about, and nothing is cut. */
static void every_word_fits_and_unknown_facts_are_left_out(void **state) {
  (void)state;
  machine = (struct about_machine){.reserved = "", .addresses = "", .ipv6_off = MACHINE_UNKNOWN};
  for (int kind = 0; kind < EXPLAIN_WORD_KINDS; kind++) {
    const struct explain_word_table *table = explain_word_table((enum explain_word_kind)kind);
    for (size_t i = 0; i < table->count; i++) {
      explain_about_word(&table->words[i], (enum explain_word_kind)kind, &machine, &explanation);
      facts_expect_not(&explanation, "On this machine");
      assert_string_equal(explanation.likely_cause, table->words[i].text);
    }
  }
}

static void networks_tell_their_last_address(void **state) {
  (void)state;
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"127.0.0.0/8", "The last of them is 127.255.255.255. They are loopback addresses"},
      {"192.168.1.0/24", "The last of them is 192.168.1.255. They are private addresses"},
      {"10.0.0.0/9", "The last of them is 10.127.255.255."},
      {"fe80::/10", "The last of them is febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff. They are link-local addresses"},
      {"::1/128", "The last of them is ::1."},
  };
  struct address_network network;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    assert_true(address_network_parse(cases[i].text, &network));
    explain_about_network(&network, &explanation);
    facts_expect(&explanation, cases[i].says);
  }
  assert_false(address_network_parse("127.0.0.0", &network));
  assert_false(address_network_parse("127.0.0.0/33", &network));
  assert_false(address_network_parse("127.0.0.0/", &network));
  assert_false(address_network_parse("localhost/8", &network));
  assert_false(address_network_parse("::/129", &network));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup(ports_are_placed_in_ianas_and_this_machines_ranges, begin),
      cmocka_unit_test_setup(known_ports_are_told_by_their_use_and_what_browsers_refuse, begin),
      cmocka_unit_test_setup(a_reserved_port_is_not_lent, begin),
      cmocka_unit_test(lists_of_ports_are_read_to_their_first_mistake),
      cmocka_unit_test_setup(names_come_from_the_list_of_services_or_its_absence_is_said, begin),
      cmocka_unit_test_setup(who_has_the_port_now_is_told_for_both_transports, begin),
      cmocka_unit_test_setup(a_bare_number_that_is_an_error_too_says_so, begin),
      cmocka_unit_test_setup(addresses_are_placed_and_held_against_the_interfaces, begin),
      cmocka_unit_test_setup(a_name_tells_its_addresses_in_order_and_what_is_missing, begin),
      cmocka_unit_test_setup(words_tell_what_is_true_of_this_machine, begin),
      cmocka_unit_test_setup(every_word_fits_and_unknown_facts_are_left_out, begin),
      cmocka_unit_test_setup(networks_tell_their_last_address, begin),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
