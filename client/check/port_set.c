/* Reading ports, lists and ranges from the command line. Pure. */
#include "client/check/port_set.h"

#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"

#define SHOWN_SIZE 80

static const char *shown(const char *text, size_t length, char out[SHOWN_SIZE]) {
  safe_text_copy(text, length, out, SHOWN_SIZE);
  return out;
}

static bool add_part(const char *part, size_t length, struct port_set *set) {
  uint16_t first, last;
  if (!target_read_range(part, length, &first, &last)) return false;
  for (unsigned port = first; port <= last; port++) {
    if (!set->has[port]) set->count++;
    set->has[port] = true;
  }
  return true;
}

static bool add_list(const char *text, struct port_set *set, char problem[PORT_SET_PROBLEM_SIZE]) {
  char part_shown[SHOWN_SIZE], all_shown[SHOWN_SIZE];
  const char *part = set->target.ports, *end = part + set->target.ports_length;
  for (;;) {
    size_t length = 0;
    while (part + length < end && part[length] != ',')
      length++;
    if (!add_part(part, length, set)) {
      snprintf(problem, PORT_SET_PROBLEM_SIZE,
               "'%s' in '%s' is no port and no range of ports; ports go from 1 to 65535, such as 80,8000-8080",
               shown(part, length, part_shown), shown(text, strlen(text), all_shown));
      return false;
    }
    if (part + length == end) return true;
    part += length + 1;
  }
}

bool port_set_parse(const char *text, struct port_set *set, char problem[PORT_SET_PROBLEM_SIZE]) {
  char all_shown[SHOWN_SIZE], what[TARGET_PROBLEM_SIZE];
  struct target *target = &set->target;
  memset(set, 0, sizeof *set);
  enum target_status status = target_parse(text, target);
  shown(text, strlen(text), all_shown);
  if (status == TARGET_NEEDS_BRACKETS || status == TARGET_BARE_PATH) {
    snprintf(problem, PORT_SET_PROBLEM_SIZE, "'%s' %s?", all_shown, target_problem(status, text, what));
    return false;
  }
  if (status == TARGET_PATH_TOO_LONG) {
    snprintf(problem, PORT_SET_PROBLEM_SIZE, "'%.400s' %s; go to its folder, and name it from there: unix:NAME",
             all_shown, target_problem(status, text, what));
    return false;
  }
  if (target->is_unix && status == TARGET_OK) return true;
  /* What stands in the place of a port is named below, with what may stand there. */
  bool has_list = target->ports != NULL &&
                  (status == TARGET_OK || status == TARGET_PORT_NOT_A_NUMBER || status == TARGET_PORT_OUT_OF_RANGE);
  if (has_list) return add_list(text, set, problem);
  if (status == TARGET_OK && target->has_port) {
    set->has[target->port] = true;
    set->count = 1;
    return true;
  }
  if (status == TARGET_OK)
    snprintf(what, sizeof what, "names no port");
  else
    target_problem(status, text, what);
  snprintf(problem, PORT_SET_PROBLEM_SIZE,
           "'%s' %s; give PORT, FIRST-LAST, a list with commas, HOST:PORT such as [::1]:%d, or a URL", all_shown, what,
           ADDRESS_DEFAULT_PORT);
  return false;
}

bool port_set_choose_transports(const struct port_set *set, const char *text, bool is_tcp_given, bool is_udp_given,
                                bool wanted[2], char problem[PORT_SET_PROBLEM_SIZE]) {
  char all_shown[SHOWN_SIZE];
  const struct target *target = &set->target;
  wanted[TRANSPORT_TCP] = is_tcp_given || !is_udp_given;
  wanted[TRANSPORT_UDP] = is_udp_given;
  if (!target->has_transport) return true;
  bool is_udp = target->transport == TRANSPORT_UDP;
  wanted[TRANSPORT_TCP] = !is_udp;
  wanted[TRANSPORT_UDP] = is_udp;
  if (!(is_udp ? is_tcp_given : is_udp_given)) return true;
  snprintf(problem, PORT_SET_PROBLEM_SIZE, "'%s' is %s, and --%s contradicts that; leave one out",
           shown(text, strlen(text), all_shown), is_udp ? "UDP" : "TCP", is_udp ? "tcp" : "udp");
  return false;
}
