/* The rows of all reported numbers. Pure. */
#include "client/result/figures.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ROWS(table)            (sizeof(table) / sizeof((table)[0]))
#define IN_DISTRIBUTION(field) offsetof(struct distribution, field)

static const struct result_field distribution_fields[] = {
    {"count", "count", FIELD_COUNT, IN_DISTRIBUTION(count), FIELD_ALWAYS, FIELD_ALONE, "How many of them there were."},
    {"min", "min", FIELD_NS, IN_DISTRIBUTION(min), FIELD_ALWAYS, FIELD_ALONE, "The shortest, in nanoseconds, exact."},
    {"mean", "mean", FIELD_NS_REAL, IN_DISTRIBUTION(mean), FIELD_ALWAYS, FIELD_ALONE,
     "The mean, in nanoseconds, exact."},
    {"stddev", "std dev", FIELD_NS_REAL, IN_DISTRIBUTION(stddev), FIELD_ALWAYS, FIELD_ALONE,
     "The standard deviation, in nanoseconds, exact."},
    {"p50", "p50", FIELD_NS, IN_DISTRIBUTION(p50), FIELD_ALWAYS, FIELD_ALONE,
     "The median, in nanoseconds: half of them took no longer."},
    {"p90", "p90", FIELD_NS, IN_DISTRIBUTION(p90), FIELD_ALWAYS, FIELD_ALONE,
     "90 % of them took no longer, in nanoseconds."},
    {"p99", "p99", FIELD_NS, IN_DISTRIBUTION(p99), FIELD_ALWAYS, FIELD_ALONE,
     "99 % of them took no longer, in nanoseconds."},
    {"p99_9", "p99.9", FIELD_NS, IN_DISTRIBUTION(p99_9), FIELD_ALWAYS, FIELD_ALONE,
     "99.9 % of them took no longer, in nanoseconds."},
    {"p99_99", "p99.99", FIELD_NS, IN_DISTRIBUTION(p99_99), FIELD_ALWAYS, FIELD_ALONE,
     "99.99 % of them took no longer, in nanoseconds."},
    {"max", "max", FIELD_NS, IN_DISTRIBUTION(max), FIELD_ALWAYS, FIELD_ALONE, "The longest, in nanoseconds, exact."},
};

#define IN_THROUGHPUT(field) offsetof(struct result_throughput, field)

static const struct result_field throughput_fields[] = {
    {"bytes_sent", "sent", FIELD_BYTES, IN_THROUGHPUT(bytes_sent), FIELD_ALWAYS, FIELD_ALONE,
     "Bytes that the client sent in the measured time."},
    {"bytes_received", "came back", FIELD_BYTES, IN_THROUGHPUT(bytes_received), FIELD_ALWAYS, FIELD_ALONE,
     "Bytes that the client received in the measured time."},
    {"bits_per_second", "rate, one way", FIELD_BITS_PER_SECOND, IN_THROUGHPUT(bits_per_second), FIELD_ALWAYS,
     FIELD_ALONE, "Bits a second in one direction; of an echo those that came back."},
    {"round_trips_per_second", "round trips a second", FIELD_PER_SECOND, IN_THROUGHPUT(round_trips_per_second),
     FIELD_ALWAYS, FIELD_ALONE, "Round trips a second."},
};

#define IN_ERRORS(field) offsetof(struct result_errors, field)

static const struct result_field error_fields[] = {
    {"lost", "lost", FIELD_COUNT, IN_ERRORS(lost), FIELD_ALWAYS, FIELD_ALONE, "Messages that never came back."},
    {"duplicated", "duplicated", FIELD_COUNT, IN_ERRORS(duplicated), FIELD_ALWAYS, FIELD_ALONE,
     "Messages that came back more than once."},
    {"reordered", "reordered", FIELD_COUNT, IN_ERRORS(reordered), FIELD_ALWAYS, FIELD_ALONE,
     "UDP messages that came back in another order."},
    {"corrupted", "corrupted", FIELD_COUNT, IN_ERRORS(corrupted), FIELD_ALWAYS, FIELD_ALONE,
     "Messages that came back with other bytes; of a stream, reads that held such bytes."},
    {"timed_out", "timed out", FIELD_COUNT, IN_ERRORS(timed_out), FIELD_ALWAYS, FIELD_ALONE,
     "Messages that did not come back within --timeout."},
    {"connection_failures", "connections that failed", FIELD_COUNT, IN_ERRORS(connection_failures), FIELD_ALWAYS,
     FIELD_ALONE, "Connections that could not be made or that broke."},
};

