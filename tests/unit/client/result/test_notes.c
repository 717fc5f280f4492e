/* Notes on made-up results: each is there when its figures matter, names them, and is absent otherwise. */
#include "client/result/notes.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit_test.h"

#define SECOND UINT64_C(1000000000)
#define US     UINT64_C(1000)
#define MS     UINT64_C(1000000)

struct scene {
  struct result_run run;
  struct environment environment;
};

/* Adds so many round trips that spread evenly over a tenth of `middle_ns` around it. */
static void add_round_trips(struct scene *scene, uint64_t count, uint64_t middle_ns) {
  for (uint64_t i = 0; i < count; i++)
    histogram_record(scene->run.rtt_histogram, middle_ns - middle_ns / 20 + middle_ns / 10 * i / count);
  distribution_of(scene->run.rtt_histogram, &scene->run.figures[FIGURE_RTT]);
}

/* A calm run against lopong, of which there is nothing to say. */
static int set_up(void **state) {
  struct scene *scene = calloc(1, sizeof *scene);
  if (scene == NULL) return -1;
  result_run_init(&scene->run);
  scene->run.rtt_histogram = histogram_create();
  scene->run.is_measured = true;
  scene->run.workload = (struct result_workload){
      .name = "latency", .transport = TRANSPORT_TCP, .payload_bytes = 64, .connections = 1, .depth = 1};
  scene->run.peer = (struct result_peer){PEER_LOPONG, 4242};
  scene->run.cpu_use = (struct result_cpu_use){.is_known = true,
                                               .elapsed_ns = 3 * SECOND,
                                               .client_cpus = 0.4,
                                               .has_server = true,
                                               .server_cpus = 0.4,
                                               .has_machine = true,
                                               .has_other = true};
  scene->environment.cpu_count = 4;
  add_round_trips(scene, 20000, 20 * US);
  *state = scene;
  return scene->run.rtt_histogram == NULL ? -1 : 0;
}

static int tear_down(void **state) {
  struct scene *scene = *state;
  result_run_clear(&scene->run);
  free(scene);
  return 0;
}

/* Wants exactly one note, with each of the texts in it. */
static void expect_note(struct scene *scene, const char *part, const char *figure) {
  notes_add(&scene->run, &scene->environment);
  if (scene->run.note_count != 1) fail_msg("%zu notes, wanted one", scene->run.note_count);
  if (strstr(scene->run.notes[0], part) == NULL || strstr(scene->run.notes[0], figure) == NULL)
    fail_msg("'%s' lacks '%s' or '%s'", scene->run.notes[0], part, figure);
  if (strlen(scene->run.notes[0]) + 1 == RESULT_NOTE_SIZE) fail_msg("cut off: '%s'", scene->run.notes[0]);
}

static void expect_none(struct scene *scene) {
  notes_add(&scene->run, &scene->environment);
  if (scene->run.note_count != 0) fail_msg("unwanted: '%s'", scene->run.notes[0]);
}

static void place(struct scene *scene, uint64_t same_count, uint64_t same_p50, uint64_t other_count,
                  uint64_t other_p50) {
  scene->run.figures[FIGURE_SAME_CPU] = (struct distribution){.count = same_count, .p50 = same_p50};
  scene->run.figures[FIGURE_OTHER_CPU] = (struct distribution){.count = other_count, .p50 = other_p50};
}

static void a_calm_run_has_no_note(void **state) {
  struct scene *scene = *state;
  expect_none(scene);
}

static void two_placements_that_differ_are_named_with_both_p50s(void **state) {
  struct scene *scene = *state;
  place(scene, 12000, 11 * US, 8000, 19 * US);
  expect_note(scene, "in 60.0 % client and server shared a CPU (p50 11.0 us)", "in 40.0 % they did not (p50 19.0 us)");
}

static void sharing_a_cpu_may_also_be_the_slower_way(void **state) {
  struct scene *scene = *state;
  place(scene, 1000, 30 * US, 19000, 19 * US);
  expect_note(scene, "in 5.0 % client and server shared a CPU (p50 30.0 us)", "in 95.0 %");
}

