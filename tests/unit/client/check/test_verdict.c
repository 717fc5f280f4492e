/* The decision table of loping check: every row, and facts that contradict each other. */
#include "client/check/verdict.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define UNKNOWN_COUNTERS                                                                                            \
  {                                                                                                                 \
    FACT_UNKNOWN, FACT_UNKNOWN, FACT_UNKNOWN, FACT_UNKNOWN, FACT_UNKNOWN, FACT_UNKNOWN, FACT_UNKNOWN, FACT_UNKNOWN, \
        FACT_UNKNOWN                                                                                                \
  }

/* The parts that most rows share. */
#define UP         .loopback_is_there = true
#define UNIX       .is_unix = true, .loopback_is_there = true, .counters = UNKNOWN_COUNTERS
#define UDP        .is_udp = true, .loopback_is_there = true
#define NOBODY     .listener = {.is_known = true}
#define LISTENER   .listener = {.is_known = true, .is_here = true, .queue_limit = 16}
#define STOPPED    .listener = {.is_known = true, .is_here = true, .is_stopped = true, .queue_limit = 16}
#define FULL       .listener = {.is_known = true, .is_here = true, .queued = 2, .queue_limit = 1}
#define FULL_STOP  .listener = {.is_known = true, .is_here = true, .is_stopped = true, .queued = 2, .queue_limit = 1}
#define ELSEWHERE  .listener = {.is_known = true, .is_elsewhere = true}
#define SILENT     .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_SILENT}
#define UNSEEN     .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_SILENT, .unacknowledged = 16, .repeats = 3}
#define QUIET      .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_QUIET}
#define HUNG_UP    .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_END, .sent_bytes = 60}
#define AGAIN(...) .again = {.outcome = PROBE_CONNECTED, __VA_ARGS__}
#define TIMED_OUT  .probe = {.outcome = PROBE_TIMED_OUT, .repeats = 1}
#define REFUSED    .probe = {.outcome = PROBE_REFUSED}
#define ECHO       .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO}
#define FAILS(o)   .probe = {.outcome = (o), .is_immediate = true}
#define ICMP(o)    .probe = {.outcome = (o), .icmp_came = true, .icmp_type = 3}
#define HALF(...)  .server_half = {.is_found = true, __VA_ARGS__}