static const struct result_field first_corrupted_fields[] = {
    {"first_corrupted_offset", "first byte that is wrong", FIELD_COUNT, IN_ERRORS(first_corrupted_offset),
     IN_ERRORS(has_first_corrupted), FIELD_ALONE,
     "Where in its connection's stream the first wrong byte stands, in bytes; null where all were right."},
};

#define IN_CONFIDENCE(field) offsetof(struct result_confidence, field)

static const struct result_field confidence_fields[] = {
    {"slices", "slices", FIELD_COUNT, IN_CONFIDENCE(slices), FIELD_ALWAYS, FIELD_ALONE,
     "How many one-second slices it was made from."},
    {"p50_ns", "p50, low", FIELD_NS_REAL, IN_CONFIDENCE(p50.low_ns), IN_CONFIDENCE(p50.is_known), FIELD_LOW,
     "Between which two the p50 lies, in nanoseconds."},
    {"p50_ns", "p50, high", FIELD_NS_REAL, IN_CONFIDENCE(p50.high_ns), IN_CONFIDENCE(p50.is_known), FIELD_HIGH,
     "Between which two the p50 lies, in nanoseconds."},
    {"p99_ns", "p99, low", FIELD_NS_REAL, IN_CONFIDENCE(p99.low_ns), IN_CONFIDENCE(p99.is_known), FIELD_LOW,
     "Between which two the p99 lies, in nanoseconds."},
    {"p99_ns", "p99, high", FIELD_NS_REAL, IN_CONFIDENCE(p99.high_ns), IN_CONFIDENCE(p99.is_known), FIELD_HIGH,
     "Between which two the p99 lies, in nanoseconds."},
};

#define IN_CPU_USE(field) offsetof(struct result_cpu_use, field)

static const struct result_field cpu_use_fields[] = {
    {"elapsed_ns", "elapsed", FIELD_NS, IN_CPU_USE(elapsed_ns), FIELD_ALWAYS, FIELD_ALONE,
     "The time that this is of, in nanoseconds."},
    {"client_user_ns", "client, user", FIELD_NS, IN_CPU_USE(user_ns), FIELD_ALWAYS, FIELD_ALONE,
     "The client's CPU time in its own code, in nanoseconds."},
    {"client_system_ns", "client, system", FIELD_NS, IN_CPU_USE(system_ns), FIELD_ALWAYS, FIELD_ALONE,
     "The client's CPU time in the kernel, in nanoseconds."},
    {"client_cpus", "client's CPUs", FIELD_NUMBER, IN_CPU_USE(client_cpus), FIELD_ALWAYS, FIELD_ALONE,
     "How many CPUs the client used."},
    {"server_cpus", "server's CPUs", FIELD_NUMBER, IN_CPU_USE(server_cpus), IN_CPU_USE(has_server), FIELD_ALONE,
     "How many CPUs the server used; null where its process is not known."},
    {"server_threads", "server's threads", FIELD_COUNT, IN_CPU_USE(server_threads), IN_CPU_USE(has_server), FIELD_ALONE,
     "How many threads the server has; null where its process is not known."},
    {"other_cpus", "others' CPUs", FIELD_NUMBER, IN_CPU_USE(other_cpus), IN_CPU_USE(has_other), FIELD_ALONE,
     "How many CPUs all others used; null where the system does not tell."},
    {"steal_percent", "steal", FIELD_PERCENT, IN_CPU_USE(steal_percent), IN_CPU_USE(has_machine), FIELD_ALONE,
     "CPU time that the host of a virtual machine took, in percent; null where the system does not tell."},
};

#define IN_FLOOR(field) offsetof(struct result_floor, field)

static const struct result_field floor_fields[] = {
    {"ratio_p50", "p50 : floor", FIELD_NUMBER, IN_FLOOR(ratio_p50), FIELD_ALWAYS, FIELD_ALONE,
     "The p50 of this run divided by that of the bare threads."},
    {"turns", "turns of the floor", FIELD_COUNT, IN_FLOOR(turns), FIELD_ALWAYS, FIELD_ALONE,
     "How often the bare threads had a turn."},
    {"turn_ns", "a turn of the floor", FIELD_NS, IN_FLOOR(turn_ns), FIELD_ALWAYS, FIELD_ALONE,
     "How long one turn was, in nanoseconds."},
    {"same_cpu_percent", "floor on one CPU", FIELD_PERCENT, IN_FLOOR(same_cpu_percent), FIELD_ALWAYS, FIELD_ALONE,
     "The share of the bare threads' round trips in which both shared a CPU, in percent."},
};

