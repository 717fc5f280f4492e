/* The rows of all reported numbers. Pure. */
#include "client/result/figures.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ROWS(table)            (sizeof(table) / sizeof((table)[0]))
#define IN_DISTRIBUTION(field) offsetof(struct distribution, field)

static const struct result_field distribution_fields[] = {
    {"count", "count", FIELD_COUNT, IN_DISTRIBUTION(count)},
    {"min", "min", FIELD_NS, IN_DISTRIBUTION(min)},
    {"mean", "mean", FIELD_NS_REAL, IN_DISTRIBUTION(mean)},
    {"stddev", "std dev", FIELD_NS_REAL, IN_DISTRIBUTION(stddev)},
    {"p50", "p50", FIELD_NS, IN_DISTRIBUTION(p50)},
    {"p90", "p90", FIELD_NS, IN_DISTRIBUTION(p90)},
    {"p99", "p99", FIELD_NS, IN_DISTRIBUTION(p99)},
    {"p99_9", "p99.9", FIELD_NS, IN_DISTRIBUTION(p99_9)},
    {"p99_99", "p99.99", FIELD_NS, IN_DISTRIBUTION(p99_99)},
    {"max", "max", FIELD_NS, IN_DISTRIBUTION(max)},
};

#define IN_THROUGHPUT(field) offsetof(struct result_throughput, field)

static const struct result_field throughput_fields[] = {
    {"bytes_sent", "sent", FIELD_BYTES, IN_THROUGHPUT(bytes_sent)},
    {"bytes_received", "came back", FIELD_BYTES, IN_THROUGHPUT(bytes_received)},
    {"bits_per_second", "rate, one way", FIELD_BITS_PER_SECOND, IN_THROUGHPUT(bits_per_second)},
    {"round_trips_per_second", "round trips a second", FIELD_PER_SECOND, IN_THROUGHPUT(round_trips_per_second)},
};

#define IN_ERRORS(field) offsetof(struct result_errors, field)

static const struct result_field error_fields[] = {
    {"lost", "lost", FIELD_COUNT, IN_ERRORS(lost)},
    {"duplicated", "duplicated", FIELD_COUNT, IN_ERRORS(duplicated)},
    {"reordered", "reordered", FIELD_COUNT, IN_ERRORS(reordered)},
    {"corrupted", "corrupted", FIELD_COUNT, IN_ERRORS(corrupted)},
    {"timed_out", "timed out", FIELD_COUNT, IN_ERRORS(timed_out)},
    {"connection_failures", "connections that failed", FIELD_COUNT, IN_ERRORS(connection_failures)},
};

#define IN_RUN(field) offsetof(struct result_run, field)
#define DISTRIBUTION  distribution_fields, ROWS(distribution_fields)

#define ANATOMY(name, label, field) \
  { name, "anatomy_ns", label, IN_RUN(anatomy.field), IN_RUN(has_anatomy), DISTRIBUTION }
#define ANATOMY_WHOLE(name, label, field) \
  { name, "anatomy_total_ns", label, IN_RUN(anatomy.field), IN_RUN(has_anatomy), DISTRIBUTION }

