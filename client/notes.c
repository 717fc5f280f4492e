/* The notes on a result: one row each, a condition and a sentence. Pure. */
#include "client/notes.h"

#include "common/clock.h"
#include "common/units.h"

typedef void note_writer(struct result_run *run, const struct environment *environment);

static void note_interrupted(struct result_run *run, const struct environment *environment) {
  (void)environment;
  bool has_natural_end = run->workload.interval_ns == 0;
  if (run->is_interrupted && has_natural_end)
    result_run_add_note(run, "Interrupted: the figures are those of the time until then.");
}

static void note_few_samples(struct result_run *run, const struct environment *environment) {
  char count[UNITS_TEXT_SIZE];
  (void)environment;
  if (!run->has_rtt || run->workload.interval_ns > 0) return;
  uint64_t samples = run->rtt.count;
  /* A percentile that leaves less than one sample above it is the maximum under another name. */
  const char *hollow = samples < 100    ? "p99, p99.9 and p99.99 are"
                       : samples < 1000 ? "p99.9 and p99.99 are"
                                        : "p99.99 is";
  if (samples < 10000)
    result_run_add_note(run, "Only %s round trips: %s the slowest one. Measure longer for more.",
                        units_format_count(samples, count), hollow);
}

static void note_plain_echo(struct result_run *run, const struct environment *environment) {
  (void)environment;
  if (run->has_rtt && run->peer.kind == PEER_PLAIN_ECHO)
    result_run_add_note(run,
                        "The peer is a plain echo server: it does not say when it received and sent, so the legs "
                        "of the round trip are not known.");
}

static void note_small_messages(struct result_run *run, const struct environment *environment) {
  (void)environment;
  bool is_small = run->workload.payload_bytes < 40;
  bool is_large = run->workload.payload_bytes > 65536;
  if (run->has_rtt && run->peer.kind == PEER_UNKNOWN && (is_small || is_large))
    result_run_add_note(run, "Legs need messages of 40 to 65,536 bytes, which have room for the server's times.");
}

static void note_one_cpu(struct result_run *run, const struct environment *environment) {
  if (environment->cpu_count == 1)
    result_run_add_note(run, "This machine has one CPU: client and server take turns on it.");
}

static void note_load(struct result_run *run, const struct environment *environment) {
  /* Less than half of the CPUs busy leaves one each for the client and the server on any machine of two or more. */
  if (environment->cpu_count > 0 && environment->load_1m > environment->cpu_count / 2.0)
    result_run_add_note(run,
                        "Before the run, %.1f tasks were running on %u CPUs (the average of the last minute): other "
                        "work may have slowed this down.",
                        environment->load_1m, environment->cpu_count);
}

static void note_corrupted(struct result_run *run, const struct environment *environment) {
  (void)environment;
  if (run->errors.has_first_corrupted)
    result_run_add_note(run, "The first byte that came back wrong is at offset %llu of its connection's stream.",
                        (unsigned long long)run->errors.first_corrupted_offset);
}

static note_writer *const writers[] = {note_corrupted,      note_interrupted, note_few_samples, note_plain_echo,
                                       note_small_messages, note_one_cpu,     note_load};

void notes_add(struct result_run *run, const struct environment *environment) {
  if (!run->is_measured) return;
  for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++)
    writers[i](run, environment);
}
