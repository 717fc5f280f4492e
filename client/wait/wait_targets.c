/* See wait_targets.h. */
#include "client/wait/wait_targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/local_host.h"
#include "client/check/port_set.h"
#include "common/memory/memory.h"
#include "common/options/exit_status.h"
#include "common/text/safe_text.h"

struct host {
  size_t address_count;
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
};

static bool is_there_already(const struct waiting *waiting, enum transport transport,
                             const struct sockaddr_storage *address, uint16_t port) {
  for (size_t i = 0; i < waiting->way_count; i++) {
    const struct endpoint *target = &waiting->ways[i].target;
    if (target->transport == transport && address_port(&target->address) == port &&
        address_same_host(&target->address, address))
      return true;
  }
  return false;
}

static bool has_room(const struct waiting *waiting, char *problem) {
  if (waiting->port_count < WAIT_PORTS_MAX) return true;
  snprintf(problem, OPTIONS_PROBLEM_SIZE,
           "these are more than %d ports, and one wait is for that many at most; name those that matter",
           WAIT_PORTS_MAX);
  return false;
}

static bool add_port(struct waiting *waiting, enum transport transport, const struct host *host, uint16_t port,
                     char *problem) {
  size_t first = waiting->way_count;
  if (is_there_already(waiting, transport, &host->addresses[0], port)) return true;
  if (!has_room(waiting, problem)) return false;
  for (size_t i = 0; i < host->address_count; i++) {
    if (is_there_already(waiting, transport, &host->addresses[i], port)) continue;
    struct wait_way *way = &waiting->ways[waiting->way_count++];
    way->target.transport = transport;
    way->target.address = host->addresses[i];
    address_set_port(&way->target.address, port);
    way->port = waiting->port_count;
  }
  waiting->ports[waiting->port_count++].way = first;
  return true;
}

static bool add_unix(const struct wait_settings *settings, const char *text, const struct target *target,
                     struct waiting *waiting, char *problem) {
  char shown[ADDRESS_TEXT_SIZE];
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  if (settings->use_udp) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "--udp and '%s' contradict each other: a unix socket carries no UDP; leave one out", shown);
    return false;
  }
  for (size_t i = 0; i < waiting->way_count; i++) {
    const struct endpoint *other = &waiting->ways[i].target;
    if (other->transport == TRANSPORT_UNIX && strcmp(other->path, target->path) == 0) return true;
  }
  if (!has_room(waiting, problem)) return false;
  struct wait_way *way = &waiting->ways[waiting->way_count];
  way->target.transport = TRANSPORT_UNIX;
  memcpy(way->target.path, target->path, sizeof way->target.path);
  way->port = waiting->port_count;
  waiting->ports[waiting->port_count++].way = waiting->way_count++;
  return true;
}

/* What the transport and the scheme mean for what is waited for. */
static bool judge_goal(const struct wait_settings *settings, const char *text, const struct target *target, bool is_udp,
                       char *problem) {
  char shown[ADDRESS_TEXT_SIZE];
  safe_text_copy(text, strlen(text), shown, sizeof shown);
  if (is_udp && settings->goal != WAIT_FREE)
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "'%s' is UDP, which goes with --free alone: a datagram port says nothing until it is asked; ask it once "
             "with loping check --udp PORT",
             shown);
  else if (settings->goal == WAIT_HTTP && target->is_encrypted)
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "--http asks in plain text, and '%s' wants TLS; leave out --http to wait until its server takes "
             "connections",
             shown);
  else
    return true;
  return false;
}

/* These return an exit status. */
static int add_set(const struct wait_settings *settings, const char *text, const struct port_set *set,
                   struct waiting *waiting, char *problem) {
  struct host host;
  bool wanted[2];
  if (!port_set_choose_transports(set, text, settings->use_tcp, settings->use_udp, wanted, problem) ||
      !judge_goal(settings, text, &set->target, wanted[TRANSPORT_UDP], problem))
    return EXIT_WRONG_USAGE;
  int status = local_host_find(set->target.host, "wait", host.addresses, &host.address_count, problem);
  if (status != EXIT_FINE) return status;
  for (enum transport transport = TRANSPORT_TCP; transport <= TRANSPORT_UDP; transport++)
    for (unsigned port = 1; wanted[transport] && port <= UINT16_MAX; port++)
      if (set->has[port] && !add_port(waiting, transport, &host, (uint16_t)port, problem)) return EXIT_WRONG_USAGE;
  return EXIT_FINE;
}

static int add_argument(const struct wait_settings *settings, const char *text, struct port_set *set,
                        struct waiting *waiting, char *problem) {
  if (!port_set_parse(text, set, problem)) return EXIT_WRONG_USAGE;
  if (!set->target.is_unix) return add_set(settings, text, set, waiting, problem);
  return add_unix(settings, text, &set->target, waiting, problem) ? EXIT_FINE : EXIT_WRONG_USAGE;
}

int wait_targets_read(const struct wait_settings *settings, const struct options_parsed *parsed,
                      struct waiting *waiting, char *problem) {
  struct port_set *set = memory_take(sizeof *set);
  int status = set != NULL ? EXIT_FINE : EXIT_NOT_DONE;
  if (set == NULL) snprintf(problem, OPTIONS_PROBLEM_SIZE, "out of memory before anything was waited for");
  for (int i = 0; i < parsed->positional_count && status == EXIT_FINE; i++)
    status = add_argument(settings, parsed->positionals[i], set, waiting, problem);
  free(set);
  return status;
}