/* What waited in a queue tells nothing of the placement. */
static void a_queue_is_no_placement(void **state) {
  struct scene *scene = *state;
  static const struct {
    uint64_t connections, depth;
    double rate;
  } queues[] = {{100, 1, 0}, {1, 16, 0}, {1, 0, 1000}};
  for (size_t i = 0; i < COUNT_OF(queues); i++) {
    scene->run.workload.connections = queues[i].connections;
    scene->run.workload.depth = queues[i].depth;
    scene->run.workload.rate_per_second = queues[i].rate;
    scene->run.figures[FIGURE_RTT].p99 = 600 * MS;
    scene->run.figures[FIGURE_SAME_CPU] = (struct distribution){.count = 8000, .p50 = 20 * US};
    scene->run.figures[FIGURE_OTHER_CPU] = (struct distribution){.count = 12000, .p50 = 500 * MS};
    expect_none(scene);
  }
}

static void a_stall_of_a_schedule_is_told_by_its_length(void **state) {
  struct scene *scene = *state;
  scene->run.workload.rate_per_second = 1000;
  scene->run.workload.depth = 0;
  scene->run.silence = (struct result_silence){1270 * MS, 2000 * MS};
  expect_note(scene, "A stall: from 1.27 s on, nothing came for 2.00 s.", "What fell due meanwhile waited");
}

static void the_time_between_two_messages_is_no_stall(void **state) {
  struct scene *scene = *state;
  scene->run.workload.rate_per_second = 10;
  scene->run.workload.depth = 0;
  scene->run.silence = (struct result_silence){0, 150 * MS};
  expect_none(scene);
}

static void a_stall_of_a_stream_says_which_way(void **state) {
  struct scene *scene = *state;
  scene->run.workload.direction = "up";
  memset(scene->run.figures, 0, sizeof scene->run.figures);
  scene->run.silence = (struct result_silence){0, 300 * MS};
  expect_note(scene, "A stall: from 0 ns on, nothing left for 300 ms.", "");
}

static void placements_that_hardly_differ_are_no_news(void **state) {
  struct scene *scene = *state;
  place(scene, 12000, 18 * US, 8000, 21 * US);
  expect_none(scene);
}

static void a_rare_placement_is_no_news(void **state) {
  struct scene *scene = *state;
  place(scene, 900, 11 * US, 19100, 19 * US);
  expect_none(scene);
  place(scene, 0, 0, 20000, 19 * US);
  expect_none(scene);
}

static void two_modes_of_unknown_cause_are_named_with_both_p50s(void **state) {
  struct scene *scene = *state;
  add_round_trips(scene, 20000, 60 * US);
  expect_note(scene, "50.0 % with a p50 of 20.0 us", "50.0 % with a p50 of 60.0 us");
}

static void modes_that_placement_explains_are_said_once(void **state) {
  struct scene *scene = *state;
  add_round_trips(scene, 20000, 60 * US);
  place(scene, 20000, 20 * US, 20000, 60 * US);
  expect_note(scene, "shared a CPU", "60.0 us");
}

static void round_trips_of_40_ms_are_laid_to_delayed_acks(void **state) {
  struct scene *scene = *state;
  add_round_trips(scene, 20000, 42 * MS);
  expect_note(scene, "50.0 % of the round trips took about 40 ms (p50 42", "loping has Nagle's off");
}

static void a_server_that_takes_40_ms_itself_is_not_blamed(void **state) {
  struct scene *scene = *state;
  scene->run.figures[FIGURE_THERE].count = scene->run.figures[FIGURE_RTT].count;
  scene->run.figures[FIGURE_SERVER].p99 = 42 * MS;
  histogram_reset(scene->run.rtt_histogram);
  add_round_trips(scene, 20000, 100 * US);
  add_round_trips(scene, 20000, 42 * MS);
  expect_note(scene, "two modes", "42");
}

static void with_nagle_left_on_the_note_says_whose_doing_it_is(void **state) {
  struct scene *scene = *state;
  scene->run.workload.keeps_nagle = true;
  add_round_trips(scene, 20000, 42 * MS);
  expect_note(scene, "about 40 ms", "--no-nodelay");
}