#define IN_SERVER_COUNT(field) offsetof(struct result_server_count, field)

static const struct result_field server_count_fields[] = {
    {"server_bytes", "bytes that the server counted", FIELD_BYTES, IN_SERVER_COUNT(server_bytes), FIELD_ALWAYS,
     FIELD_ALONE, "Bytes that the server counted, warm-up included."},
    {"client_bytes", "bytes that the client sent", FIELD_BYTES, IN_SERVER_COUNT(client_bytes), FIELD_ALWAYS,
     FIELD_ALONE, "Bytes that the client sent, warm-up included."},
    {"bits_per_second", "rate by the server's count", FIELD_BITS_PER_SECOND, IN_SERVER_COUNT(bits_per_second),
     FIELD_ALWAYS, FIELD_ALONE, "Bits a second by the server's count and clock."},
};

static const struct result_field anatomy_fields[] = {
    {"anatomy_clock_error_ns", "error of the clocks' distance", FIELD_NS,
     offsetof(struct result_anatomy, clock_error_ns), FIELD_ALWAYS, FIELD_ALONE,
     "How far the two clocks that the parts were measured by may lie apart, in nanoseconds."},
    {"anatomy_left_out", "round trips left out", FIELD_COUNT, offsetof(struct result_anatomy, left_out), FIELD_ALWAYS,
     FIELD_ALONE, "Round trips of which a time was missing, and which are not in the parts."},
};

#define IN_RUN(field) offsetof(struct result_run, field)

static const struct result_field achieved_fields[] = {
    {"achieved_per_second", "messages sent a second", FIELD_PER_SECOND, 0, FIELD_ALWAYS, FIELD_ALONE,
     "Open loop: messages that were really sent a second."},
};

static const struct result_field source_fields[] = {
    {"source_addresses", "source addresses", FIELD_COUNT, 0, FIELD_UNLESS_ZERO, FIELD_ALONE,
     "Of connect: from how many addresses of 127.0.0.0/8 the connections came; null: from the usual one."},
};

#define IN_INTERVAL(field) offsetof(struct result_interval, field)

const struct result_field result_interval_fields[] = {
    {"start_ns", "start", FIELD_NS, IN_INTERVAL(start_ns), FIELD_ALWAYS, FIELD_ALONE,
     "When the slice began, in nanoseconds from the begin of the measured time."},
    {"duration_ns", "duration", FIELD_NS, IN_INTERVAL(duration_ns), FIELD_ALWAYS, FIELD_ALONE,
     "How long it was, in nanoseconds."},
    {"round_trips", "round trips", FIELD_COUNT, IN_INTERVAL(round_trips), FIELD_ALWAYS, FIELD_ALONE,
     "Round trips that ended in it."},
    {"bytes_moved", "bytes moved", FIELD_BYTES, IN_INTERVAL(bytes_moved), FIELD_ALWAYS, FIELD_ALONE,
     "Bytes that moved in it, one direction."},
    {"rtt_p50_ns", "p50", FIELD_NS, IN_INTERVAL(rtt_p50_ns), FIELD_UNLESS_ZERO, FIELD_ALONE,
     "The p50 of its round trips, in nanoseconds; null without one."},
    {"rtt_p99_ns", "p99", FIELD_NS, IN_INTERVAL(rtt_p99_ns), FIELD_UNLESS_ZERO, FIELD_ALONE,
     "The p99 of its round trips, in nanoseconds; null without one."},
    {"rtt_max_ns", "max", FIELD_NS, IN_INTERVAL(rtt_max_ns), FIELD_UNLESS_ZERO, FIELD_ALONE,
     "Its longest round trip, in nanoseconds; null without one."},
};

const size_t result_interval_field_count = ROWS(result_interval_fields);

#define FIGURE(name, parent, label, figure, meaning) \
  { name, parent, label, IN_RUN(figures[figure]), 0, distribution_fields, ROWS(distribution_fields), meaning }
#define SCALARS(name, parent, label, member, presence, fields, meaning) \
  { name, parent, label, IN_RUN(member), IN_RUN(presence), fields, ROWS(fields), meaning }
#define PART(name, label, part, meaning)   FIGURE(name, "anatomy_ns", label, FIGURE_ANATOMY + (part), meaning)
#define WHOLE(name, label, whole, meaning) FIGURE(name, "anatomy_total_ns", label, FIGURE_WHOLES + (whole), meaning)

