/* The notes on a result: one row each, a condition and a sentence. Pure. */
#include "client/result/notes.h"

#include <string.h>

#include "client/stats/delayed_ack.h"
#include "client/stats/modes.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"
#include "common/wire/wire.h"

/* From here on it is said. */
#define STEAL_PERCENT_MAX 1.0
#define DELAYED_ACK_NS    (40 * CLOCK_NS_PER_MS)
#define OTHER_CPUS_MIN    0.1
#define SILENCE_NS_MIN    (50 * CLOCK_NS_PER_MS)
/* Of the time between two messages of a schedule, so many without a reply are a stall. */
#define SILENCE_INTERVALS_MIN 20
#define SATURATION_CPUS       0.95
/* A p50 of fewer tells nothing. */
#define PLACEMENTS_MIN 20
/* Shorter runs use too little CPU time to tell. */
#define SATURATION_NS_MIN (CLOCK_NS_PER_SECOND / 10)

typedef void note_writer(struct result_run *run, const struct environment *environment);

static bool has_delayed_acks(const struct result_run *run, struct mode *late) {
  if (run->rtt_histogram == NULL || run->workload.transport != TRANSPORT_TCP) return false;
  /* Time that the server itself says it took is no waiting for an acknowledgement. */
  bool is_the_servers = result_has(run, FIGURE_THERE) && run->figures[FIGURE_SERVER].p99 > DELAYED_ACK_NS / 2;
  return !is_the_servers && delayed_ack_find(run->rtt_histogram, late);
}

static void note_interrupted(struct result_run *run, const struct environment *environment) {
  (void)environment;
  bool has_natural_end = run->workload.interval_ns == 0;
  if (run->is_interrupted && has_natural_end)
    result_run_add_note(run, "Interrupted: the figures are those of the time until then.");
}

/* A percentile that leaves less than one sample above it is the maximum under another name. */
static bool is_hollow(double percent, uint64_t samples) {
  return percent < 100 && (double)samples * (100 - percent) / 100 < 1 - 1e-9;
}

static void note_few_samples(struct result_run *run, const struct environment *environment) {
  char count[UNITS_TEXT_SIZE];
  (void)environment;
  if (!result_has(run, FIGURE_RTT) || run->workload.interval_ns > 0) return;
  uint64_t samples = run->figures[FIGURE_RTT].count;
  const char *hollow = is_hollow(99, samples)     ? "p99, p99.9 and p99.99 are"
                       : is_hollow(99.9, samples) ? "p99.9 and p99.99 are"
                                                  : "p99.99 is";
  if (is_hollow(99.99, samples))
    result_run_add_note(run, "Only %s round trip%s: %s the slowest one. Measure longer for more.",
                        units_format_count(samples, count), samples == 1 ? "" : "s", hollow);
}

/* The same of the highest percentile that was asked for by name. */
static void note_few_samples_asked(struct result_run *run, const struct environment *environment) {
  char count[UNITS_TEXT_SIZE], needed[UNITS_TEXT_SIZE];
  double highest = 0;
  (void)environment;
  if (!result_has(run, FIGURE_RTT)) return;
  for (size_t i = 0; i < run->percentile_count; i++)
    if (run->percentiles[i].percent < 100 && run->percentiles[i].percent > highest)
      highest = run->percentiles[i].percent;
  if (is_hollow(highest, run->figures[FIGURE_RTT].count))
    result_run_add_note(run,
                        "p%.10g is the slowest round trip: with %s of them none lies above it. It takes %s or more.",
                        highest, units_format_count(run->figures[FIGURE_RTT].count, count),
                        units_format_count((uint64_t)(100 / (100 - highest) + 0.5), needed));
}

static void note_plain_echo(struct result_run *run, const struct environment *environment) {
  (void)environment;
  if (result_has(run, FIGURE_RTT) && run->peer.kind == PEER_PLAIN_ECHO)
    result_run_add_note(run,
                        "The peer is a plain echo server: it does not say when it received and sent, so the legs of "
                        "the round trip are not known.");
}

static void note_small_messages(struct result_run *run, const struct environment *environment) {
  (void)environment;
  bool is_small = run->workload.payload_bytes < WIRE_FRAME_BYTES_MIN;
  bool is_large = run->workload.payload_bytes > WIRE_FRAME_BYTES_MAX;
  if (result_has(run, FIGURE_RTT) && run->peer.kind == PEER_UNKNOWN && (is_small || is_large)) {
    char least[UNITS_TEXT_SIZE], most[UNITS_TEXT_SIZE];
    result_run_add_note(run, "Legs need messages of %s to %s bytes, which have room for the server's times.",
                        units_format_count(WIRE_FRAME_BYTES_MIN, least),
                        units_format_count(WIRE_FRAME_BYTES_MAX, most));
  }
}