static void delayed_acks_are_a_matter_of_tcp(void **state) {
  struct scene *scene = *state;
  scene->run.workload.transport = TRANSPORT_UDP;
  histogram_reset(scene->run.rtt_histogram);
  add_round_trips(scene, 20000, 100 * US);
  add_round_trips(scene, 20000, 42 * MS);
  expect_note(scene, "two modes", "42");
}

static void a_stall_is_named_with_what_a_closed_loop_hides(void **state) {
  struct scene *scene = *state;
  add_round_trips(scene, 1, 19 * MS);
  expect_none(scene);
  add_round_trips(scene, 1, 25 * MS);
  expect_note(scene, "The slowest round trip took", "--rate");
}

static void an_open_loop_hides_no_stall(void **state) {
  struct scene *scene = *state;
  scene->run.workload.rate_per_second = 1000;
  add_round_trips(scene, 1, 25 * MS);
  expect_none(scene);
}

static void steal_is_named_above_one_percent(void **state) {
  struct scene *scene = *state;
  scene->run.cpu_use.steal_percent = 1.0;
  expect_none(scene);
  scene->run.cpu_use.steal_percent = 3.4;
  expect_note(scene, "steal", "3.4 %");
}

static void load_from_elsewhere_counts_where_it_is_in_the_way(void **state) {
  static const struct {
    uint32_t cpu_count;
    double other_cpus;
    bool wanted;
  } cases[] = {{2, 0.09, false}, {2, 0.11, true}, {4, 0.9, false}, {4, 1.1, true}, {32, 14, false}, {32, 16, true}};
  struct scene *scene = *state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    scene->run.note_count = 0;
    scene->environment.cpu_count = cases[i].cpu_count;
    scene->run.cpu_use.other_cpus = cases[i].other_cpus;
    if (cases[i].wanted)
      expect_note(scene, "Other programs used", "CPUs during the run");
    else
      expect_none(scene);
  }
}

static void the_load_before_counts_only_where_the_runs_own_is_unknown(void **state) {
  struct scene *scene = *state;
  scene->environment.load_1m = 7.5;
  expect_none(scene);
  scene->run.cpu_use.has_other = false;
  expect_note(scene, "Before the run, 7.5 tasks", "4 CPUs");
}

static void a_client_at_its_limit_says_so(void **state) {
  struct scene *scene = *state;
  scene->run.cpu_use.client_cpus = 0.94;
  expect_none(scene);
  scene->run.cpu_use.client_cpus = 0.97;
  expect_note(scene, "client's limit", "97 %");
}

static void busy_polling_uses_a_cpu_in_any_case(void **state) {
  struct scene *scene = *state;
  scene->run.cpu_use.client_cpus = 1;
  scene->run.workload.is_busy_poll = true;
  expect_none(scene);
}

static void busy_polling_without_two_free_cpus_says_how_many_there_were(void **state) {
  struct scene *scene = *state;
  scene->run.workload.is_busy_poll = true;
  scene->environment.cpu_count = 2;
  scene->run.cpu_use.other_cpus = 0.5;
  expect_note(scene, "only 1.50 of the 2 CPUs were free", "whole CPU on each side");
}

static void busy_polling_on_one_cpu_says_so(void **state) {
  struct scene *scene = *state;
  scene->run.workload.is_busy_poll = true;
  scene->environment.cpu_count = 4;
  place(scene, 9000, 20 * US, 1000, 20 * US);
  expect_note(scene, "shared a CPU in most round trips", "taskset");
}

static void busy_polling_with_cpus_to_spare_is_no_news(void **state) {
  struct scene *scene = *state;
  scene->run.workload.is_busy_poll = true;
  scene->environment.cpu_count = 2;
  place(scene, 1000, 20 * US, 9000, 20 * US);
  expect_none(scene);
}

static void a_very_short_run_tells_nothing_of_the_clients_limit(void **state) {
  struct scene *scene = *state;
  scene->run.cpu_use.client_cpus = 1;
  scene->run.cpu_use.elapsed_ns = 50 * MS;
  expect_none(scene);
}