static const struct {
  const char *situation;
  struct port_facts facts;
  enum verdict verdict;
} rows[] = {
    {"unix: echo", {UNIX, LISTENER, ECHO, HALF(.is_accepted = true)}, VERDICT_OPEN},
    {"unix: echo, in another network namespace", {UNIX, ECHO, HALF(.is_accepted = true)}, VERDICT_OPEN},
    {"unix: no file", {UNIX, NOBODY, .probe = {.outcome = PROBE_NO_FILE}}, VERDICT_CLOSED},
    {"unix: stale", {UNIX, NOBODY, REFUSED, .at_path = {.file = UNIX_FILE_SOCKET}}, VERDICT_CLOSED},
    {"unix: shut folder",
     {UNIX, NOBODY, .probe = {.outcome = PROBE_FORBIDDEN}, .at_path = {.file = UNIX_FILE_SHUT_FOLDER}},
     VERDICT_REJECTED},
    {"unix: shut socket",
     {UNIX, LISTENER, .probe = {.outcome = PROBE_FORBIDDEN}, .at_path = {.file = UNIX_FILE_SHUT}},
     VERDICT_REJECTED},
    {"unix: refused, though the modes let it in",
     {UNIX, LISTENER, .probe = {.outcome = PROBE_FORBIDDEN}, .at_path = {.file = UNIX_FILE_SOCKET}},
     VERDICT_CONFINED},
    {"unix: an abstract name, refused",
     {UNIX, LISTENER, .probe = {.outcome = PROBE_NOT_PERMITTED}, .at_path = {.file = UNIX_FILE_ABSTRACT}},
     VERDICT_CONFINED},
    {"unix: datagrams", {UNIX, LISTENER, .probe = {.outcome = PROBE_OTHER_KIND}}, VERDICT_ACCEPTS},
    {"unix: datagrams, stopped", {UNIX, STOPPED, .probe = {.outcome = PROBE_OTHER_KIND}}, VERDICT_PAUSED},
    {"unix: full queue", {UNIX, FULL, .probe = {.outcome = PROBE_QUEUE_FULL}}, VERDICT_QUEUE_FULL},
    {"unix: full queue, stopped", {UNIX, FULL_STOP, .probe = {.outcome = PROBE_QUEUE_FULL}}, VERDICT_PAUSED},
    {"unix: links in a circle", {UNIX, NOBODY, .probe = {.outcome = PROBE_FAILED}}, VERDICT_UNKNOWN},
    {"unix: reset after the question",
     {UNIX, LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_RESET, .sent_bytes = 4}},
     VERDICT_HUNG_UP},
    {"echo", {UP, LISTENER, ECHO, HALF(.is_accepted = true)}, VERDICT_OPEN},
    {"echo, nothing else known", {UP, ECHO, .counters = UNKNOWN_COUNTERS}, VERDICT_OPEN},
    {"other bytes", {UP, LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_OTHER}}, VERDICT_NOT_ECHO},
    {"reads, says nothing", {UP, LISTENER, SILENT, HALF(.is_accepted = true)}, VERDICT_NOT_ECHO},
    {"another protocol",
     {UP, LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_KNOWN}},
     VERDICT_ANSWERS},
    {"accepted, and nothing was said", {UP, LISTENER, QUIET, HALF(.is_accepted = true)}, VERDICT_ACCEPTS},
    {"nothing was said, and the tables are silent", {UP, QUIET, .counters = UNKNOWN_COUNTERS}, VERDICT_ACCEPTS},
    {"handed over with the first bytes only, and there were none",
     {UP, LISTENER, QUIET, HALF(.is_half_open = true), .counters = {.accepts_deferred = 1}},
     VERDICT_ACCEPTS},
    {"nothing was said, handshake's last packet dropped",
     {UP, LISTENER, QUIET, HALF(.is_half_open = true)},
     VERDICT_DATA_BLOCKED},
    {"nothing was said, and what it says first is lost",
     {UP, LISTENER, QUIET, HALF(.is_accepted = true, .unsent_bytes = 21)},
     VERDICT_REPLIES_BLOCKED},
    {"not accepted, nothing was said", {UP, LISTENER, QUIET, HALF(.is_accepted = false)}, VERDICT_NOT_READING},
    {"stopped, nothing was said", {UP, STOPPED, QUIET, HALF(.is_accepted = false)}, VERDICT_PAUSED},
    {"hung up on the question, named by the second look",
     {UP, LISTENER, HUNG_UP, AGAIN(.answer = ANSWER_KNOWN, .sent_bytes = 98)},
     VERDICT_ANSWERS},
    {"hung up on the question, stands when nothing is said",
     {UP, LISTENER, HUNG_UP, AGAIN(.answer = ANSWER_QUIET)},
     VERDICT_NOT_ECHO},
    {"hung up on each question, stands when nothing is said",
     {UP, LISTENER, HUNG_UP, AGAIN(.answer = ANSWER_RESET, .sent_bytes = 98)},
     VERDICT_NOT_ECHO},
    {"hangs up, whatever is said or not", {UP, LISTENER, HUNG_UP, AGAIN(.answer = ANSWER_END)}, VERDICT_HUNG_UP},
    {"hung up on the question, and gone", {UP, NOBODY, HUNG_UP}, VERDICT_HUNG_UP},
    {"UDP, nothing was sent", {UDP, LISTENER, QUIET}, VERDICT_ACCEPTS},
    {"UDP, nothing was sent, and nobody has the port", {UDP, NOBODY, QUIET}, VERDICT_CLOSED},
    {"UDP, nothing was sent, and the port is had elsewhere", {UDP, ELSEWHERE, QUIET}, VERDICT_WRONG_ADDRESS},
    {"UDP, nothing was sent, and others' datagrams are not read",
     {UDP, .listener = {.is_known = true, .is_here = true, .unread_bytes = 768}, QUIET},
     VERDICT_NOT_READING},
    {"nobody listens", {UP, NOBODY, REFUSED, .counters = {.resets_sent = 1}}, VERDICT_CLOSED},
    {"nothing known but the refusal", {UP, REFUSED, .counters = UNKNOWN_COUNTERS}, VERDICT_CLOSED},
    {"own server reached",
     {UP, NOBODY, REFUSED, .counters = {.resets_sent = 1},
      .controls = {.own_server = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO}}},
     VERDICT_CLOSED},
    {"own server gets no handshake",
     {UP, NOBODY, REFUSED, .counters = {.resets_sent = 1}, .controls = {.own_server = {.outcome = PROBE_TIMED_OUT}}},
     VERDICT_REPLIES_BLOCKED},
    {"own server gets no data",
     {UP, NOBODY, REFUSED, .counters = {.resets_sent = 1},
      .controls = {.own_server = {.outcome = PROBE_CONNECTED, .answer = ANSWER_SILENT}}},
     VERDICT_DATA_BLOCKED},
    {"own server's answer is lost",
     {UP, NOBODY, REFUSED, .counters = {.resets_sent = 1},
      .controls = {.own_server = {.outcome = PROBE_CONNECTED, .answer = ANSWER_SILENT},
                   .own_server_half = {.is_found = true, .unsent_bytes = 16}}},
     VERDICT_REPLIES_BLOCKED},
    {"listens elsewhere", {UP, ELSEWHERE, REFUSED, .counters = {.resets_sent = 1}}, VERDICT_WRONG_ADDRESS},
    {"bound to a device",
     {UP, .listener = {.is_known = true, .is_on_device = true}, REFUSED, .counters = {.resets_sent = 1}},
     VERDICT_WRONG_ADDRESS},
    {"bound to a device, counters unknown",
     {UP, .listener = {.is_known = true, .is_on_device = true}, REFUSED, .counters = UNKNOWN_COUNTERS},
     VERDICT_WRONG_ADDRESS},
    {"reset by a firewall, listener", {UP, LISTENER, REFUSED}, VERDICT_REJECTED},
    {"reset by a firewall, nobody", {UP, NOBODY, REFUSED}, VERDICT_REJECTED},
    {"reset by a traced rule, others' resets were counted",
     {UP, NOBODY, REFUSED, .counters = {.resets_sent = 7}, .path = {.has_rule = true, .loss = LOSS_IN},
      .controls = {.own_server = {.outcome = PROBE_REFUSED}}},
     VERDICT_REJECTED},
    {"a traced rule against replies is no refusal",
     {UP, NOBODY, REFUSED, .counters = {.resets_sent = 1}, .path = {.has_rule = true, .loss = LOSS_REPLY},
      .controls = {.own_server = {.outcome = PROBE_TIMED_OUT}}},
     VERDICT_REPLIES_BLOCKED},
    {"refused although somebody listens, counters unknown",
     {UP, LISTENER, REFUSED, .counters = UNKNOWN_COUNTERS},
     VERDICT_REJECTED},
    {"ICMP port unreachable", {UP, LISTENER, ICMP(PROBE_REFUSED)}, VERDICT_REJECTED},
    {"ICMP prohibited", {UP, LISTENER, ICMP(PROBE_HOST_UNREACHABLE)}, VERDICT_REJECTED},
    {"ICMP net unreachable", {UP, NOBODY, ICMP(PROBE_NET_UNREACHABLE)}, VERDICT_REJECTED},
    {"ICMPv6 prohibited", {UP, .is_ipv6 = true, NOBODY, ICMP(PROBE_FORBIDDEN)}, VERDICT_REJECTED},
    {"refused by the system, although somebody listens: redirected to nobody",
     {UP, LISTENER, REFUSED, .counters = {.resets_sent = 1}},
     VERDICT_REDIRECTED},
    {"redirected, echo", {UP, NOBODY, ECHO, HALF(.is_accepted = true, .port = 7778)}, VERDICT_REDIRECTED},
    {"redirected, silent", {UP, NOBODY, SILENT, HALF(.is_accepted = true, .port = 7778)}, VERDICT_REDIRECTED},
    {"dropped on the way in", {UP, LISTENER, TIMED_OUT}, VERDICT_BLOCKED},
    {"dropped, nobody", {UP, NOBODY, TIMED_OUT}, VERDICT_BLOCKED},
    {"dropped, direction unknown", {UP, LISTENER, TIMED_OUT, .counters = UNKNOWN_COUNTERS}, VERDICT_BLOCKED},
    {"redirected to another machine", {UP, NOBODY, ECHO, .path = {.is_sent_on = true}}, VERDICT_REDIRECTED},
    {"redirected to another machine, which refuses",
     {UP, NOBODY, REFUSED, .path = {.is_sent_on = true}},
     VERDICT_REDIRECTED},
    {"redirected to where nothing comes back from",
     {UP, NOBODY, TIMED_OUT, .counters = {.repeats_failed = 1}, .path = {.is_sent_on = true}},
     VERDICT_REDIRECTED},
    {"an echo from where no table shows anything", {UP, NOBODY, ECHO}, VERDICT_REDIRECTED},
    {"own server refused by the system itself: redirected to nobody",
     {UP, NOBODY, REFUSED, .counters = {.resets_sent = 1}, .controls = {.own_server = {.outcome = PROBE_REFUSED}}},
     VERDICT_REDIRECTED},
    {"traced to an output rule, too early to be counted",
     {UP, LISTENER, TIMED_OUT, .path = {.loss = LOSS_OUT}},
     VERDICT_BLOCKED_OUT},
    {"traced to an input rule while others' packets were refused on the way out",
     {UP, LISTENER, TIMED_OUT, .counters = {.repeats_failed = 1}, .path = {.loss = LOSS_IN}},
     VERDICT_BLOCKED},
    {"traced to a rule that drops the reply",
     {UP, LISTENER, TIMED_OUT, .path = {.loss = LOSS_REPLY}},
     VERDICT_REPLIES_BLOCKED},
    {"a sandbox forbids it", {UP, LISTENER, FAILS(PROBE_FORBIDDEN), .path = {.is_confined = true}}, VERDICT_CONFINED},
    {"a sandbox does not permit it",
     {UP, LISTENER, FAILS(PROBE_NOT_PERMITTED), .path = {.is_confined = true}},
     VERDICT_CONFINED},
    {"UDP traced to an output rule", {UDP, LISTENER, SILENT, .path = {.loss = LOSS_OUT}}, VERDICT_BLOCKED_OUT},
    {"UDP traced to an input rule",
     {UDP, LISTENER, SILENT, .counters = {.udp_received = 1}, .path = {.loss = LOSS_IN}},
     VERDICT_BLOCKED},
    {"UDP traced to a rule that drops the reply",
     {UDP, LISTENER, SILENT, .path = {.loss = LOSS_REPLY}},
     VERDICT_REPLIES_BLOCKED},
    {"dropped on the way out", {UP, LISTENER, TIMED_OUT, .counters = {.repeats_failed = 1}}, VERDICT_BLOCKED_OUT},
    {"SYN-ACK dropped", {UP, LISTENER, TIMED_OUT, HALF(.is_half_open = true)}, VERDICT_REPLIES_BLOCKED},
    {"queue full", {UP, FULL, TIMED_OUT, .counters = {.listen_overflows = 1}}, VERDICT_QUEUE_FULL},
    {"queue full, counters unknown", {UP, FULL, TIMED_OUT, .counters = UNKNOWN_COUNTERS}, VERDICT_QUEUE_FULL},
    {"queue full, but never asked: dropped before", {UP, FULL, TIMED_OUT}, VERDICT_BLOCKED},
    {"queue full, stopped", {UP, FULL_STOP, TIMED_OUT, .counters = {.listen_overflows = 1}}, VERDICT_PAUSED},
    {"queue full after the handshake",
     {UP, FULL, UNSEEN, HALF(.is_half_open = true), .counters = {.listen_overflows = 1}},
     VERDICT_QUEUE_FULL},
    {"the same, stopped",
     {UP, FULL_STOP, UNSEEN, HALF(.is_half_open = true), .counters = {.listen_overflows = 1}},
     VERDICT_PAUSED},
    {"reset by a full queue",
     {UP, FULL, .probe = {.outcome = PROBE_RESET}, .counters = {.listen_overflows = 1, .resets_sent = 1}},
     VERDICT_QUEUE_FULL},
    {"reset at once",
     {UP, LISTENER, .probe = {.outcome = PROBE_RESET}, .counters = {.resets_sent = 1}},
     VERDICT_HUNG_UP},
    {"handshake's last packet dropped", {UP, LISTENER, UNSEEN, HALF(.is_half_open = true)}, VERDICT_DATA_BLOCKED},
    {"the same, nothing known of our own side",
     {UP, LISTENER, SILENT, HALF(.is_half_open = true)},
     VERDICT_DATA_BLOCKED},
    {"data dropped", {UP, LISTENER, UNSEEN, HALF(.is_accepted = true)}, VERDICT_DATA_BLOCKED},
    {"data reset by a firewall",
     {UP, LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_RESET}},
     VERDICT_DATA_BLOCKED},
    {"data reset by the server",
     {UP, LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_RESET}, .counters = {.resets_sent = 1}},
     VERDICT_HUNG_UP},
    {"reset, nobody knows by whom",
     {UP, LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_RESET}, .counters = UNKNOWN_COUNTERS},
     VERDICT_HUNG_UP},
    {"closed at once", {UP, LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_END}}, VERDICT_HUNG_UP},
    {"answer dropped", {UP, LISTENER, SILENT, HALF(.is_accepted = true, .unsent_bytes = 16)}, VERDICT_REPLIES_BLOCKED},
    {"acknowledgement dropped",
     {UP, LISTENER, UNSEEN, HALF(.is_accepted = true, .unread_bytes = 16)},
     VERDICT_REPLIES_BLOCKED},
    {"accepted, not read", {UP, LISTENER, SILENT, HALF(.is_accepted = true, .unread_bytes = 16)}, VERDICT_NOT_READING},
    {"not accepted", {UP, LISTENER, SILENT, HALF(.unread_bytes = 16)}, VERDICT_NOT_READING},
    {"stopped", {UP, STOPPED, SILENT, HALF(.unread_bytes = 16)}, VERDICT_PAUSED},
    {"met itself",
     {UP, NOBODY, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO, .is_self = true}},
     VERDICT_SELF_CONNECT},
    {"no client ports", {UP, LISTENER, FAILS(PROBE_NO_ADDRESS)}, VERDICT_NO_CLIENT_PORTS},
    {"loopback down, silent", {LISTENER, TIMED_OUT}, VERDICT_LOOPBACK_DOWN},
    {"loopback never up", {NOBODY, FAILS(PROBE_NET_UNREACHABLE)}, VERDICT_LOOPBACK_DOWN},
    {"IPv6 off", {.is_ipv6 = true, NOBODY, FAILS(PROBE_NO_ADDRESS)}, VERDICT_LOOPBACK_DOWN},
    {"rule prohibit", {UP, LISTENER, FAILS(PROBE_FORBIDDEN)}, VERDICT_ROUTE_FORBIDDEN},
    {"rule blackhole", {UP, LISTENER, FAILS(PROBE_INVALID)}, VERDICT_ROUTE_FORBIDDEN},
    {"rule unreachable", {UP, LISTENER, FAILS(PROBE_HOST_UNREACHABLE)}, VERDICT_ROUTE_FORBIDDEN},
    {"connected by the repetition",
     {UP, LISTENER,
      .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_ECHO, .repeats = 1, .connect_ns = 1010000000}},
     VERDICT_INTERMITTENT},
    {"EPERM", {UP, LISTENER, FAILS(PROBE_NOT_PERMITTED)}, VERDICT_UNKNOWN},
    {"some other error", {UP, LISTENER, FAILS(PROBE_FAILED)}, VERDICT_UNKNOWN},
    {"silent, no table", {UP, SILENT, .counters = UNKNOWN_COUNTERS}, VERDICT_UNKNOWN},

    {"UDP echo", {UDP, LISTENER, ECHO}, VERDICT_OPEN},
    {"UDP other", {UDP, LISTENER, .probe = {.outcome = PROBE_CONNECTED, .answer = ANSWER_OTHER}}, VERDICT_NOT_ECHO},
    {"UDP nobody", {UDP, NOBODY, ICMP(PROBE_REFUSED), .counters = {.udp_no_port = 1}}, VERDICT_CLOSED},
    {"UDP elsewhere", {UDP, ELSEWHERE, ICMP(PROBE_REFUSED), .counters = {.udp_no_port = 1}}, VERDICT_WRONG_ADDRESS},
    {"UDP refused by a firewall", {UDP, NOBODY, ICMP(PROBE_REFUSED)}, VERDICT_REJECTED},
    {"UDP prohibited", {UDP, LISTENER, ICMP(PROBE_HOST_UNREACHABLE)}, VERDICT_REJECTED},
    {"UDP refused, no packet seen", {UDP, NOBODY, REFUSED}, VERDICT_REJECTED},
    {"UDP redirected to nobody",
     {UDP, LISTENER, ICMP(PROBE_REFUSED), .counters = {.udp_no_port = 1}},
     VERDICT_REDIRECTED},
    {"UDP answered by nobody", {UDP, NOBODY, ECHO}, VERDICT_REDIRECTED},
    {"UDP refused on the way out", {UDP, LISTENER, FAILS(PROBE_NOT_PERMITTED)}, VERDICT_BLOCKED_OUT},
    {"UDP dropped", {UDP, LISTENER, SILENT, .counters = {.udp_sent = 1}}, VERDICT_BLOCKED},
    {"UDP dropped, nobody", {UDP, NOBODY, SILENT, .counters = {.udp_sent = 1}}, VERDICT_BLOCKED},
    {"UDP error dropped", {UDP, NOBODY, SILENT, .counters = {.udp_no_port = 1}}, VERDICT_REPLIES_BLOCKED},
    {"UDP reply refused",
     {UDP, LISTENER, SILENT, .counters = {.udp_received = 1, .udp_sent = 1, .ip_out_discarded = 1}},
     VERDICT_REPLIES_BLOCKED},
    {"UDP reply dropped",
     {UDP, LISTENER, SILENT, .counters = {.udp_received = 1, .udp_sent = 2}},
     VERDICT_REPLIES_BLOCKED},
    {"UDP read, no answer", {UDP, LISTENER, SILENT, .counters = {.udp_received = 1, .udp_sent = 1}}, VERDICT_NOT_ECHO},
    {"UDP not read",
     {UDP, .listener = {.is_known = true, .is_here = true, .unread_bytes = 768}, SILENT},
     VERDICT_NOT_READING},
    {"UDP stopped",
     {UDP, .listener = {.is_known = true, .is_here = true, .is_stopped = true, .unread_bytes = 768}, SILENT},
     VERDICT_PAUSED},
    {"UDP buffer full", {UDP, LISTENER, SILENT, .counters = {.udp_buffer_full = 1}}, VERDICT_QUEUE_FULL},
    {"UDP buffer full, stopped", {UDP, STOPPED, SILENT, .counters = {.udp_buffer_full = 1}}, VERDICT_PAUSED},
    {"UDP silent, and others' datagrams moved the counters",
     {UDP, LISTENER, SILENT, .counters = {.udp_received = FACT_UNKNOWN, .udp_sent = FACT_UNKNOWN}},
     VERDICT_UNKNOWN},
    {"UDP silent, nothing known", {UDP, SILENT, .counters = UNKNOWN_COUNTERS}, VERDICT_UNKNOWN},
};