/* The distributions first, in the order of enum figure. */
const struct result_section result_sections[] = {
    FIGURE(
        "rtt_ns", NULL, "round trip", FIGURE_RTT,
        "The round trip: from just before the client's send call to just after the last byte of its echo was read; in an open loop the service time. Null where no message is timed."),
    FIGURE("response_ns", NULL, "response time", FIGURE_RESPONSE,
           "Open loop: from the moment that the schedule named for the send to the echo; null in a closed loop."),
    FIGURE("there", "legs_ns", "there", FIGURE_THERE, "From the client's send call to the server's read."),
    FIGURE("server", "legs_ns", "server", FIGURE_SERVER, "From the server's read to its send call."),
    FIGURE("back", "legs_ns", "back", FIGURE_BACK, "From the server's send call to the client's read."),
    FIGURE("same_cpu", "placement", "on the client's CPU", FIGURE_SAME_CPU,
           "Round trips whose two sides shared a CPU."),
    FIGURE("other_cpu", "placement", "on another CPU", FIGURE_OTHER_CPU,
           "Round trips whose two sides were on two CPUs."),
    FIGURE("handshake_ns", NULL, "handshake", FIGURE_HANDSHAKE,
           "Of connect: from just before connect() until the client knows that it is connected."),
    FIGURE("transaction_ns", NULL, "transaction", FIGURE_TRANSACTION,
           "Of connect: from just before connect() until the last byte of the echo was read."),
    FIGURE("pacing_error_ns", NULL, "pacing error", FIGURE_PACING,
           "Open loop: the actual less the scheduled moment of the send."),
    PART("to_server_socket", "loping's send call, to the server's socket", ANATOMY_TO_SERVER_SOCKET,
         "loping's send call, until the bytes are in the server's socket."),
    PART("server_wakeup", "the server wakes up", ANATOMY_SERVER_WAKEUP, "Until the server runs."),
    PART("server_asking", "(it asks the kernel for its time)", ANATOMY_SERVER_ASKING,
         "The server asks the kernel for its time."),
    PART("server_read", "the server's read call", ANATOMY_SERVER_READ, "The server's read call."),
    PART("server", "the server itself", ANATOMY_SERVER, "The server itself, until its send call."),
    PART("to_client_socket", "the server's send call, to loping's socket", ANATOMY_TO_CLIENT_SOCKET,
         "The server's send call, until the bytes are in loping's socket."),
    PART("client_wakeup", "loping wakes up", ANATOMY_CLIENT_WAKEUP, "Until loping runs."),
    PART("client_asking", "(it asks the kernel for its time)", ANATOMY_CLIENT_ASKING,
         "loping asks the kernel for its time."),
    PART("client_read", "loping's read call", ANATOMY_CLIENT_READ, "loping's read call."),
    WHOLE("carrying", "carrying", ANATOMY_CARRYING, "Carrying the bytes, both ways together."),
    WHOLE("waking", "waking up", ANATOMY_WAKING, "Waking up, both sides together."),
    WHOLE("asking", "asking the kernel", ANATOMY_ASKING, "Asking the kernel for its times, both sides together."),
    WHOLE("reading", "reading", ANATOMY_READING, "Both read calls together."),
    WHOLE("answering", "answering", ANATOMY_ANSWERING, "The server itself."),
    FIGURE("send_call", "anatomy_total_ns", "loping's whole send call", FIGURE_CLIENT_SEND,
           "loping's whole send call, which goes on while the server wakes up."),
    FIGURE("server_send_call", "anatomy_total_ns", "the server's whole send call", FIGURE_SERVER_SEND,
           "The server's whole send call, which goes on while loping wakes up."),
    FIGURE("rtt_ns", "floor", "round trip of bare threads", FIGURE_FLOOR,
           "The round trip of two bare threads, measured in the same seconds."),
    SCALARS("throughput", NULL, "throughput", throughput, has_throughput, throughput_fields, "How much moved."),
    SCALARS("errors", NULL, "errors", errors, is_measured, error_fields, "What went wrong."),
    SCALARS("", "errors", "errors", errors, is_measured, first_corrupted_fields, ""),
    SCALARS("", "floor", "floor", floor, floor.is_known, floor_fields, ""),
    SCALARS("confidence", NULL, "confidence", confidence, confidence.p50.is_known, confidence_fields,
            "95 % intervals over the one-second slices; null with too few."),
    SCALARS("cpu_use", NULL, "use of CPUs", cpu_use, cpu_use.is_known, cpu_use_fields,
            "CPUs that were used during the run."),
    SCALARS("server_count", NULL, "the server's count", server_count, server_count.is_known, server_count_fields,
            "Direction up: what the server counted, beside what the client sent."),
    SCALARS("", NULL, "anatomy", anatomy, anatomy.is_known, anatomy_fields, ""),
    SCALARS("", NULL, "schedule", achieved_per_second, has_achieved, achieved_fields, ""),
    SCALARS("", NULL, "connections", source_addresses, is_measured, source_fields, ""),
};

