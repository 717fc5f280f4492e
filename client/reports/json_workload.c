/* One row for each field: what the schema says of it, and what writes it. Knows no figure. */
#include "client/reports/json_workload.h"

#include "client/reports/json_values.h"
#include "common/explain/explanation_schema.h"
#include "common/text/json_text.h"

static const char *const directions[] = {"echo", "up", "down", NULL};
static const char *const waits[] = {"event", "busy-poll", NULL};
static const char *const peer_kinds[] = {"lopong", "plain-echo", NULL};

/* A field's value, of what is called `it`. */
#define WORKLOAD_VALUE(name, value)                               \
  static json_t *write_##name(const struct result_workload *it) { \
    return value;                                                 \
  }
#define PEER_VALUE(name, value)                                    \
  static json_t *write_peer_##name(const struct result_peer *it) { \
    return value;                                                  \
  }

/* Where nothing streams, nothing can be without a copy. */
static json_t *stream_truth(const struct result_workload *workload, bool value) {
  return workload->direction != NULL ? json_boolean(value) : json_null();
}

WORKLOAD_VALUE(name, json_string(it->name))
WORKLOAD_VALUE(direction, json_text(it->direction))
WORKLOAD_VALUE(transport, json_string(transport_name(it->transport)))
WORKLOAD_VALUE(address, json_text(it->address))
WORKLOAD_VALUE(port, json_value_whole_or_null(it->port))
WORKLOAD_VALUE(payload_bytes, json_value_whole(it->payload_bytes))
WORKLOAD_VALUE(connections, json_value_whole(it->connections))
WORKLOAD_VALUE(depth, json_value_whole_or_null(it->depth))
WORKLOAD_VALUE(rate_per_second, json_value_number_if(it->rate_per_second > 0, it->rate_per_second))
WORKLOAD_VALUE(nodelay, it->transport == TRANSPORT_TCP ? json_boolean(!it->keeps_nagle) : json_null())
WORKLOAD_VALUE(writes_per_message, json_value_whole_or_null(it->writes_per_message))
WORKLOAD_VALUE(cpu, it->is_pinned ? json_value_whole(it->cpu) : json_null())
WORKLOAD_VALUE(interval_ns, json_value_whole_or_null(it->interval_ns))
WORKLOAD_VALUE(wait, json_string(it->is_busy_poll ? "busy-poll" : "event"))
WORKLOAD_VALUE(zero_copy, stream_truth(it, it->is_zero_copy))
WORKLOAD_VALUE(sent_by_reference, stream_truth(it, it->is_sent_by_reference))
WORKLOAD_VALUE(discarded_unread, stream_truth(it, it->is_discarded_unread))
WORKLOAD_VALUE(duration_ns, json_value_whole(it->duration_ns))
WORKLOAD_VALUE(warmup_ns, json_value_whole(it->warmup_ns))
WORKLOAD_VALUE(seed, json_value_whole(it->seed))

