/* The machine as JSON: one row for each text and each number of its state. Knows no run. */
#include "client/reports/json_environment.h"

#include <stddef.h>
#include <string.h>

#include "client/reports/json_schema.h"
#include "client/reports/json_values.h"
#include "common/text/json_text.h"

#define IN(field) offsetof(struct environment, field)

static const struct {
  const char *name;
  size_t offset; /* of a string in struct environment */
  const char *meaning;
} texts[] = {
    {"system", IN(system), "The operating system's name."},
    {"release", IN(release), "The kernel's version."},
    {"architecture", IN(architecture), "The processor's architecture."},
    {"cpu_model", IN(cpu_model), "The processor's name."},
    {"virtualization", IN(state.virtualization), "none, the hypervisor's name, or unnamed."},
    {"machine_product", IN(state.product), "The machine's vendor and product, as SMBIOS has them."},
    {"cpu_governor", IN(state.governor), "What picks the CPUs' frequency."},
    {"cpu_frequency_driver", IN(state.frequency_driver), "The kernel's driver for it."},
    {"cpu_idle_driver", IN(state.idle_driver), "The kernel's driver for idle CPUs."},
    {"cpu_idle_governor", IN(state.idle_governor), "What picks how deep an idle CPU sleeps."},
    {"clock_source", IN(state.clock_source), "What the kernel's clock reads."},
    {"tcp_congestion_control", IN(state.congestion_control),
     "How TCP is slowed down (net.ipv4.tcp_congestion_control)."},
    {"libuv_version", IN(libuv_version), "The version of libuv that loping runs with."},
};

/* Numbers of bytes; a row of several is an object with the names of `parts`. */
static const char *const limits[] = {"default", "max"};
static const char *const range[] = {"min", "default", "max"};
static const char *const part_meanings[] = {"The least, in bytes.", "What a socket begins with, in bytes.",
                                            "The most, in bytes."};

static const struct {
  const char *name;
  size_t offset; /* of `count` int64_t in struct environment */
  size_t count;
  const char *const *parts;
  const char *meaning;
} numbers[] = {
    {"loopback_mtu_bytes", IN(state.loopback_mtu_bytes), 1, NULL,
     "The largest packet of the loopback interface, in bytes."},
    {"socket_receive_buffer_bytes", IN(state.receive_bytes), 2, limits,
     "The receive buffers of sockets, in bytes (net.core.rmem)."},
    {"socket_send_buffer_bytes", IN(state.send_bytes), 2, limits,
     "The send buffers of sockets, in bytes (net.core.wmem)."},
    {"tcp_receive_buffer_bytes", IN(state.tcp_receive_bytes), 3, range,
     "The receive buffers of TCP, in bytes (net.ipv4.tcp_rmem)."},
    {"tcp_send_buffer_bytes", IN(state.tcp_send_bytes), 3, range,
     "The send buffers of TCP, in bytes (net.ipv4.tcp_wmem)."},
};

static json_t *whole_if_known(int64_t value) {
  return value == MACHINE_UNSAID ? json_null() : json_integer(value);
}

static json_t *numbers_value(const int64_t *values, size_t count, const char *const *parts) {
  if (parts == NULL) return whole_if_known(values[0]);
  bool is_known = false;
  for (size_t i = 0; i < count; i++)
    is_known = is_known || values[i] != MACHINE_UNSAID;
  if (!is_known) return json_null();
  json_t *object = json_object();
  for (size_t i = 0; i < count; i++)
    json_object_set_new(object, parts[i], whole_if_known(values[i]));
  return object;
}

/* The words of a text as an array. */
static json_t *words_array(const char *text) {
  if (text[0] == '\0') return json_null();
  json_t *array = json_array();
  while (*text != '\0') {
    size_t length = strcspn(text, " ");
    json_t *word = json_stringn(text, length);
    /* A driver's name that is no valid UTF-8 has no place in JSON. */
    if (word != NULL) json_array_append_new(array, word);
    text += length;
    text += strspn(text, " ");
  }
  return array;
}