const size_t result_section_count = ROWS(result_sections);

const struct result_group result_groups[] = {
    {"legs_ns", "The one-way times, by one clock; null unless every reply was stamped."},
    {"placement", "The round trips by where the two sides ran; null unless every reply was stamped."},
    {"anatomy_ns", "Of anatomy: the parts of a round trip, in the order of time."},
    {"anatomy_total_ns", "Of anatomy: what the parts are of, and the whole send calls."},
    {"floor", "Of --floor: two bare threads that did the same, in turns with the run."},
};

const size_t result_group_count = ROWS(result_groups);

const struct result_section *result_section_find(const char *name) {
  for (size_t i = 0; i < result_section_count; i++)
    if (name[0] != '\0' && result_sections[i].parent == NULL && strcmp(result_sections[i].name, name) == 0)
      return &result_sections[i];
  return NULL;
}

const struct result_section *result_section_of(enum figure figure) {
  return &result_sections[figure];
}

const char *result_field_path(const struct result_section *section, const struct result_field *field,
                              char out[RESULT_PATH_SIZE]) {
  static const char *const ends[] = {[FIELD_ALONE] = "", [FIELD_LOW] = ".low", [FIELD_HIGH] = ".high"};
  bool has_parent = section->parent != NULL, has_name = section->name[0] != '\0';
  snprintf(out, RESULT_PATH_SIZE, "%s%s%s%s%s%s", has_parent ? section->parent : "", has_parent ? "." : "",
           section->name, has_name ? "." : "", field->name, ends[field->end]);
  return out;
}

bool result_section_is_distribution(const struct result_section *section) {
  return section->fields == distribution_fields;
}

static const char *struct_of(const struct result_section *section, const struct result_run *run) {
  return (const char *)run + section->offset;
}

bool result_section_applies(const struct result_section *section, const struct result_run *run) {
  if (result_section_is_distribution(section))
    return ((const struct distribution *)(const void *)struct_of(section, run))->count > 0;
  return *(const bool *)((const char *)run + section->presence);
}

bool result_field_is_whole(const struct result_field *field) {
  return field->kind == FIELD_COUNT || field->kind == FIELD_NS || field->kind == FIELD_BYTES;
}

double result_field_read(const struct result_field *field, const void *at) {
  const char *value = (const char *)at + field->offset;
  if (result_field_is_whole(field)) return (double)*(const uint64_t *)(const void *)value;
  return *(const double *)(const void *)value;
}

bool result_field_is_known(const struct result_field *field, const void *at) {
  if (field->presence == FIELD_ALWAYS) return true;
  if (field->presence == FIELD_UNLESS_ZERO) return result_field_read(field, at) != 0;
  return *((const bool *)at + field->presence);
}

bool result_field_applies(const struct result_section *section, const struct result_field *field,
                          const struct result_run *run) {
  return result_section_applies(section, run) && result_field_is_known(field, struct_of(section, run));
}

double result_field_value(const struct result_section *section, const struct result_field *field,
                          const struct result_run *run) {
  return result_field_read(field, struct_of(section, run));
}

const char *result_field_format_value(enum field_kind kind, double value, char out[UNITS_TEXT_SIZE]) {
  switch (kind) {
    case FIELD_COUNT:
      return units_format_count((uint64_t)(value + 0.5), out);
    case FIELD_PER_SECOND:
      return units_format_rate(value, out);
    case FIELD_NS:
    case FIELD_NS_REAL:
      return units_format_duration(value, out);
    case FIELD_BYTES:
      return units_format_bytes(value, out);
    case FIELD_BITS_PER_SECOND:
      return units_format_bit_rate(value, out);
    case FIELD_NUMBER:
      snprintf(out, UNITS_TEXT_SIZE, "%.3g", value);
      return out;
    case FIELD_PERCENT:
      snprintf(out, UNITS_TEXT_SIZE, "%.3g %%", value);
      return out;
  }
  return "-";
}

const char *result_field_format(const struct result_section *section, const struct result_field *field,
                                const struct result_run *run, char out[UNITS_TEXT_SIZE]) {
  return result_field_format_value(field->kind, result_field_value(section, field, run), out);
}
