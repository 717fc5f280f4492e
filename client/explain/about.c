/* Words and addresses in sentences: the row of a table first, then what is true of this machine now. Pure. */
#include "client/explain/about.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/error_words.h"
#include "common/explain/explain_text.h"
#include "common/net/port_kind.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

/* libuv's codes are the system's negative numbers, but for its own ones, which begin here. */
#define FIRST_OWN_CODE (-3000)

static void tell_ephemeral(const struct about_machine *machine, struct explanation *out) {
  char rest[UNITS_TEXT_SIZE];
  if (!machine->ports.known) return;
  explain_line(out, "On this machine: outgoing connections are lent the ports %u to %u (%s), %d in all.",
               machine->ports.ephemeral_first, machine->ports.ephemeral_last, machine_words()->ephemeral_setting,
               machine->ports.ephemeral_last - machine->ports.ephemeral_first + 1);
  if (machine->ports.rest_ms > 0)
    explain_line(out, "After a connection to loopback, its port rests for %s before another such connection gets it.",
                 units_format_duration((double)machine->ports.rest_ms * 1e6, rest));
}

static void tell_privileged(const struct about_machine *machine, struct explanation *out) {
  char user[EXPLAIN_USER_SIZE];
  if (!machine->ports.known) return;
  explain_line(out, "On this machine: the ports below %" PRIu32 " need the privilege (%s); %s %s.",
               machine->ports.unprivileged_first, machine_words()->unprivileged_setting,
               explain_user(machine->own_user_id, user), machine->own_user_id == 0 ? "is root" : "asks here");
}

static void tell_descriptors(const struct about_machine *machine, struct explanation *out) {
  char count[UNITS_TEXT_SIZE];
  if (machine->descriptor_limit == 0) return;
  explain_line(out, "On this machine: a program started here may have %s of them.",
               units_format_count(machine->descriptor_limit, count));
}

static void tell_queue(const struct about_machine *machine, struct explanation *out) {
  char count[UNITS_TEXT_SIZE];
  if (machine->queue_limit == 0) return;
  explain_line(out, "On this machine: at most %s may wait, however many a program asks for (net.core.somaxconn).",
               units_format_count(machine->queue_limit, count));
}

static void tell_ipv6(const struct about_machine *machine, struct explanation *out) {
  if (machine->ipv6_off == MACHINE_YES)
    explain_line(out, "On this machine: IPv6 is switched off, so ::1 does not work.");
  if (machine->ipv6_off == MACHINE_NO) explain_line(out, "On this machine: IPv6 is on for loopback.");
}

static void tell_addresses(const struct about_machine *machine, struct explanation *out) {
  if (machine->addresses[0] != '\0') explain_line(out, "On this machine: the addresses are %s.", machine->addresses);
}

static void tell_sockets(const struct about_machine *machine, struct explanation *out) {
  if (!machine->sockets_known) return;
  explain_line(
      out,
      "On this machine now: %zu socket%s requests from this machine alone, %zu from other machines as well, unless a firewall stops them.",
      machine->local_sockets, machine->local_sockets == 1 ? " takes" : "s take", machine->exposed_sockets);
}

static void tell_machine(unsigned facts, const struct about_machine *machine, struct explanation *out) {
  static const struct {
    unsigned fact;
    void (*tell)(const struct about_machine *machine, struct explanation *out);
  } tellers[] = {
      {EXPLAIN_FACT_EPHEMERAL, tell_ephemeral},
      {EXPLAIN_FACT_PRIVILEGED, tell_privileged},
      {EXPLAIN_FACT_DESCRIPTORS, tell_descriptors},
      {EXPLAIN_FACT_QUEUE, tell_queue},
      {EXPLAIN_FACT_IPV6, tell_ipv6},
      {EXPLAIN_FACT_ADDRESSES, tell_addresses},
      {EXPLAIN_FACT_SOCKETS, tell_sockets},
  };
  for (size_t i = 0; i < sizeof tellers / sizeof tellers[0]; i++)
    if ((facts & tellers[i].fact) != 0) tellers[i].tell(machine, out);
}

static const char *kind_words(enum explain_word_kind kind) {
  if (kind == EXPLAIN_WORD_VERDICT) return " (a verdict of loping check)";
  return kind == EXPLAIN_WORD_MISTAKE ? " (a mistake of echo servers)" : "";
}

void explain_about_word(const struct explain_word *word, enum explain_word_kind kind,
                        const struct about_machine *machine, struct explanation *out) {
  char system_words[128];
  const char *summary =
      kind == EXPLAIN_WORD_ERROR ? explain_code_summary(word->code, system_words, sizeof system_words) : word->summary;
  explain_begin(out, word->code, word->name);
  bool has_number = word->code < 0 && word->code > FIRST_OWN_CODE;
  if (has_number)
    explain_happened(out, "%s (error %d on this system).", summary, -word->code);
  else
    explain_happened(out, "%s%s.", summary, kind_words(kind));
  explain_cause(out, "%s", word->text);
  tell_machine(word->facts, machine, out);
  for (size_t i = 0; i < EXPLAIN_WORD_STEPS && word->steps[i] != NULL; i++)
    explain_step(out, "%s", word->steps[i]);
}

