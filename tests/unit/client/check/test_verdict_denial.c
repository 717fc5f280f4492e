/* No verdict stands beside evidence that denies it: over all combinations of the facts that decide. */
#include "client/check/verdict.h"

#include "tests/unit/client/check/verdict_denial.h"
#include "tests/unit/unit_test.h"

static const struct listener_facts listeners[] = {
    {.is_known = false},
    {.is_known = true},
    {.is_known = true, .is_here = true, .queue_limit = 16},
    {.is_known = true, .is_here = true, .queued = 2, .queue_limit = 1},
    {.is_known = true, .is_here = true, .is_stopped = true, .queued = 2, .queue_limit = 1},
    {.is_known = true, .is_elsewhere = true},
    {.is_known = true, .is_on_device = true},
};

static const struct server_half_facts halves[] = {
    {.is_found = false},
    {.is_found = true, .is_half_open = true},
    {.is_found = true, .is_accepted = true},
    {.is_found = true, .is_accepted = true, .port = 7778},
    {.is_found = true, .unread_bytes = 16},
    {.is_found = true, .is_accepted = true, .unsent_bytes = 16},
};

static const struct path_facts paths[] = {{.is_sent_on = false}, {.is_sent_on = true}, {.loss = LOSS_OUT},
                                          {.loss = LOSS_IN},     {.loss = LOSS_REPLY}, {.is_confined = true}};

static const struct control_facts control_cases[] = {
    {.own_server_code = 0},
    {.own_server = {.outcome = PROBE_REFUSED}},
    {.own_server = {.outcome = PROBE_TIMED_OUT}},
    {.own_server = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO}},
    {.own_server = {.outcome = PROBE_CONNECTED, .answer = ANSWER_SILENT}}};

static const int64_t growths[] = {FACT_UNKNOWN, 0, 1};

/* Each digit picks one value of one fact. */
static size_t pick(size_t *number, size_t count) {
  size_t digit = *number % count;
  *number /= count;
  return digit;
}

static bool fill(size_t number, struct port_facts *facts) {
  *facts = (struct port_facts){.loopback_is_there = true};
  facts->is_udp = pick(&number, 2) == 1;
  facts->loopback_is_there = pick(&number, 2) == 0;
  facts->probe.outcome = (enum probe_outcome)pick(&number, PROBE_FAILED + 1);
  facts->probe.answer = (enum probe_answer)pick(&number, ANSWER_RESET + 1);
  facts->probe.icmp_came = pick(&number, 2) == 1;
  facts->listener = listeners[pick(&number, COUNT_OF(listeners))];
  facts->server_half = halves[pick(&number, COUNT_OF(halves))];
  facts->path = paths[pick(&number, COUNT_OF(paths))];
  facts->controls = control_cases[pick(&number, COUNT_OF(control_cases))];
  facts->counters.resets_sent = growths[pick(&number, COUNT_OF(growths))];
  facts->counters.repeats_failed = growths[pick(&number, COUNT_OF(growths))];
  facts->counters.udp_no_port = facts->counters.resets_sent;
  facts->counters.listen_overflows = facts->counters.repeats_failed;
  facts->probe.is_immediate = facts->probe.outcome >= PROBE_HOST_UNREACHABLE && !facts->probe.icmp_came;
  return number == 0;
}

/* What cannot be: such facts no probe brings. */
static bool is_impossible(const struct port_facts *facts) {
  bool has_stood = facts->probe.outcome == PROBE_CONNECTED;
  bool is_error = !has_stood && facts->probe.answer != ANSWER_NOT_ASKED;
  bool is_half = facts->server_half.is_found && (facts->is_udp || facts->probe.outcome == PROBE_REFUSED);
  bool is_silent_error = facts->probe.icmp_came && (has_stood || facts->probe.outcome == PROBE_TIMED_OUT);
  bool is_unsure = facts->path.is_confined && !facts->probe.is_immediate;
  bool is_tried = facts->controls.own_server.outcome != PROBE_NOT_TRIED &&
                  (facts->probe.outcome != PROBE_REFUSED || facts->listener.is_here);
  /* What the system did not permit at once never got to the way in. */
  bool is_before =
      facts->probe.outcome == PROBE_NOT_PERMITTED && (facts->path.loss == LOSS_IN || facts->path.loss == LOSS_REPLY);
  return is_before || is_error || is_half || is_silent_error || is_unsure || is_tried;
}

static void no_verdict_is_denied_by_its_evidence(void **state) {
  struct port_facts facts;
  size_t seen = 0;
  (void)state;
  for (size_t number = 0; fill(number, &facts); number++) {
    if (is_impossible(&facts)) continue;
    enum verdict verdict = verdict_decide(&facts);
    const char *denial = verdict_denial(verdict, &facts);
    seen++;
    if (denial != NULL) fail_msg("facts number %zu are %s, but %s", number, verdict_name(verdict), denial);
  }
  assert_true(seen > 10000);
}

static void the_checker_sees_a_denial(void **state) {
  const struct port_facts output_rule = {.path = {.loss = LOSS_OUT}, .probe = {.outcome = PROBE_TIMED_OUT}};
  const struct port_facts nobody = {.listener = {.is_known = true},
                                    .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO}};
  const struct port_facts sandbox = {.path = {.is_confined = true}, .probe = {.is_immediate = true}};
  (void)state;
  assert_non_null(verdict_denial(VERDICT_BLOCKED, &output_rule));
  assert_non_null(verdict_denial(VERDICT_OPEN, &nobody));
  assert_non_null(verdict_denial(VERDICT_ROUTE_FORBIDDEN, &sandbox));
  assert_null(verdict_denial(VERDICT_BLOCKED_OUT, &output_rule));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(no_verdict_is_denied_by_its_evidence),
      cmocka_unit_test(the_checker_sees_a_denial),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