static void note_one_cpu(struct result_run *run, const struct environment *environment) {
  if (environment->cpu_count == 1)
    result_run_add_note(run, "This machine has one CPU: client and server take turns on it.");
}

/* Was there one message at a time, so that a round trip shows nothing of those before it? On a schedule: as long as
 * nearly all are back before the next is due. */
static bool is_one_at_a_time(const struct result_run *run) {
  const struct result_workload *workload = &run->workload;
  if (workload->connections > 1 || workload->depth > 1) return false;
  if (workload->rate_per_second <= 0) return true;
  return (double)run->figures[FIGURE_RTT].p99 < (double)CLOCK_NS_PER_SECOND / workload->rate_per_second;
}

/* What the round trips that met on one CPU and those that used two have to do with each other. Of those that waited in
 * a queue it is not the placement that tells. */
static bool placement_matters(const struct result_run *run) {
  if (!is_one_at_a_time(run)) return false;
  if (!result_has(run, FIGURE_SAME_CPU) || !result_has(run, FIGURE_OTHER_CPU)) return false;
  double all = (double)(run->figures[FIGURE_SAME_CPU].count + run->figures[FIGURE_OTHER_CPU].count);
  double low = (double)run->figures[FIGURE_SAME_CPU].p50, high = (double)run->figures[FIGURE_OTHER_CPU].p50;
  if (low > high) {
    low = high;
    high = (double)run->figures[FIGURE_SAME_CPU].p50;
  }
  uint64_t fewer = run->figures[FIGURE_SAME_CPU].count < run->figures[FIGURE_OTHER_CPU].count
                       ? run->figures[FIGURE_SAME_CPU].count
                       : run->figures[FIGURE_OTHER_CPU].count;
  return fewer >= PLACEMENTS_MIN && (double)fewer >= MODES_SHARE_MIN * all && high > low * MODES_RATIO_MIN;
}

static void note_placement(struct result_run *run, const struct environment *environment) {
  char same[UNITS_TEXT_SIZE], other[UNITS_TEXT_SIZE];
  (void)environment;
  if (!placement_matters(run)) return;
  double all = (double)(run->figures[FIGURE_SAME_CPU].count + run->figures[FIGURE_OTHER_CPU].count);
  result_run_add_note(run,
                      "Two kinds of round trips: in %.1f %% client and server shared a CPU (p50 %s), in %.1f %% they "
                      "did not (p50 %s). The p50 of all mixes them; keep to one kind with --cpu, and the server with "
                      "taskset.",
                      100 * (double)run->figures[FIGURE_SAME_CPU].count / all,
                      units_format_duration((double)run->figures[FIGURE_SAME_CPU].p50, same),
                      100 * (double)run->figures[FIGURE_OTHER_CPU].count / all,
                      units_format_duration((double)run->figures[FIGURE_OTHER_CPU].p50, other));
}

static void note_modes(struct result_run *run, const struct environment *environment) {
  char low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];
  struct mode modes[2], late;
  (void)environment;
  if (run->rtt_histogram == NULL || placement_matters(run)) return;
  /* What a stall left to work off is no mode. */
  if (run->workload.rate_per_second > 0 && !is_one_at_a_time(run)) return;
  /* A second mode at 40 ms has a note of its own. */
  if (has_delayed_acks(run, &late) || !modes_find(run->rtt_histogram, modes)) return;
  double all = (double)(modes[0].count + modes[1].count);
  result_run_add_note(run,
                      "The round trips have two modes: %.1f %% with a p50 of %s and %.1f %% with a p50 of %s, and "
                      "few between them. The p50 of all stands for one of the two only.",
                      100 * (double)modes[0].count / all, units_format_duration((double)modes[0].p50_ns, low),
                      100 * (double)modes[1].count / all, units_format_duration((double)modes[1].p50_ns, high));
}

static void note_delayed_acks(struct result_run *run, const struct environment *environment) {
  char median[UNITS_TEXT_SIZE];
  struct mode late;
  (void)environment;
  if (!has_delayed_acks(run, &late)) return;
  double share = 100 * (double)late.count / (double)run->figures[FIGURE_RTT].count;
  const char *middle = units_format_duration((double)late.p50_ns, median);
  if (run->workload.keeps_nagle)
    result_run_add_note(run,
                        "%.1f %% of the round trips took about 40 ms (p50 %s): with Nagle's algorithm on "
                        "(--no-nodelay), the later writes of a message wait until the server acknowledges the first, "
                        "which it puts off for 40 ms. TCP_NODELAY, loping's default, ends that.",
                        share, middle);
  else
    result_run_add_note(run,
                        "%.1f %% of the round trips took about 40 ms (p50 %s): the mark of Nagle's algorithm and "
                        "delayed acknowledgements. loping has Nagle's off; a server that answers in several small "
                        "writes needs TCP_NODELAY, too.",
                        share, middle);
}