void explain_about_code(int code, struct explanation *out) {
  char words[128];
  explain_begin(out, code, NULL);
  uv_strerror_r(code, words, sizeof words);
  if (code > FIRST_OWN_CODE)
    explain_happened(out, "%s (error %d on this system).", words, -code);
  else
    explain_happened(out, "%s.", words);
  explain_cause(out, "These are the system's own words; a program that uses sockets seldom meets it.");
}

void explain_about_address(const struct about_address *about, const struct about_machine *machine,
                           struct explanation *out) {
  const struct address_kind *kind = address_kind_of(&about->address);
  bool is_any = address_is_any(&about->address);
  bool is_loopback = address_is_loopback(&about->address);
  explain_begin(out, 0, "address");
  bool begins_with_vowel = strchr("aeiouAEIOU", kind->name[0]) != NULL;
  explain_happened(out, "%s %s address of IPv%c (%s, %s).", begins_with_vowel ? "an" : "a", kind->name,
                   about->address.ss_family == AF_INET ? '4' : '6', kind->network, kind->source);
  explain_cause(out, "%s", kind->meaning);
  if (about->address.ss_family == AF_INET6 && machine->ipv6_off == MACHINE_YES) tell_ipv6(machine, out);
  if (is_any)
    tell_addresses(machine, out);
  else if (about->interface_name != NULL)
    explain_line(out, "On this machine: the interface %s has this address%s.", about->interface_name,
                 is_loopback ? "" : ", so a server that listens on it can be reached by other machines");
  else if (about->interfaces_known && is_loopback && about->address.ss_family == AF_INET)
    explain_line(out, "On this machine: no interface names it, and it works all the same, as all of 127.0.0.0/8 does.");
  else if (about->interfaces_known)
    explain_line(out, "On this machine: no interface has this address, so no server here can listen on it.");
  if (is_any) explain_step(out, "see what listens so: loping ports --exposed");
}

void explain_about_network(const struct address_network *network, struct explanation *out) {
  char first[ADDRESS_TEXT_SIZE], last[ADDRESS_TEXT_SIZE];
  struct address_network whole = *network;
  struct sockaddr_storage end;
  const struct address_kind *kind = address_kind_of(&network->address);
  address_network_last(&whole, &end);
  explain_begin(out, 0, "network");
  explain_happened(out, "the addresses whose first %u bits are those of %s.", network->prefix_bits,
                   address_format_host(&network->address, first));
  explain_cause(out, "The last of them is %s.", address_format_host(&end, last));
  if (address_kind_of(&end) == kind || strcmp(address_kind_of(&end)->name, kind->name) == 0)
    explain_cause(out, "They are %s addresses (%s, %s).", kind->name, kind->network, kind->source);
  explain_cause(out, "%s", kind->meaning);
}

void explain_about_host(const char *name, const struct sockaddr_storage *addresses, size_t count,
                        struct explanation *out) {
  char host[ADDRESS_TEXT_SIZE], shown[ADDRESS_HOST_SIZE];
  bool has_ipv4 = false, has_ipv6 = false;
  safe_text_copy(name, strlen(name), shown, sizeof shown);
  explain_begin(out, 0, "name");
  explain_happened(out, "a name of this machine.");
  explain_cause(out, "On this machine %.64s means", shown);
  for (size_t i = 0; i < count; i++) {
    has_ipv4 = has_ipv4 || addresses[i].ss_family == AF_INET;
    has_ipv6 = has_ipv6 || addresses[i].ss_family == AF_INET6;
    explain_cause(out, "%s%s%s", i > 0 ? "then " : "", address_format_host(&addresses[i], host),
                  i + 1 < count ? "," : ".");
  }
  if (count > 1) explain_cause(out, "A client tries them in this order, which the system decides (gai.conf(5)).");
  if (has_ipv4 && has_ipv6)
    explain_cause(
        out,
        "One is IPv4 and one IPv6: a server that listens on only one of them is missed by a client that tries only "
        "the other.");
  else
    explain_cause(out, "It means no %s address: a server on %s alone is not reached by this name.",
                  has_ipv4 ? "IPv6" : "IPv4", has_ipv4 ? "::1" : "127.0.0.1");
  explain_step(out, "see it yourself: %s %.64s", machine_words()->look_up_name, shown);
  if (strcmp(shown, "localhost") == 0) explain_step(out, "listen on all of them: lopong --bind localhost");
}