const struct result_section result_sections[] = {
    {"rtt_ns", NULL, "round trip", IN_RUN(rtt), IN_RUN(has_rtt), DISTRIBUTION},
    {"response_ns", NULL, "response time", IN_RUN(response), IN_RUN(has_response), DISTRIBUTION},
    {"there", "legs_ns", "there", IN_RUN(there), IN_RUN(has_legs), DISTRIBUTION},
    {"server", "legs_ns", "server", IN_RUN(server), IN_RUN(has_legs), DISTRIBUTION},
    {"back", "legs_ns", "back", IN_RUN(back), IN_RUN(has_legs), DISTRIBUTION},
    {"same_cpu", "placement", "on the client's CPU", IN_RUN(same_cpu), IN_RUN(has_same_cpu), DISTRIBUTION},
    {"other_cpu", "placement", "on another CPU", IN_RUN(other_cpu), IN_RUN(has_other_cpu), DISTRIBUTION},
    {"handshake_ns", NULL, "handshake", IN_RUN(handshake), IN_RUN(has_handshake), DISTRIBUTION},
    {"transaction_ns", NULL, "transaction", IN_RUN(transaction), IN_RUN(has_handshake), DISTRIBUTION},
    {"pacing_error_ns", NULL, "pacing error", IN_RUN(pacing), IN_RUN(has_pacing), DISTRIBUTION},
    ANATOMY("to_server_socket", "loping's send call, to the server's socket", parts[ANATOMY_TO_SERVER_SOCKET]),
    ANATOMY("server_wakeup", "the server wakes up", parts[ANATOMY_SERVER_WAKEUP]),
    ANATOMY("server_asking", "(it asks the kernel for its time)", parts[ANATOMY_SERVER_ASKING]),
    ANATOMY("server_read", "the server's read call", parts[ANATOMY_SERVER_READ]),
    ANATOMY("server", "the server itself", parts[ANATOMY_SERVER]),
    ANATOMY("to_client_socket", "the server's send call, to loping's socket", parts[ANATOMY_TO_CLIENT_SOCKET]),
    ANATOMY("client_wakeup", "loping wakes up", parts[ANATOMY_CLIENT_WAKEUP]),
    ANATOMY("client_asking", "(it asks the kernel for its time)", parts[ANATOMY_CLIENT_ASKING]),
    ANATOMY("client_read", "loping's read call", parts[ANATOMY_CLIENT_READ]),
    ANATOMY_WHOLE("carrying", "carrying", wholes[ANATOMY_CARRYING]),
    ANATOMY_WHOLE("waking", "waking up", wholes[ANATOMY_WAKING]),
    ANATOMY_WHOLE("asking", "asking the kernel", wholes[ANATOMY_ASKING]),
    ANATOMY_WHOLE("reading", "reading", wholes[ANATOMY_READING]),
    ANATOMY_WHOLE("answering", "answering", wholes[ANATOMY_ANSWERING]),
    ANATOMY_WHOLE("send_call", "loping's whole send call", client_send),
    ANATOMY_WHOLE("server_send_call", "the server's whole send call", server_send),
    {"throughput", NULL, "throughput", IN_RUN(throughput), IN_RUN(has_throughput), throughput_fields,
     ROWS(throughput_fields)},
    {"rtt_ns", "floor", "round trip of bare threads", IN_RUN(floor.rtt), IN_RUN(has_floor), DISTRIBUTION},
    {"errors", NULL, "errors", IN_RUN(errors), IN_RUN(is_measured), error_fields, ROWS(error_fields)},
};

const size_t result_section_count = ROWS(result_sections);

const struct result_section *result_section_find(const char *name) {
  for (size_t i = 0; i < result_section_count; i++)
    if (strcmp(result_sections[i].name, name) == 0) return &result_sections[i];
  return NULL;
}

bool result_section_is_distribution(const struct result_section *section) {
  return section->fields == distribution_fields;
}

bool result_section_applies(const struct result_section *section, const struct result_run *run) {
  return *(const bool *)((const char *)run + section->presence);
}

bool result_field_is_whole(const struct result_field *field) {
  return field->kind == FIELD_COUNT || field->kind == FIELD_NS || field->kind == FIELD_BYTES;
}

double result_field_value(const struct result_section *section, const struct result_field *field,
                          const struct result_run *run) {
  const char *at = (const char *)run + section->offset + field->offset;
  if (result_field_is_whole(field)) return (double)*(const uint64_t *)(const void *)at;
  return *(const double *)(const void *)at;
}

const char *result_field_format_value(enum field_kind kind, double value, char out[UNITS_TEXT_SIZE]) {
  switch (kind) {
    case FIELD_COUNT:
    case FIELD_PER_SECOND:
      return units_format_count((uint64_t)(value + 0.5), out);
    case FIELD_NS:
    case FIELD_NS_REAL:
      return units_format_duration(value, out);
    case FIELD_BYTES:
      return units_format_bytes(value, out);
    case FIELD_BITS_PER_SECOND:
      return units_format_bit_rate(value, out);
  }
  return "-";
}

const char *result_field_format(const struct result_section *section, const struct result_field *field,
                                const struct result_run *run, char out[UNITS_TEXT_SIZE]) {
  return result_field_format_value(field->kind, result_field_value(section, field, run), out);
}
