/* See grade_target.h. */
#include "client/grade/grade_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/local_host.h"
#include "client/check/port_set.h"
#include "common/memory/memory.h"
#include "common/options/exit_status.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"

static int refuse(const char *text, const char *why, char *problem) {
  char shown[ADDRESS_TEXT_SIZE];
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  snprintf(problem, OPTIONS_PROBLEM_SIZE, "'%s' %s", shown, why);
  return EXIT_WRONG_USAGE;
}

static int read_unix(const char *text, bool is_udp_given, const struct target *target, struct grade_target *out,
                     char *problem) {
  if (is_udp_given)
    return refuse(text, "and --udp contradict each other: a unix socket carries no UDP; leave one out", problem);
  out->count = 1;
  out->endpoints[0].transport = TRANSPORT_UNIX;
  memcpy(out->endpoints[0].path, target->path, sizeof out->endpoints[0].path);
  return EXIT_FINE;
}

static int read_port(const char *text, const struct port_set *set, const bool wanted[2], struct grade_target *out,
                     char *problem) {
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  if (set->count != 1) return refuse(text, "is more than one port; one server is examined at a time", problem);
  if (wanted[TRANSPORT_TCP] && wanted[TRANSPORT_UDP])
    return refuse(text, "is examined over one transport at a time; leave out --tcp or --udp", problem);
  int status = local_host_find(set->target.host, "grade", addresses, &out->count, problem);
  unsigned port = 1;
  while (port < UINT16_MAX && !set->has[port])
    port++;
  for (size_t i = 0; status == EXIT_FINE && i < out->count; i++) {
    out->endpoints[i].transport = wanted[TRANSPORT_UDP] ? TRANSPORT_UDP : TRANSPORT_TCP;
    out->endpoints[i].address = addresses[i];
    address_set_port(&out->endpoints[i].address, (uint16_t)port);
  }
  return status;
}

int grade_target_read(const char *text, bool is_tcp_given, bool is_udp_given, struct grade_target *out, char *problem) {
  struct port_set *set = memory_take(sizeof *set);
  int status = EXIT_WRONG_USAGE;
  bool wanted[2];
  memset(out, 0, sizeof *out);
  if (set == NULL) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "out of memory before anything was examined");
    return EXIT_NOT_DONE;
  }
  if (port_set_parse(text, set, problem)) {
    if (set->target.is_unix)
      status = read_unix(text, is_udp_given, &set->target, out, problem);
    else if (port_set_choose_transports(set, text, is_tcp_given, is_udp_given, wanted, problem))
      status = read_port(text, set, wanted, out, problem);
  }
  free(set);
  return status;
}