static void powersave_is_named_with_its_driver(void **state) {
  struct scene *scene = *state;
  strcpy(scene->environment.state.governor, "performance");
  expect_none(scene);
  strcpy(scene->environment.state.governor, "powersave");
  strcpy(scene->environment.state.frequency_driver, "intel_pstate");
  expect_note(scene, "powersave", "intel_pstate");
}

static void too_few_samples_hollow_out_the_high_percentiles(void **state) {
  static const struct {
    uint64_t samples;
    const char *wanted; /* NULL: no note */
  } cases[] = {{50, "p99, p99.9 and p99.99 are"},
               {100, "p99.9 and p99.99 are"},
               {999, "p99.9 and p99.99 are"},
               {1000, "p99.99 is"},
               {9999, "p99.99 is"},
               {10000, NULL}};
  struct scene *scene = *state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    scene->run.note_count = 0;
    histogram_reset(scene->run.rtt_histogram);
    add_round_trips(scene, cases[i].samples, 20 * US);
    if (cases[i].wanted != NULL)
      expect_note(scene, "Only ", cases[i].wanted);
    else
      expect_none(scene);
  }
}

static void an_asked_percentile_beyond_the_samples_is_named(void **state) {
  struct scene *scene = *state;
  scene->run.percentile_count = 3;
  scene->run.percentiles[0].percent = 100;
  scene->run.percentiles[1].percent = 99.9999;
  scene->run.percentiles[2].percent = 50;
  expect_note(scene, "p99.9999 is the slowest", "1,000,000 or more");
  scene->run.note_count = 0;
  scene->run.percentiles[1].percent = 99.995;
  expect_none(scene);
}

static void a_run_that_never_began_has_no_note(void **state) {
  struct scene *scene = *state;
  scene->run.is_measured = false;
  scene->run.cpu_use.steal_percent = 50;
  expect_none(scene);
}

#define NOTE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
  const struct CMUnitTest tests[] = {
      NOTE_TEST(a_calm_run_has_no_note),
      NOTE_TEST(two_placements_that_differ_are_named_with_both_p50s),
      NOTE_TEST(sharing_a_cpu_may_also_be_the_slower_way),
      NOTE_TEST(placements_that_hardly_differ_are_no_news),
      NOTE_TEST(a_queue_is_no_placement),
      NOTE_TEST(a_stall_of_a_schedule_is_told_by_its_length),
      NOTE_TEST(the_time_between_two_messages_is_no_stall),
      NOTE_TEST(a_stall_of_a_stream_says_which_way),
      NOTE_TEST(a_rare_placement_is_no_news),
      NOTE_TEST(two_modes_of_unknown_cause_are_named_with_both_p50s),
      NOTE_TEST(modes_that_placement_explains_are_said_once),
      NOTE_TEST(round_trips_of_40_ms_are_laid_to_delayed_acks),
      NOTE_TEST(a_server_that_takes_40_ms_itself_is_not_blamed),
      NOTE_TEST(with_nagle_left_on_the_note_says_whose_doing_it_is),
      NOTE_TEST(delayed_acks_are_a_matter_of_tcp),
      NOTE_TEST(a_stall_is_named_with_what_a_closed_loop_hides),
      NOTE_TEST(an_open_loop_hides_no_stall),
      NOTE_TEST(steal_is_named_above_one_percent),
      NOTE_TEST(load_from_elsewhere_counts_where_it_is_in_the_way),
      NOTE_TEST(the_load_before_counts_only_where_the_runs_own_is_unknown),
      NOTE_TEST(a_client_at_its_limit_says_so),
      NOTE_TEST(busy_polling_uses_a_cpu_in_any_case),
      NOTE_TEST(busy_polling_without_two_free_cpus_says_how_many_there_were),
      NOTE_TEST(busy_polling_on_one_cpu_says_so),
      NOTE_TEST(busy_polling_with_cpus_to_spare_is_no_news),
      NOTE_TEST(a_very_short_run_tells_nothing_of_the_clients_limit),
      NOTE_TEST(powersave_is_named_with_its_driver),
      NOTE_TEST(too_few_samples_hollow_out_the_high_percentiles),
      NOTE_TEST(an_asked_percentile_beyond_the_samples_is_named),
      NOTE_TEST(a_run_that_never_began_has_no_note),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
