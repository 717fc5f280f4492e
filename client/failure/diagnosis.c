/* Gathering the facts about a failure, after it happened. Prints nothing. */
#include "client/failure/diagnosis.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/check/advice.h"
#include "client/check/examine.h"
#include "client/check/trace_rule.h"
#include "client/failure/client_failure.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"

#define ENDING_TRIES   10
#define ENDING_WAIT_MS 10
/* Longer than this tells no more. */
#define LOOK_NS_MAX (1500 * CLOCK_NS_PER_MS)

/* Was the server met as it should be, and only lacks what the run needs? */
static bool is_known_well(const struct client_failure *failure) {
  return failure->finding == CLIENT_FINDING_PLAIN_ECHO || failure->finding == CLIENT_FINDING_NO_KERNEL_TIMES ||
         failure->finding == CLIENT_FINDING_OTHER_CLOCK;
}

static void look_up(const struct client_failure *failure, struct port_report **sockets) {
  const struct sockaddr_storage *address = &failure->target.address;
  if (failure->target.transport == TRANSPORT_UNIX)
    (void)port_owner_find_unix(failure->target.path, sockets);
  else
    (void)port_owner_find(failure->target.transport, address_port(address), address, sockets);
}

/* A listener whose process is not to be seen: hidden, or just ending. */
static bool has_unseen_listener(const struct port_report *report) {
  for (size_t i = 0; report != NULL && i < report->socket_count; i++) {
    const struct port_socket *socket = &report->sockets[i];
    bool is_unseen = socket->owner == SOCKET_OWNER_OUTSIDE || socket->owner == SOCKET_OWNER_HIDDEN;
    if (socket->state == SOCKET_STATE_LISTEN && is_unseen) return true;
  }
  return false;
}

/* A process that ends closes its sockets one by one: its listener may stand for a moment after the connection is gone,
 * and seems to belong to nobody. */
static void wait_while_ending(const struct client_failure *failure) {
  bool is_ending = failure->finding == CLIENT_FINDING_HUNG_UP;
  for (int i = 0; i < ENDING_TRIES && is_ending; i++) {
    struct port_report *sockets = NULL;
    look_up(failure, &sockets);
    is_ending = has_unseen_listener(sockets);
    port_report_free(sockets);
    if (is_ending) uv_sleep(ENDING_WAIT_MS);
  }
}

/* The survey's account of where a process came from ends with the survey: the report gets its own. */
static void keep_origins(struct port_report *report, struct port_socket *socket) {
  for (size_t i = 0; i < socket->process_count; i++) {
    struct port_process *process = &socket->processes[i];
    const struct process_origin *origin = process->origin;
    process->origin = NULL;
    if (origin == NULL || report->origin_count == PORT_PROCESSES_MAX) continue;
    report->origins[report->origin_count] = *origin;
    process->origin = &report->origins[report->origin_count++];
  }
}

/* The examination's holders, as the explanation's report. NULL: no memory, and the words do without. */
static struct port_report *report_of(const struct survey *survey, const struct examination *examination) {
  struct port_report *report = memory_take_zeroed(1, sizeof *report);
  if (report == NULL) return NULL;
  report->known = examination->facts.listener.is_known;
  for (size_t i = 0; i < examination->holder_count; i++) {
    struct port_socket *socket = &report->sockets[report->socket_count++];
    *socket = survey->sockets.sockets[examination->holders[i]];
    keep_origins(report, socket);
  }
  return report;
}

static void set_loopback(struct sockaddr_storage *address) {
  int port = address_port(address);
  if (address->ss_family == AF_INET6)
    (void)uv_ip6_addr("::1", port, (struct sockaddr_in6 *)address);
  else
    (void)uv_ip4_addr(ADDRESS_DEFAULT_HOST, port, (struct sockaddr_in *)address);
}

/* What the run itself was told at once is not tried again: a second connection may be luckier, or meet what is left of
 * the first. */
static bool has_told_all(const struct client_failure *failure, struct probe_facts *probe) {
  bool is_self = failure->finding == CLIENT_FINDING_SELF_CONNECT;
  if (!is_self && failure->code != UV_EADDRNOTAVAIL) return false;
  probe->is_self = is_self;
  probe->outcome = is_self ? PROBE_CONNECTED : PROBE_NO_ADDRESS;
  probe->is_immediate = !is_self;
  probe->code = failure->code;
  return true;
}

static int examine(const struct client_failure *failure, struct survey *survey) {
  if (!has_told_all(failure, &survey->examinations[0].facts.probe)) return survey_run(survey);
  survey_judge(survey);
  return 0;
}

/* False: it could not be examined. */
static bool explain_examined(struct client_failure *failure, struct explanation *explanation,
                             struct port_report **sockets) {
  struct examination examination = {.target = failure->target};
  struct survey survey = {.timeout_ns = LOOK_NS_MAX, .count = 1, .examinations = &examination};
  struct advice_context context;
  struct advice *advice = memory_take(sizeof *advice);
  /* Who connects to "any address" reaches loopback. */
  bool is_unix = failure->target.transport == TRANSPORT_UNIX;
  if (!is_unix && address_is_any(&examination.target.address)) set_loopback(&examination.target.address);
  if (failure->timeout_ns != 0 && failure->timeout_ns < survey.timeout_ns) survey.timeout_ns = failure->timeout_ns;
  bool is_done = advice != NULL && examine(failure, &survey) == 0 && examination.start_code == 0;
  if (is_done) {
    trace_rule_run(&survey);
    advice_context_make(&survey, &examination, &context);
    advice_write(&context, advice);
    *sockets = report_of(&survey, &examination);
    failure->sockets = *sockets;
    struct second_look look = {
        .verdict = examination.verdict,
        .is_healthy = verdict_exit_status(examination.verdict, &examination.facts) == 0,
        .advice = advice,
    };
    explain_client_failure(failure, &look, explanation);
  }
  survey_clear(&survey);
  free(advice);
  return is_done;
}

void diagnosis_explain(struct client_failure *failure, struct explanation *explanation, struct port_report **sockets) {
  bool is_unix = failure->target.transport == TRANSPORT_UNIX;
  bool is_here = is_unix || address_is_loopback(&failure->target.address) || address_is_any(&failure->target.address);
  bool is_worth_a_look = is_here && failure->step != CLIENT_STEP_RESOLVE && !client_failure_is_own_lack(failure);
  *sockets = NULL;
  failure->own_user_id = machine_user_id();
  failure->descriptor_limit = machine_descriptor_limit();
  if (is_worth_a_look) wait_while_ending(failure);
  if (is_worth_a_look && !is_known_well(failure) && explain_examined(failure, explanation, sockets)) return;
  /* Without the look-up the explanation is only poorer, so its failure is not one of ours. */
  if (is_worth_a_look) look_up(failure, sockets);
  failure->sockets = *sockets;
  explain_client_failure(failure, NULL, explanation);
}
