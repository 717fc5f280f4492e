/*
 * The plan where a service manager gave the sockets: they are all that is served, and options that ask for others
 * contradict them.
 */
#include <stdio.h>
#include <string.h>

#include "common/options/exit_status.h"
#include "server/listen/plan.h"
#include "server/manager/given.h"

static bool has_transport(const struct given_sockets *given, enum transport transport) {
  for (size_t i = 0; i < given->count; i++)
    if (given->sockets[i].endpoint.transport == transport) return true;
  return false;
}

/* The option that asks for what would have to be opened, or NULL. */
static const char *find_opening_option(const struct settings *settings) {
  if (settings->binds.count > 0) return "bind";
  if (settings->unix_paths.count > 0) return "unix";
  return settings->try_ports > 0 ? "try-ports" : NULL;
}

static int judge_transport(const struct given_sockets *given, enum transport transport, bool is_wanted, char *problem) {
  bool is_given = has_transport(given, transport);
  const char *name = transport_name(transport);
  if (is_given == is_wanted) return EXIT_FINE;
  if (is_wanted)
    snprintf(problem, PLAN_PROBLEM_SIZE,
             "--%s, but among the sockets that the service manager gave (LISTEN_FDS) is none of that kind, and lopong "
             "opens no others beside them; leave out --%s, or add one to the socket unit",
             name, name);
  else
    snprintf(problem, PLAN_PROBLEM_SIZE,
             "the service manager gave a socket for %s (LISTEN_FDS), and the options name other transports only; add "
             "--%s, or leave out all transports to serve what is given",
             name, name);
  return EXIT_WRONG_USAGE;
}

static int judge(const struct given_sockets *given, const struct settings *settings, char *problem) {
  const char *stray = find_opening_option(settings);
  if (stray != NULL) {
    snprintf(
        problem, PLAN_PROBLEM_SIZE,
        "--%s names what lopong is to open, but the service manager gave its sockets (LISTEN_FDS), and lopong opens "
        "no others beside them; leave out --%s, or write the address into the socket unit",
        stray, stray);
    return EXIT_WRONG_USAGE;
  }
  if (!settings->names_transports) return EXIT_FINE;
  int status = judge_transport(given, TRANSPORT_TCP, settings->tcp, problem);
  return status != EXIT_FINE ? status : judge_transport(given, TRANSPORT_UDP, settings->udp, problem);
}

_Static_assert(GIVEN_MAX <= PLAN_ENDPOINTS_MAX, "every socket that was given has its row");

int plan_make_given(const struct given_sockets *given, const struct settings *settings, struct plan *plan,
                    char problem[PLAN_PROBLEM_SIZE]) {
  memset(plan, 0, sizeof *plan);
  int status = judge(given, settings, problem);
  if (status != EXIT_FINE) return status;
  for (size_t i = 0; i < given->count; i++) {
    const struct given_socket *socket = &given->sockets[i];
    plan->rows[plan->count++] = (struct plan_row){.endpoint = socket->endpoint,
                                                  .is_dual_stack = socket->is_dual_stack,
                                                  .is_given = true,
                                                  .descriptor = socket->descriptor};
  }
  return EXIT_FINE;
}