static void every_situation_has_its_verdict(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    enum verdict verdict = verdict_decide(&rows[i].facts);
    if (verdict != rows[i].verdict)
      fail_msg("%s: wanted %s, got %s", rows[i].situation, verdict_name(rows[i].verdict), verdict_name(verdict));
  }
}

static void every_verdict_is_reached_by_some_situation(void **state) {
  (void)state;
  for (enum verdict verdict = 0; verdict < VERDICTS; verdict++) {
    bool is_reached = false;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
      is_reached = is_reached || rows[i].verdict == verdict;
    if (!is_reached) fail_msg("no situation is %s", verdict_name(verdict));
  }
}

static void facts_that_contradict_each_other_are_unknown(void **state) {
  static const struct {
    const char *situation;
    struct port_facts facts;
  } cases[] = {
      {"no facts at all", {.loopback_is_there = true}},
      {"an echo over a loopback that is not there", {LISTENER, ECHO}},
      {"met itself without a connection", {UP, NOBODY, .probe = {.outcome = PROBE_REFUSED, .is_self = true}}},
      {"refused and accepted", {UP, LISTENER, REFUSED, HALF(.is_accepted = true), .counters = {.resets_sent = 1}}},
      {"not sent and yet arrived",
       {UP, LISTENER, TIMED_OUT, HALF(.is_half_open = true), .counters = {.repeats_failed = 1}}},
      {"no answer, and a server that has the connection", {UP, LISTENER, TIMED_OUT, HALF(.is_accepted = true)}},
      {"acknowledged, and nowhere", {UP, LISTENER, SILENT, .server_half = {.is_found = false}}},
      {"acknowledged, but neither read nor unread", {UP, LISTENER, SILENT, HALF(.is_accepted = false)}},
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    enum verdict verdict = verdict_decide(&cases[i].facts);
    if (verdict != VERDICT_UNKNOWN) fail_msg("%s: wanted unknown, got %s", cases[i].situation, verdict_name(verdict));
  }
}

