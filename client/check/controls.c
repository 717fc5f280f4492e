/* The tries around a port. Gathers; it must not judge. */
#include "client/check/controls.h"

#include <string.h>

#include "client/check/probe.h"
#include "client/check/socket_tables.h"
#include "client/check/trial_server.h"
#include "client/sockets/bound_socket.h"

static void on_control_settled(void *owner, const struct server_half_facts *half) {
  struct control *control = owner;
  (void)half;
  control->survey->pending--;
}

static void start_control_probe(struct control *control, const struct endpoint *target, bool asks,
                                struct probe_facts *facts) {
  struct probe_plan plan = {.target = *target, .timeout_ns = control->survey->timeout_ns, .is_ours = true};
  plan.manner = asks ? PROBE_ASKS : PROBE_CONNECTS;
  plan.question = asks ? QUESTION_ECHO : QUESTION_NONE;
  control->survey->pending++;
  if (probe_start(control->survey->loop, &plan, facts, on_control_settled, control) != 0) control->survey->pending--;
}

static void start_control(struct control *control) {
  struct endpoint closed = control->like;
  if (own_server_start(control->survey->loop, &control->like, &control->listener) == 0)
    start_control_probe(control, own_server_endpoint(control->listener), true, &control->listener_facts);
  /* A UDP socket that is bound receives: there is no closed one of our own. */
  if (control->like.transport != TRANSPORT_TCP ||
      bound_socket_make(TRANSPORT_TCP, &control->like.address, &control->closed_port) != 0)
    return;
  control->has_closed_port = true;
  if (bound_socket_address(control->closed_port, &closed.address) == 0)
    start_control_probe(control, &closed, false, &control->closed_facts);
}

static bool is_like(const struct control *control, const struct endpoint *target) {
  return control->like.transport == target->transport && address_same_host(&control->like.address, &target->address);
}

void controls_start(struct survey *survey, struct controls *controls) {
  memset(controls, 0, sizeof *controls);
  for (size_t i = 0; i < survey->count; i++) {
    bool is_new = controls->count < CONTROLS_MAX && !survey->examinations[i].facts.is_unix;
    for (size_t j = 0; j < controls->count; j++)
      if (is_like(&controls->each[j], &survey->examinations[i].target)) is_new = false;
    if (!is_new) continue;
    struct control *control = &controls->each[controls->count++];
    control->survey = survey;
    control->like = survey->examinations[i].target;
    address_set_port(&control->like.address, 0);
    start_control(control);
  }
}

size_t controls_end(struct survey *survey, struct controls *controls) {
  size_t silent = 0;
  for (size_t i = 0; i < controls->count; i++) {
    struct control *control = &controls->each[i];
    enum probe_outcome listener = control->listener_facts.outcome;
    if (control->listener_facts.answer == ANSWER_SILENT) listener = PROBE_TIMED_OUT;
    if (control->listener != NULL && own_server_failure(control->listener) != 0) listener = PROBE_NOT_TRIED;
    silent += (control->closed_facts.outcome == PROBE_TIMED_OUT) + (listener == PROBE_TIMED_OUT);
    for (size_t j = 0; j < survey->count; j++) {
      if (!is_like(control, &survey->examinations[j].target)) continue;
      survey->examinations[j].facts.controls.closed_port = control->closed_facts.outcome;
      survey->examinations[j].facts.controls.own_listener = listener;
    }
    own_server_close(control->listener);
    if (control->has_closed_port) bound_socket_close(control->closed_port);
  }
  return silent;
}

static bool is_free(const struct port_facts *facts) {
  const struct listener_facts *listener = &facts->listener;
  return !facts->is_unix && facts->probe.outcome == PROBE_REFUSED && !facts->probe.is_immediate && listener->is_known &&
         !listener->is_here && !listener->is_on_device && !listener->is_elsewhere && !listener->only_bound;
}

static void on_own_settled(void *owner, const struct server_half_facts *half) {
  struct examination *examination = owner;
  struct control_facts *controls = &examination->facts.controls;
  controls->own_server_half = *half;
  controls->own_server_code = own_server_failure(examination->own_server);
  if (controls->own_server_code != 0) {
    controls->own_server = (struct probe_facts){0};
    controls->own_server_half = (struct server_half_facts){0};
  }
  own_server_close(examination->own_server);
  examination->own_server = NULL;
  examination->survey->pending--;
}

static void start_own_server(struct examination *examination) {
  struct survey *survey = examination->survey;
  struct control_facts *controls = &examination->facts.controls;
  struct probe_plan plan = {.target = examination->target,
                            .timeout_ns = survey->timeout_ns,
                            .manner = PROBE_ASKS,
                            .question = QUESTION_ECHO,
                            .is_ours = true};
  controls->own_server_code = own_server_start(survey->loop, &examination->target, &examination->own_server);
  if (controls->own_server_code != 0) return;
  survey->pending++;
  int code = probe_start(survey->loop, &plan, &controls->own_server, on_own_settled, examination);
  if (code == 0) return;
  controls->own_server_code = code;
  own_server_close(examination->own_server);
  examination->own_server = NULL;
  survey->pending--;
}

/* It hung up on a question. Whoever serves one client only has gone with it and is not looked for again. */
static bool has_hung_up(const struct port_facts *facts) {
  bool is_over = facts->probe.answer == ANSWER_END || facts->probe.answer == ANSWER_RESET;
  return !facts->is_udp && is_over && facts->probe.sent_bytes > 0 && facts->listener.is_here;
}

/* A second reset that the system did not make: a firewall's. */
static void on_again_settled(void *owner, const struct server_half_facts *half) {
  struct examination *examination = owner;
  struct net_counters after;
  (void)half;
  net_counters_read(&after);
  bool is_none = !examination->facts.is_unix && examination->before.known && after.known &&
                 net_counters_growth(&examination->before, &after, COUNTER_TCP_RESETS_SENT) == 0;
  if (examination->facts.again.answer == ANSWER_RESET && is_none) examination->facts.counters.resets_sent = 0;
  examination->survey->pending--;
}

/* Nothing is said for a while. A server that stands that, and did not want a web page, may be one of TLS. */
static struct question_choice choose_again(void *owner, const struct server_half_facts *half) {
  struct examination *examination = owner;
  bool was_web = examination->facts.probe.question == QUESTION_HTTP && !examination->survey->is_question_given;
  (void)half;
  return (struct question_choice){.question = was_web ? QUESTION_TLS : QUESTION_NONE, .is_guess = true};
}

static void look_again(struct examination *examination) {
  struct survey *survey = examination->survey;
  struct probe_plan plan = {
      .target = examination->target, .timeout_ns = survey->timeout_ns, .manner = PROBE_LOOKS, .choose = choose_again};
  survey->pending++;
  if (probe_start(survey->loop, &plan, &examination->facts.again, on_again_settled, examination) != 0)
    survey->pending--;
}

void around_run(struct survey *survey, bool is_close) {
  for (size_t i = 0; i < survey->count; i++) {
    struct examination *examination = &survey->examinations[i];
    /* A server of ours would be seen by other machines on any other address. */
    if (is_close && is_free(&examination->facts) && address_is_loopback(&examination->target.address))
      start_own_server(examination);
    else if (has_hung_up(&examination->facts))
      look_again(examination);
  }
  survey_wait(survey);
}
