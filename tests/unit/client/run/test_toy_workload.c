/*
 * A workload is a table: this one stands here alone, no general file knows of it, and a run carries it out. It sends a
 * payload, waits for the same bytes, and counts how often and how long.
 */
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client/run/measure.h"
#include "common/text/clock.h"
#include "tests/unit/unit_test.h"

#define TOY_COUNT 25

struct toy_run {
  uint64_t begun;
};

struct toy_flow {
  uint64_t send_ns;
  size_t received;
  bool is_waiting;
};

static enum greeting greeting(const struct run_plan *plan) {
  (void)plan;
  return GREETING_PROBE;
}

static void send_next(struct flow *flow) {
  struct run *run = flow->run;
  struct toy_run *all = run->state;
  struct toy_flow *own = flow->state;
  if (run_has_sent_all(run)) run_stop(run);
  if (!run_may_send(run)) return;
  all->begun++;
  run->tally.sends++;
  *own = (struct toy_flow){.is_waiting = true, .send_ns = clock_now_ns()};
  int code = connection_send(flow->connection, pattern_at(run->pattern, 0), run->plan->bytes);
  if (code != 0) run_fail(run, flow, CLIENT_STEP_MEASURE, CLIENT_FINDING_NONE, code);
}

static void on_bytes(struct flow *flow, const uint8_t *bytes, size_t length) {
  struct run *run = flow->run;
  struct toy_flow *own = flow->state;
  uint64_t now_ns = clock_now_ns();
  if (pattern_first_mismatch(run->pattern, own->received, bytes, length) < length) run->result->errors.corrupted++;
  own->received += length;
  if (own->received < run->plan->bytes) return;
  own->is_waiting = false;
  tally_record_round_trip(&run->tally, now_ns - own->send_ns, run->plan->bytes, now_ns);
  send_next(flow);
  run_check_drained(run);
}

static bool is_drained(const struct flow *flow) {
  const struct toy_flow *own = flow->state;
  return !own->is_waiting;
}

static uint64_t begun_at_the_end;

static void finish(struct run *run) {
  const struct toy_run *all = run->state;
  begun_at_the_end = all->begun;
}

static const struct workload toy = {
    .name = "toy",
    .traits = WORKLOAD_SIZED | WORKLOAD_COUNTED,
    .read_bytes = 4096,
    .run_bytes = sizeof(struct toy_run),
    .flow_bytes = sizeof(struct toy_flow),
    .figure_count = 1,
    .figures = {FIGURE_RTT},
    .greeting = greeting,
    .begin = send_next,
    .on_bytes = on_bytes,
    .is_drained = is_drained,
    .finish = finish,
};

/* Echoes one connection to its end. */
static void *echo(void *listener) {
  char bytes[4096];
  int descriptor = accept(*(int *)listener, NULL, NULL);
  for (ssize_t length; (length = read(descriptor, bytes, sizeof bytes)) > 0;)
    if (write(descriptor, bytes, (size_t)length) != length) break;
  close(descriptor);
  return NULL;
}

static void a_table_of_its_own_is_all_that_a_workload_needs(void **state) {
  struct run_plan plan = {.workload = &toy,
                          .candidate_count = 1,
                          .host = "127.0.0.1",
                          .bytes = 100,
                          .connections = 1,
                          .depth = 1,
                          .count = TOY_COUNT,
                          .timeout_ns = 60 * CLOCK_NS_PER_SECOND,
                          .writes = 1};
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  const struct run_observer nobody = {0};
  struct client_failure failure = {0};
  struct result_run result;
  pthread_t server;
  (void)state;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal(listen(listener, 1), 0);
  assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
  memcpy(&plan.candidates[0].address, &address, sizeof address);
  plan.candidates[0].transport = TRANSPORT_TCP;
  assert_int_equal(pthread_create(&server, NULL, echo, &listener), 0);
  result_run_init(&result);
  assert_true(measure_run(&plan, &nobody, &result, &failure));
  pthread_join(server, NULL);
  close(listener);
  assert_string_equal(result.workload.name, "toy");
  assert_int_equal(result.figures[FIGURE_RTT].count, TOY_COUNT);
  assert_int_equal(result.errors.corrupted, 0);
  assert_int_equal(begun_at_the_end, TOY_COUNT);
  assert_int_equal(result.throughput.bytes_received, TOY_COUNT * plan.bytes);
  result_run_clear(&result);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_table_of_its_own_is_all_that_a_workload_needs),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
