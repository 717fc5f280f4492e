/* See port_words.h. Pure. */
#include "client/ports/port_words.h"

#include <stdio.h>
#include <string.h>

#include "client/target/target.h"
#include "common/text/safe_text.h"

#define SHOWN_SIZE 80

static bool set_hosts(const struct target *target, struct port_range *range) {
  if (!target->has_host) return true;
  if (strcmp(target->host, "localhost") == 0) {
    range->host_count = 2;
    return address_read_numeric("127.0.0.1", 0, &range->hosts[0]) && address_read_numeric("::1", 0, &range->hosts[1]);
  }
  range->host_count = 1;
  return address_read_numeric(target->host, 0, &range->hosts[0]);
}

static bool add_range(const struct port_range *pattern, const char *part, size_t length, struct port_filter *filter,
                      const char *shown, char *problem) {
  struct port_range range = *pattern;
  if (!target_read_range(part, length, &range.first, &range.last)) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "'%s' is neither a port nor a range of ports; give 1 to 65535, such as 62893 or 8000-8100", shown);
    return false;
  }
  if (filter->range_count == PORT_FILTER_RANGES_MAX) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "more than %d ports and ranges; join some into ranges such as 8000-8100",
             PORT_FILTER_RANGES_MAX);
    return false;
  }
  filter->ranges[filter->range_count++] = range;
  return true;
}

static bool add_list(const struct target *target, const struct port_range *pattern, struct port_filter *filter,
                     const char *shown, char *problem) {
  const char *part = target->ports, *end = part + target->ports_length;
  for (;;) {
    size_t length = 0;
    while (part + length < end && part[length] != ',')
      length++;
    if (!add_range(pattern, part, length, filter, shown, problem)) return false;
    if (part + length == end) return true;
    part += length + 1;
  }
}

/* What is no port at all. */
static void refuse(enum target_status status, const struct target *target, const char *text, const char *shown,
                   char *problem) {
  char what[TARGET_PROBLEM_SIZE];
  bool has_meant = status == TARGET_NEEDS_BRACKETS || status == TARGET_BARE_PATH;
  if (status == TARGET_OK && target->is_unix)
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "'%s' is a unix socket, and ports lists ports; see who has it: loping check unix:PATH", shown);
  else if (has_meant)
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "'%s' %s?", shown, target_problem(status, text, what));
  else
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "'%s' is neither a port nor a range of ports; give 1 to 65535, such as 62893 or 8000-8100", shown);
}

static bool is_transport_allowed(const struct target *target, const struct port_filter *filter, const char *shown,
                                 char *problem) {
  bool is_udp = target->transport == TRANSPORT_UDP;
  if (!target->has_transport || !(is_udp ? filter->only_tcp : filter->only_udp)) return true;
  snprintf(problem, OPTIONS_PROBLEM_SIZE, "'%s' is %s, and --%s contradicts that; leave one out", shown,
           is_udp ? "UDP" : "TCP", is_udp ? "tcp" : "udp");
  return false;
}

bool port_words_read(const char *text, struct port_filter *filter, char problem[OPTIONS_PROBLEM_SIZE]) {
  char shown[SHOWN_SIZE], number[8];
  struct target target;
  enum target_status status = target_parse(text, &target);
  struct port_range pattern = {.has_transport = target.has_transport, .transport = target.transport};
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  if (status != TARGET_OK || target.is_unix || !target.has_port) {
    refuse(status, &target, text, shown, problem);
    return false;
  }
  if (!is_transport_allowed(&target, filter, shown, problem)) return false;
  if (!set_hosts(&target, &pattern)) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "'%s' names another host by a name, and ports lists this machine's own; give the number alone", shown);
    return false;
  }
  if (target.ports != NULL) return add_list(&target, &pattern, filter, shown, problem);
  snprintf(number, sizeof number, "%u", target.port);
  return add_range(&pattern, number, strlen(number), filter, shown, problem);
}
