/* Hints and warnings at the start, on stderr: how to measure, who can connect, which port may be lent to others. */
#include "server/say/hints.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/machine/machine.h"
#include "common/net/port_kind.h"
#include "server/say/announce.h"

#define STANDARD_ERROR 2

/* What to write after "loping" to reach the endpoint from this machine. */
static void write_target(const struct endpoint *endpoint, char out[ADDRESS_TEXT_SIZE * 4]) {
  struct endpoint reachable = *endpoint;
  struct sockaddr_storage standard = {0};
  bool is_ipv4 = endpoint->transport != TRANSPORT_UNIX && endpoint->address.ss_family == AF_INET;
  uv_ip4_addr(ADDRESS_DEFAULT_HOST, 0, (struct sockaddr_in *)&standard);
  if (is_ipv4 && (address_is_any(&endpoint->address) || address_same_host(&endpoint->address, &standard))) {
    snprintf(out, ADDRESS_TEXT_SIZE * 4, "%u", address_port(&endpoint->address));
    return;
  }
  if (endpoint->transport != TRANSPORT_UNIX && address_is_any(&endpoint->address))
    uv_ip6_addr("::1", address_port(&endpoint->address), (struct sockaddr_in6 *)&reachable.address);
  announce_endpoint_text(&reachable, out);
}

/* A browser goes to an address that is one machine's. */
static void say_where_page_is(struct outbox *outbox, const struct endpoint *first) {
  struct endpoint reachable = *first;
  char text[ADDRESS_TEXT_SIZE * 4], line[sizeof text + 64];
  if (first->transport != TRANSPORT_TCP) return;
  if (address_is_any(&first->address) && first->address.ss_family == AF_INET)
    uv_ip4_addr(ADDRESS_DEFAULT_HOST, address_port(&first->address), (struct sockaddr_in *)&reachable.address);
  else if (address_is_any(&first->address))
    uv_ip6_addr("::1", address_port(&first->address), (struct sockaddr_in6 *)&reachable.address);
  snprintf(line, sizeof line, "in a browser: http://%s/\n", announce_endpoint_text(&reachable, text));
  outbox_put(outbox, OUTBOX_STDERR, line);
}

static void say_how_to_measure(struct outbox *outbox, const struct settings *settings, const struct endpoint *first) {
  char target[ADDRESS_TEXT_SIZE * 4], line[sizeof target + 64];
  if (settings->json || uv_guess_handle(STANDARD_ERROR) != UV_TTY) return;
  write_target(first, target);
  snprintf(line, sizeof line, "in another terminal: loping %s%s\n", first->transport == TRANSPORT_UDP ? "--udp " : "",
           target);
  outbox_put(outbox, OUTBOX_STDERR, line);
  if (settings->http) say_where_page_is(outbox, first);
}

/* A port that the system itself picked is lent by its nature, and held by then. */
static void say_lent(struct outbox *outbox, const struct settings *settings, const struct machine_ports *ports,
                     const struct endpoint *first) {
  if (first->transport == TRANSPORT_UNIX || settings->port == 0) return;
  uint16_t port = address_port(&first->address);
  if (!port_kind_is_lent(port, ports)) return;
  announce_notice(
      outbox,
      "hint: this machine lends the ports %u to %u to outgoing connections. While lopong does not run, one of them "
      "may borrow %u, and the next start fails until it ends; a port outside that range is safer",
      ports->ephemeral_first, ports->ephemeral_last, port);
}

static void warn_remote(struct outbox *outbox, const struct endpoint *remote) {
  char text[ADDRESS_TEXT_SIZE * 4];
  if (remote == NULL) return;
  announce_notice(outbox, "warning: other machines can reach %s; lopong asks for no password and answers everyone",
                  announce_endpoint_text(remote, text));
}

/* Each spinning thread takes a CPU, and the client needs one, too. */
static void warn_few_cpus(struct outbox *outbox, const struct settings *settings, int count) {
  uint64_t threads = settings->threads;
  if (!settings->busy_poll || count == 0 || (uint64_t)count > threads) return;
  announce_notice(outbox,
                  "warning: with --busy-poll each of the %" PRIu64
                  " thread%s takes a whole CPU while clients are busy, and this machine has %d: none is left for the "
                  "client. Use fewer threads, or leave out --busy-poll",
                  threads, threads == 1 ? "" : "s", count);
}

void hints_gather(struct hints *hints) {
  uv_cpu_info_t *cpus;
  hints->cpu_count = 0;
  machine_port_settings(&hints->ports);
  if (uv_cpu_info(&cpus, &hints->cpu_count) == 0) uv_free_cpu_info(cpus, hints->cpu_count);
}

void hints_say(struct outbox *outbox, const struct settings *settings, const struct hints *hints,
               const struct endpoint *first, const struct endpoint *remote) {
  warn_remote(outbox, remote);
  warn_few_cpus(outbox, settings, hints->cpu_count);
  if (first == NULL || settings->quiet) return;
  say_lent(outbox, settings, &hints->ports, first);
  say_how_to_measure(outbox, settings, first);
}