static json_t *answer_value(enum machine_answer answer) {
  return answer == MACHINE_UNKNOWN ? json_null() : json_boolean(answer == MACHINE_YES);
}

/* The rest, one by one. */
static const struct schema_field others[] = {
    {"cpu_count", SCHEMA_WHOLE | SCHEMA_NULL, "How many CPUs loping may use.", NULL, NULL, NULL},
    {"memory_bytes", SCHEMA_WHOLE | SCHEMA_NULL, "The machine's memory, in bytes.", NULL, NULL, NULL},
    {"cpu_turbo", SCHEMA_TRUTH | SCHEMA_NULL, "May a CPU clock above its nominal frequency?", NULL, NULL, NULL},
    {"cpu_idle_states", SCHEMA_LIST | SCHEMA_TEXT | SCHEMA_NULL, "The idle states of CPU 0 that are on.", NULL, NULL,
     NULL},
    {"load_1m", SCHEMA_NUMBER, "The load average of one minute before the run.", NULL, NULL, NULL},
    {"steal_percent", SCHEMA_NUMBER | SCHEMA_NULL,
     "CPU time that the host of a virtual machine took during all runs together, in percent.", NULL, NULL, NULL},
};

json_t *json_environment_object(const struct environment *environment) {
  const char *bytes = (const char *)environment;
  json_t *object = json_object();
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    json_object_set_new(object, texts[i].name, json_text(bytes + texts[i].offset));
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    json_object_set_new(
        object, numbers[i].name,
        numbers_value((const int64_t *)(const void *)(bytes + numbers[i].offset), numbers[i].count, numbers[i].parts));
  json_object_set_new(object, "cpu_count", json_value_whole_or_null(environment->cpu_count));
  json_object_set_new(object, "memory_bytes", json_value_whole_or_null(environment->memory_bytes));
  json_object_set_new(object, "cpu_turbo", answer_value(environment->state.turbo));
  json_object_set_new(object, "cpu_idle_states", words_array(environment->state.idle_states));
  json_object_set_new(object, "load_1m", json_value_number(environment->load_1m, false));
  json_object_set_new(object, "steal_percent",
                      json_value_number_if(environment->has_steal, environment->steal_percent));
  return object;
}

/* A row of several numbers is an object. */
static void add_numbers(json_t *definition, json_t *definitions, size_t row) {
  struct schema_field field = {
      .name = numbers[row].name, .types = SCHEMA_WHOLE | SCHEMA_NULL, .meaning = numbers[row].meaning};
  if (numbers[row].parts == NULL) {
    schema_add_field(definition, definitions, &field);
    return;
  }
  const char *kind = numbers[row].count == 2 ? "buffer_limits" : "buffer_range";
  schema_add_object(definition, field.name, schema_refer(kind, field.meaning, true));
  if (json_object_get(definitions, kind) != NULL) return;
  json_t *object = schema_begin_object("The kernel's limits of a buffer; null where one is not known.");
  json_object_set_new(definitions, kind, object);
  for (size_t i = 0; i < numbers[row].count; i++) {
    field.name = numbers[row].parts[i];
    field.meaning = part_meanings[i + 3 - numbers[row].count];
    schema_add_field(object, definitions, &field);
  }
}

static void add_environment(json_t *definition, json_t *definitions) {
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    const struct schema_field field = {
        .name = texts[i].name, .types = SCHEMA_TEXT | SCHEMA_NULL, .meaning = texts[i].meaning};
    schema_add_field(definition, definitions, &field);
  }
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    add_numbers(definition, definitions, i);
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
    schema_add_field(definition, definitions, &others[i]);
}

const struct schema_object json_schema_environment = {
    "environment", "The machine and its settings. What is unknown is null.", NULL, NULL, 0, add_environment};
