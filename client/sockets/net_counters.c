/* Reading counters from text. Pure: it must not know where the text came from. */
#include "client/sockets/net_counters.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* "" in `group`: a line of snmp6, which holds one name and one value. */
static const struct {
  const char *group;
  const char *name;
  enum net_counter counter;
} names[] = {
    {"Tcp:", "OutRsts", COUNTER_TCP_RESETS_SENT},
    {"Tcp:", "PassiveOpens", COUNTER_TCP_ACCEPTED},
    {"TcpExt:", "TCPSynRetrans", COUNTER_TCP_SYN_REPEATED},
    {"TcpExt:", "TCPRetransFail", COUNTER_TCP_REPEAT_FAILED},
    {"TcpExt:", "ListenOverflows", COUNTER_TCP_LISTEN_OVERFLOWS},
    {"TcpExt:", "ListenDrops", COUNTER_TCP_LISTEN_DROPS},
    {"TcpExt:", "TCPDeferAcceptDrop", COUNTER_TCP_ACCEPTS_DEFERRED},
    {"Icmp:", "InDestUnreachs", COUNTER_ICMP_UNREACHABLE_IN},
    {"", "Icmp6InDestUnreachs", COUNTER_ICMP_UNREACHABLE_IN},
    {"Udp:", "InDatagrams", COUNTER_UDP_RECEIVED},
    {"", "Udp6InDatagrams", COUNTER_UDP_RECEIVED},
    {"Udp:", "OutDatagrams", COUNTER_UDP_SENT},
    {"", "Udp6OutDatagrams", COUNTER_UDP_SENT},
    {"Udp:", "NoPorts", COUNTER_UDP_NO_PORT},
    {"", "Udp6NoPorts", COUNTER_UDP_NO_PORT},
    {"Udp:", "RcvbufErrors", COUNTER_UDP_BUFFER_FULL},
    {"", "Udp6RcvbufErrors", COUNTER_UDP_BUFFER_FULL},
    {"Ip:", "OutDiscards", COUNTER_IP_OUT_DISCARDED},
    {"", "Ip6OutDiscards", COUNTER_IP_OUT_DISCARDED},
};

/* The next word before the line's end; its length is 0 when there is none. */
static const char *next_word(const char *from, size_t *length) {
  from += strspn(from, " \t");
  *length = strcspn(from, " \t\n");
  return from;
}

static void add(struct net_counters *counters, const char *group, size_t group_length, const char *name,
                size_t name_length, const char *value) {
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    uint64_t number;
    bool is_this = strlen(names[i].group) == group_length && memcmp(names[i].group, group, group_length) == 0 &&
                   strlen(names[i].name) == name_length && memcmp(names[i].name, name, name_length) == 0;
    if (is_this && sscanf(value, "%" SCNu64, &number) == 1) counters->values[names[i].counter] += number;
  }
}

/* Two lines side by side: the names and their values. */
static void add_pair(struct net_counters *counters, const char *name_line, const char *value_line) {
  size_t group_length, name_length, value_length;
  const char *group = next_word(name_line, &group_length);
  const char *value = next_word(value_line, &value_length);
  if (value_length != group_length || memcmp(group, value, group_length) != 0) return;
  const char *name = group + group_length;
  value += value_length;
  for (;;) {
    name = next_word(name, &name_length);
    value = next_word(value, &value_length);
    if (name_length == 0 || value_length == 0) return;
    add(counters, group, group_length, name, name_length, value);
    name += name_length;
    value += value_length;
  }
}

static const char *next_line(const char *line) {
  line += strcspn(line, "\n");
  return *line == '\0' ? line : line + 1;
}

void net_counters_add_text(const char *text, struct net_counters *counters) {
  for (const char *line = text; *line != '\0';) {
    size_t word_length, value_length;
    const char *word = next_word(line, &word_length);
    const char *value = next_word(word + word_length, &value_length);
    const char *following = next_line(line);
    if (word_length > 0 && word[word_length - 1] == ':') {
      add_pair(counters, line, following);
      line = next_line(following);
    } else {
      if (value_length > 0) add(counters, "", 0, word, word_length, value);
      line = following;
    }
  }
}

uint64_t net_counters_growth(const struct net_counters *before, const struct net_counters *after,
                             enum net_counter counter) {
  if (!before->known || !after->known || after->values[counter] < before->values[counter]) return 0;
  return after->values[counter] - before->values[counter];
}