static void note_steal(struct result_run *run, const struct environment *environment) {
  (void)environment;
  if (run->cpu_use.has_machine && run->cpu_use.steal_percent > STEAL_PERCENT_MAX)
    result_run_add_note(run,
                        "The hypervisor gave %.1f %% of this machine's CPU time to other guests (steal) during the "
                        "run: the slow round trips may be the host's.",
                        run->cpu_use.steal_percent);
}

/* Client and server need a CPU each; of what is more than these two, others may take half before it shows. */
static double harmless_cpus(uint32_t cpu_count) {
  double spare = cpu_count > 2 ? (cpu_count - 2) / 2.0 : 0;
  return spare > OTHER_CPUS_MIN ? spare : OTHER_CPUS_MIN;
}

static double free_cpus(const struct result_run *run, const struct environment *environment) {
  return environment->cpu_count - (run->cpu_use.has_other ? run->cpu_use.other_cpus : 0);
}

/* Busy-polling takes a whole CPU on each side. */
static bool lacks_cpus(const struct result_run *run, const struct environment *environment) {
  return run->workload.is_busy_poll && environment->cpu_count > 0 && free_cpus(run, environment) < 2 - OTHER_CPUS_MIN;
}

static void note_other_load(struct result_run *run, const struct environment *environment) {
  const struct result_cpu_use *use = &run->cpu_use;
  bool is_said = lacks_cpus(run, environment);
  if (!is_said && use->has_other && use->other_cpus > harmless_cpus(environment->cpu_count))
    result_run_add_note(run,
                        "Other programs used %.2f of the %u CPUs during the run, and client and server had to wait "
                        "for them. Measure again when they are done.",
                        use->other_cpus, environment->cpu_count);
}

/* Where it is not known what others used during the run: what the system says of the minute before. */
static void note_load_before(struct result_run *run, const struct environment *environment) {
  /* Less than half of the CPUs busy leaves one each for the client and the server on any machine of two or more. */
  if (!run->cpu_use.has_other && environment->cpu_count > 0 && environment->load_1m > environment->cpu_count / 2.0)
    result_run_add_note(run,
                        "Before the run, %.1f tasks were running on %u CPUs (the average of the last minute): other "
                        "work may have slowed this down.",
                        environment->load_1m, environment->cpu_count);
}

static void note_powersave(struct result_run *run, const struct environment *environment) {
  const struct machine_state *state = &environment->state;
  if (strcmp(state->governor, "powersave") == 0)
    result_run_add_note(run,
                        "The CPUs' frequency governor is powersave (driver %s), which lets them clock down between "
                        "round trips. For the machine's best: cpupower frequency-set -g performance",
                        state->frequency_driver[0] != '\0' ? state->frequency_driver : "unknown");
}

/* A spinning side keeps its CPU: where the two have to share one, each waits for the other's time slice to end. */
static void note_busy_poll(struct result_run *run, const struct environment *environment) {
  if (!run->workload.is_busy_poll) return;
  uint64_t same = run->figures[FIGURE_SAME_CPU].count, other = run->figures[FIGURE_OTHER_CPU].count;
  if (lacks_cpus(run, environment))
    result_run_add_note(run,
                        "Busy-polling takes a whole CPU on each side, and only %.2f of the %u CPUs were free for the "
                        "two. Measure again without --busy-poll, or when other programs are done.",
                        free_cpus(run, environment), environment->cpu_count);
  else if (same > other)
    result_run_add_note(run,
                        "Client and server shared a CPU in most round trips, and a side that busy-polls does not let "
                        "the other run. Keep them apart with --cpu, and the server with taskset.");
}

static void note_saturated(struct result_run *run, const struct environment *environment) {
  const struct result_cpu_use *use = &run->cpu_use;
  (void)environment;
  /* Busy-polling uses a whole CPU whatever there is to do, and the floor has threads of its own. */
  if (run->workload.is_busy_poll || result_has(run, FIGURE_FLOOR)) return;
  if (use->is_known && use->elapsed_ns >= SATURATION_NS_MIN && use->client_cpus >= SATURATION_CPUS)
    result_run_add_note(run,
                        "The client used %.0f %% of one CPU, and it has one thread: the figures of this run are the "
                        "client's limit, and the server may be able to do more.",
                        100 * use->client_cpus);
}