static const struct {
  struct schema_field field;
  json_t *(*write)(const struct result_workload *workload);
} workload_rows[] = {
    {{"name", SCHEMA_TEXT, "latency, ping, throughput, connect or anatomy.", NULL, NULL, NULL}, write_name},
    {{"direction", SCHEMA_TEXT | SCHEMA_NULL, "Of a stream: which way the bytes go; null for messages.", NULL,
      directions, NULL},
     write_direction},
    {{"transport", SCHEMA_TEXT, "What carried the bytes.", NULL, explanation_schema_transports, NULL}, write_transport},
    {{"address", SCHEMA_TEXT | SCHEMA_NULL, "The server's address without its port, or the path of its unix socket.",
      NULL, NULL, NULL},
     write_address},
    {{"port", SCHEMA_WHOLE | SCHEMA_NULL, "The server's port; null for a unix socket.", NULL, NULL, NULL}, write_port},
    {{"payload_bytes", SCHEMA_WHOLE, "Bytes of a message, or of one write of a stream.", NULL, NULL, NULL},
     write_payload_bytes},
    {{"connections", SCHEMA_WHOLE, "How many connections at a time.", NULL, NULL, NULL}, write_connections},
    {{"depth", SCHEMA_WHOLE | SCHEMA_NULL, "How many messages each connection has in flight.", NULL, NULL, NULL},
     write_depth},
    {{"rate_per_second", SCHEMA_NUMBER | SCHEMA_NULL,
      "Messages a second that an open loop's schedule asks for; null in a closed loop.", NULL, NULL, NULL},
     write_rate_per_second},
    {{"nodelay", SCHEMA_TRUTH | SCHEMA_NULL, "TCP_NODELAY is set; null but for TCP.", NULL, NULL, NULL}, write_nodelay},
    {{"writes_per_message", SCHEMA_WHOLE | SCHEMA_NULL, "Send calls for each message; null for a stream.", NULL, NULL,
      NULL},
     write_writes_per_message},
    {{"cpu", SCHEMA_WHOLE | SCHEMA_NULL, "The CPU that the client was pinned to; null where it was not.", NULL, NULL,
      NULL},
     write_cpu},
    {{"interval_ns", SCHEMA_WHOLE | SCHEMA_NULL, "Of ping: from one message to the next, in nanoseconds.", NULL, NULL,
      NULL},
     write_interval_ns},
    {{"wait", SCHEMA_TEXT, "Whether the client sleeps until the kernel wakes it, or asks again and again.", NULL, waits,
      NULL},
     write_wait},
    {{"zero_copy", SCHEMA_TRUTH | SCHEMA_NULL, "--zero-copy was asked for; null where nothing streams.", NULL, NULL,
      NULL},
     write_zero_copy},
    {{"sent_by_reference", SCHEMA_TRUTH | SCHEMA_NULL,
      "What the client sent was not copied; null where nothing streams.", NULL, NULL, NULL},
     write_sent_by_reference},
    {{"discarded_unread", SCHEMA_TRUTH | SCHEMA_NULL,
      "Who received the bytes discarded them without reading; null where nothing streams.", NULL, NULL, NULL},
     write_discarded_unread},
    {{"duration_ns", SCHEMA_WHOLE, "How long was really measured, in nanoseconds.", NULL, NULL, NULL},
     write_duration_ns},
    {{"warmup_ns", SCHEMA_WHOLE, "What was left out before that, in nanoseconds.", NULL, NULL, NULL}, write_warmup_ns},
    {{"seed", SCHEMA_WHOLE, "Of the pattern that was sent.", NULL, NULL, NULL}, write_seed},
};

#define WORKLOAD_ROWS (sizeof workload_rows / sizeof workload_rows[0])

json_t *json_workload_object(const struct result_workload *workload) {
  json_t *object = json_object();
  for (size_t i = 0; i < WORKLOAD_ROWS; i++)
    json_object_set_new(object, workload_rows[i].field.name, workload_rows[i].write(workload));
  return object;
}

static void add_workload(json_t *definition, json_t *definitions) {
  for (size_t i = 0; i < WORKLOAD_ROWS; i++)
    schema_add_field(definition, definitions, &workload_rows[i].field);
}

const struct schema_object json_schema_workload = {"workload", "What was measured.", NULL, NULL, 0, add_workload};

/* By enum peer_kind. */
static const char *kind_name(enum peer_kind kind) {
  return kind == PEER_LOPONG ? peer_kinds[0] : kind == PEER_PLAIN_ECHO ? peer_kinds[1] : NULL;
}

PEER_VALUE(kind, json_text(kind_name(it->kind)))
PEER_VALUE(pid, json_value_whole_or_null(it->pid))

/* No server tells its version. */
static json_t *write_peer_version(const struct result_peer *it) {
  (void)it;
  return json_null();
}

static const struct {
  struct schema_field field;
  json_t *(*write)(const struct result_peer *peer);
} peer_rows[] = {
    {{"kind", SCHEMA_TEXT | SCHEMA_NULL, "What the server is; null where that is not known.", NULL, peer_kinds, NULL},
     write_peer_kind},
    {{"version", SCHEMA_TEXT | SCHEMA_NULL, "Its version; null: not told.", NULL, NULL, NULL}, write_peer_version},
    {{"pid", SCHEMA_WHOLE | SCHEMA_NULL, "Its process number, as far as it is known.", NULL, NULL, NULL},
     write_peer_pid},
};

#define PEER_ROWS (sizeof peer_rows / sizeof peer_rows[0])

json_t *json_peer_object(const struct result_peer *peer) {
  json_t *object = json_object();
  for (size_t i = 0; i < PEER_ROWS; i++)
    json_object_set_new(object, peer_rows[i].field.name, peer_rows[i].write(peer));
  return object;
}

static void add_peer(json_t *definition, json_t *definitions) {
  for (size_t i = 0; i < PEER_ROWS; i++)
    schema_add_field(definition, definitions, &peer_rows[i].field);
}

const struct schema_object json_schema_peer = {"peer", "The server.", NULL, NULL, 0, add_peer};
