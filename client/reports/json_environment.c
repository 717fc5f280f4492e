/* The machine as JSON: one row for each text and each number of its state. Knows no run. */
#include "client/reports/json_environment.h"

#include <stddef.h>
#include <string.h>

#include "client/reports/json_values.h"
#include "common/text/json_text.h"

#define IN(field) offsetof(struct environment, field)

static const struct {
  const char *name;
  size_t offset; /* of a string in struct environment */
} texts[] = {
    {"system", IN(system)},
    {"release", IN(release)},
    {"architecture", IN(architecture)},
    {"cpu_model", IN(cpu_model)},
    {"virtualization", IN(state.virtualization)},
    {"machine_product", IN(state.product)},
    {"cpu_governor", IN(state.governor)},
    {"cpu_frequency_driver", IN(state.frequency_driver)},
    {"cpu_idle_driver", IN(state.idle_driver)},
    {"cpu_idle_governor", IN(state.idle_governor)},
    {"clock_source", IN(state.clock_source)},
    {"tcp_congestion_control", IN(state.congestion_control)},
    {"libuv_version", IN(libuv_version)},
};

/* Numbers of bytes; a row of several is an object with the names of `parts`. */
static const char *const limits[] = {"default", "max"};
static const char *const range[] = {"min", "default", "max"};

static const struct {
  const char *name;
  size_t offset; /* of `count` int64_t in struct environment */
  size_t count;
  const char *const *parts;
} numbers[] = {
    {"loopback_mtu_bytes", IN(state.loopback_mtu_bytes), 1, NULL},
    {"socket_receive_buffer_bytes", IN(state.receive_bytes), 2, limits},
    {"socket_send_buffer_bytes", IN(state.send_bytes), 2, limits},
    {"tcp_receive_buffer_bytes", IN(state.tcp_receive_bytes), 3, range},
    {"tcp_send_buffer_bytes", IN(state.tcp_send_bytes), 3, range},
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
