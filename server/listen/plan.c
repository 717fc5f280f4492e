/*
 * From --bind, --port and the transports to a list of endpoints, and the words on those that are not loopback.
 *
 * Opens no socket: whether an endpoint can be had is found out by open.c.
 */
#include "server/listen/plan.h"

#include <stdio.h>
#include <string.h>

#include "common/io/pipe_name.h"
#include "common/options/exit_status.h"
#include "common/text/safe_text.h"
#include "server/listen/unix_path.h"

#define SHOWN_SIZE 280

struct hosts {
  size_t count;
  bool has_ipv4;
  struct sockaddr_storage addresses[PLAN_HOSTS_MAX];
  bool may_lack_ipv6[PLAN_HOSTS_MAX];
};

static bool add_host(struct hosts *hosts, const struct sockaddr_storage *address, bool may_lack_ipv6) {
  for (size_t i = 0; i < hosts->count; i++) {
    if (!address_same_host(&hosts->addresses[i], address)) continue;
    /* Asked for by its own address as well as by "localhost": then it has to be there. */
    hosts->may_lack_ipv6[i] = hosts->may_lack_ipv6[i] && may_lack_ipv6;
    return true;
  }
  if (hosts->count == PLAN_HOSTS_MAX) return false;
  hosts->addresses[hosts->count] = *address;
  hosts->may_lack_ipv6[hosts->count] = may_lack_ipv6;
  hosts->has_ipv4 = hosts->has_ipv4 || address->ss_family == AF_INET;
  hosts->count++;
  return true;
}

static int look_up(const char *name, struct sockaddr_storage *found, size_t *count, bool *is_localhost) {
  *is_localhost = strcmp(name, "localhost") == 0;
  if (!*is_localhost) return address_resolve(name, 0, found, count);
  memset(found, 0, 2 * sizeof *found);
  *count = 2;
  int code = uv_ip4_addr("127.0.0.1", 0, (struct sockaddr_in *)&found[0]);
  return code != 0 ? code : uv_ip6_addr("::1", 0, (struct sockaddr_in6 *)&found[1]);
}

static int refuse_zone(const char *name, const struct sockaddr_storage *address, char *problem) {
  struct own_addresses own;
  char zone[OWN_ADDRESSES_ZONE_SIZE];
  own_addresses_gather(&own);
  snprintf(problem, PLAN_PROBLEM_SIZE, "--bind: %s", own_addresses_explain_zone(&own, name, address, zone));
  return EXIT_WRONG_USAGE;
}

static int add_name(struct hosts *hosts, const char *name, char *problem) {
  struct sockaddr_storage found[ADDRESS_RESOLVED_MAX];
  char shown[SHOWN_SIZE];
  size_t count = 0;
  bool is_localhost;
  int code = look_up(name, found, &count, &is_localhost);
  safe_text_copy(name, strlen(name), shown, sizeof shown);
  if (code != 0) {
    snprintf(problem, PLAN_PROBLEM_SIZE,
             "--bind: '%s' is no address, and looking it up as a name failed: %s; give an address of this machine, "
             "such as 127.0.0.1 or ::1",
             shown, uv_strerror(code));
    return address_is_unknown_name(code) ? EXIT_WRONG_USAGE : EXIT_NOT_DONE;
  }
  for (size_t i = 0; i < count; i++) {
    if (address_lacks_zone(&found[i])) return refuse_zone(name, &found[i], problem);
    if (add_host(hosts, &found[i], is_localhost && found[i].ss_family == AF_INET6)) continue;
    snprintf(problem, PLAN_PROBLEM_SIZE, "--bind: more than %d addresses are named; leave some out", PLAN_HOSTS_MAX);
    return EXIT_WRONG_USAGE;
  }
  return 0;
}

/* Adds a row for each address. The dual-stack rule: a :: takes IPv4 as well (RFC 3493 5.3), unless an IPv4 address is
 * bound beside it, which it would collide with. */
static void add_rows(struct plan *plan, const struct hosts *hosts, enum transport transport, uint16_t port) {
  for (size_t i = 0; i < hosts->count; i++) {
    struct plan_row *row = &plan->rows[plan->count++];
    bool is_any_ipv6 = hosts->addresses[i].ss_family == AF_INET6 && address_is_any(&hosts->addresses[i]);
    memset(row, 0, sizeof *row);
    row->endpoint.transport = transport;
    row->endpoint.address = hosts->addresses[i];
    address_set_port(&row->endpoint.address, port);
    row->is_ipv6_only = is_any_ipv6 && hosts->has_ipv4;
    row->is_dual_stack = is_any_ipv6 && !hosts->has_ipv4;
    row->may_lack_ipv6 = hosts->may_lack_ipv6[i];
  }
}