/* A round trip so much slower than the usual one is a stall, and a closed loop shows just one of all that it delayed.
 */
#define STALL_RATIO 1000

static void note_hidden_stall(struct result_run *run, const struct environment *environment) {
  char most[UNITS_TEXT_SIZE], median[UNITS_TEXT_SIZE];
  struct mode late;
  (void)environment;
  bool is_closed_loop =
      result_has(run, FIGURE_RTT) && run->workload.rate_per_second == 0 && run->workload.interval_ns == 0;
  if (!is_closed_loop || run->figures[FIGURE_RTT].max < STALL_RATIO * run->figures[FIGURE_RTT].p50 ||
      has_delayed_acks(run, &late))
    return;
  result_run_add_note(run,
                      "The slowest round trip took %s, the p50 %s; in a closed loop nothing is sent meanwhile, so a "
                      "stall counts once. With --rate all that falls due during a stall counts, and p99 shows it.",
                      units_format_duration((double)run->figures[FIGURE_RTT].max, most),
                      units_format_duration((double)run->figures[FIGURE_RTT].p50, median));
}

/* Streams and schedules show a stall by its length: nothing came meanwhile. In a closed loop note_hidden_stall() has
 * the round trip that it took. */
static void note_silence(struct result_run *run, const struct environment *environment) {
  char length[UNITS_TEXT_SIZE], start[UNITS_TEXT_SIZE];
  const struct result_silence *silence = &run->silence;
  bool is_stream = run->workload.direction != NULL, is_scheduled = run->workload.rate_per_second > 0;
  (void)environment;
  if (silence->duration_ns < SILENCE_NS_MIN || (!is_stream && !is_scheduled)) return;
  if (is_scheduled && (double)silence->duration_ns <
                          SILENCE_INTERVALS_MIN * (double)CLOCK_NS_PER_SECOND / run->workload.rate_per_second)
    return;
  result_run_add_note(run, "A stall: from %s on, nothing %s for %s.%s",
                      units_format_duration((double)silence->start_ns, start),
                      is_stream && strcmp(run->workload.direction, "up") == 0 ? "left" : "came",
                      units_format_duration((double)silence->duration_ns, length),
                      is_scheduled ? " What fell due meanwhile waited, and its response times show it." : "");
}

static void note_zero_copy(struct result_run *run, const struct environment *environment) {
  const struct result_workload *workload = &run->workload;
  (void)environment;
  if (!workload->is_zero_copy) return;
  bool is_up = strcmp(workload->direction, "up") == 0;
  bool sends = strcmp(workload->direction, "down") != 0;
  if (workload->is_discarded_unread)
    result_run_add_note(run,
                        "The receiver discarded what came without reading it. A program that uses its data is "
                        "slower: measure without --zero-copy for that.");
  else
    result_run_add_note(run, "Despite --zero-copy the %s read what came: it has no way to discard it unread.",
                        is_up ? "server" : "client");
  if (sends && !workload->is_sent_by_reference)
    result_run_add_note(run, "Despite --zero-copy the client sent copies: this system offers no other way.");
}

static void note_faults(struct result_run *run, const struct environment *environment) {
  char spec[160];
  (void)environment;
  if (!run->faults.is_on) return;
  safe_text_copy(run->faults.injected.spec, strlen(run->faults.injected.spec), spec, sizeof spec);
  result_run_add_note(run,
                      "Faults on: %s. The server fails on purpose (lopong --fault), and the figures of this run "
                      "show that, not the machine.",
                      spec);
}

static void note_corrupted(struct result_run *run, const struct environment *environment) {
  (void)environment;
  if (run->errors.has_first_corrupted)
    result_run_add_note(run, "The first byte that came back wrong is at offset %llu of its connection's stream.",
                        (unsigned long long)run->errors.first_corrupted_offset);
}

/* What concerns the data first, then the figures, then the machine. */
static note_writer *const writers[] = {
    note_faults,       note_corrupted,    note_zero_copy,
    note_interrupted,  note_few_samples,  note_few_samples_asked,
    note_hidden_stall, note_silence,      note_placement,
    note_modes,        note_delayed_acks, note_busy_poll,
    note_saturated,    note_plain_echo,   note_small_messages,
    note_one_cpu,      note_other_load,   note_load_before,
    note_steal,        note_powersave,
};

void notes_add(struct result_run *run, const struct environment *environment) {
  if (!run->is_measured) return;
  for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
    writers[i](run, environment);
}