static void the_exit_status_tells_answers_firewalls_and_the_rest(void **state) {
  static const struct {
    enum verdict verdict;
    int status;
  } cases[] = {
      {VERDICT_OPEN, 0},         {VERDICT_NOT_ECHO, 0},        {VERDICT_ANSWERS, 0},        {VERDICT_ACCEPTS, 0},
      {VERDICT_BLOCKED, 4},      {VERDICT_BLOCKED_OUT, 4},     {VERDICT_REJECTED, 4},       {VERDICT_DATA_BLOCKED, 4},
      {VERDICT_INTERMITTENT, 4}, {VERDICT_REPLIES_BLOCKED, 4}, {VERDICT_UNKNOWN, 3},        {VERDICT_CLOSED, 1},
      {VERDICT_PAUSED, 1},       {VERDICT_QUEUE_FULL, 1},      {VERDICT_LOOPBACK_DOWN, 1},  {VERDICT_HUNG_UP, 1},
      {VERDICT_NOT_READING, 1},  {VERDICT_WRONG_ADDRESS, 1},   {VERDICT_ROUTE_FORBIDDEN, 1}};
  static const struct port_facts dead = {UP, REFUSED}, live = {UP, ECHO};
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_int_equal(verdict_exit_status(cases[i].verdict, &dead), cases[i].status);
  assert_int_equal(verdict_exit_status(VERDICT_REDIRECTED, &live), 0);
  assert_int_equal(verdict_exit_status(VERDICT_REDIRECTED, &dead), 1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_situation_has_its_verdict),
      cmocka_unit_test(every_verdict_is_reached_by_some_situation),
      cmocka_unit_test(facts_that_contradict_each_other_are_unknown),
      cmocka_unit_test(the_exit_status_tells_answers_firewalls_and_the_rest),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