/* A second bind to the first one's path would fail, and only say that something is there. */
static bool is_planned(const struct plan *plan, const char *path, char *problem) {
  char shown[SHOWN_SIZE], other[SHOWN_SIZE];
  for (size_t i = 0; i < plan->count; i++) {
    const struct endpoint *endpoint = &plan->rows[i].endpoint;
    if (endpoint->transport != TRANSPORT_UNIX || !unix_path_is_same(endpoint->path, path)) continue;
    safe_text_copy(path, strlen(path), shown, sizeof shown);
    safe_text_copy(endpoint->path, strlen(endpoint->path), other, sizeof other);
    if (strcmp(path, endpoint->path) == 0)
      snprintf(problem, PLAN_PROBLEM_SIZE, "--unix: '%s' is named twice; leave one out", shown);
    else
      snprintf(problem, PLAN_PROBLEM_SIZE, "--unix: '%s' and '%s' are the same path; leave one out", other, shown);
    return true;
  }
  return false;
}

static int add_paths(struct plan *plan, const struct option_list *paths, char *problem) {
  if (paths->count > 0 && pipe_name_is_needed()) {
    snprintf(
        problem, PLAN_PROBLEM_SIZE,
        "--unix: Windows has named pipes (\\\\.\\pipe\\NAME) in place of unix sockets, and lopong serves none; leave it out, and use TCP");
    return EXIT_WRONG_USAGE;
  }
  for (size_t i = 0; i < paths->count; i++) {
    if (is_planned(plan, paths->values[i], problem)) return EXIT_WRONG_USAGE;
    struct plan_row *row = &plan->rows[plan->count++];
    memset(row, 0, sizeof *row);
    row->endpoint.transport = TRANSPORT_UNIX;
    enum address_status status = address_parse_path(paths->values[i], row->endpoint.path);
    if (status == ADDRESS_OK) continue;
    snprintf(problem, PLAN_PROBLEM_SIZE, "--unix: the path %s", address_path_problem(status));
    return EXIT_WRONG_USAGE;
  }
  return 0;
}

int plan_make(const struct settings *settings, struct plan *plan, char problem[PLAN_PROBLEM_SIZE]) {
  struct hosts hosts = {0};
  memset(plan, 0, sizeof *plan);
  int status = settings->binds.count == 0 ? add_name(&hosts, ADDRESS_DEFAULT_HOST, problem) : EXIT_FINE;
  for (size_t i = 0; i < settings->binds.count && status == EXIT_FINE; i++)
    status = add_name(&hosts, settings->binds.values[i], problem);
  if (status != EXIT_FINE) return status;
  if (settings->tcp) add_rows(plan, &hosts, TRANSPORT_TCP, settings->port);
  if (settings->udp) add_rows(plan, &hosts, TRANSPORT_UDP, settings->port);
  return add_paths(plan, &settings->unix_paths, problem);
}

void plan_set_port(struct plan *plan, uint16_t port) {
  for (size_t i = 0; i < plan->count; i++)
    if (plan->rows[i].endpoint.transport != TRANSPORT_UNIX) address_set_port(&plan->rows[i].endpoint.address, port);
}

const struct plan_row *plan_find_first(const struct plan *plan) {
  for (size_t i = 0; i < plan->count; i++)
    if (!plan->rows[i].is_left_out) return &plan->rows[i];
  return NULL;
}

const struct plan_row *plan_find_remote(const struct plan *plan) {
  for (size_t i = 0; i < plan->count; i++) {
    const struct endpoint *endpoint = &plan->rows[i].endpoint;
    if (endpoint->transport != TRANSPORT_UNIX && !address_is_loopback(&endpoint->address)) return &plan->rows[i];
  }
  return NULL;
}

void plan_explain_remote(const struct plan_row *row, const struct own_addresses *own, char problem[PLAN_PROBLEM_SIZE]) {
  char host[ADDRESS_TEXT_SIZE], reachable[320];
  address_format_host(&row->endpoint.address, host);
  size_t count = own_addresses_list(own, reachable, sizeof reachable);
  if (row->is_given) {
    snprintf(
        problem, PLAN_PROBLEM_SIZE,
        "the service manager gave a socket on %s (LISTEN_FDS): other machines can reach this address, so anyone there "
        "who gets through could connect. Write 127.0.0.1 before the port in the socket unit to serve this machine, or "
        "add --allow-remote to serve others too",
        host);
    return;
  }
  if (!address_is_any(&row->endpoint.address))
    snprintf(problem, PLAN_PROBLEM_SIZE,
             "--bind %s: other machines can reach this address, so anyone there who gets through could connect. "
             "127.0.0.1 is reachable from this machine only. Leave --bind out to serve this machine, or add "
             "--allow-remote to serve others too",
             host);
  else
    snprintf(problem, PLAN_PROBLEM_SIZE,
             "--bind %s means every address of this machine%s%s, so other machines could connect as well. 127.0.0.1 "
             "is reachable from this machine only. Leave --bind out to serve this machine, or add --allow-remote to "
             "serve others too",
             host, count > 0 ? ", now also " : "", reachable);
}
