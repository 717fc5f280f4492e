/*
 * Sentences: appended within fixed buffers, with every name from outside escaped on its way in; and the sentences on
 * holders, which bind and client failures share. Must not know what failed.
 */
#include "common/explain/explain_text.h"
#include "common/machine/machine.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text/clock.h"
#include "common/text/safe_text.h"

void explain_code_name(int code, char out[32]) {
  uv_err_name_r(code, out, 32);
  if (strncmp(out, "Unknown", 7) == 0) snprintf(out, 32, "errno %d", -code);
}

void explain_begin(struct explanation *out, int code, const char *code_name) {
  memset(out, 0, sizeof *out);
  if (code_name != NULL)
    snprintf(out->code, sizeof out->code, "%s", code_name);
  else
    explain_code_name(code, out->code);
}

void explain_happened(struct explanation *out, const char *format, ...) {
  va_list values;
  va_start(values, format);
  vsnprintf(out->what_happened, sizeof out->what_happened, format, values);
  va_end(values);
}

__attribute__((format(__printf__, 3, 0))) static void append(struct explanation *out, char separator,
                                                             const char *format, va_list values) {
  size_t used = strlen(out->likely_cause);
  if (used > 0 && used + 1 < sizeof out->likely_cause) {
    out->likely_cause[used++] = separator;
    out->likely_cause[used] = '\0';
  }
  vsnprintf(out->likely_cause + used, sizeof out->likely_cause - used, format, values);
}

void explain_cause(struct explanation *out, const char *format, ...) {
  va_list values;
  va_start(values, format);
  append(out, ' ', format, values);
  va_end(values);
}

void explain_line(struct explanation *out, const char *format, ...) {
  va_list values;
  va_start(values, format);
  append(out, '\n', format, values);
  va_end(values);
}

void explain_step(struct explanation *out, const char *format, ...) {
  va_list values;
  if (out->step_count == EXPLAIN_STEPS_MAX) return;
  va_start(values, format);
  vsnprintf(out->what_to_do[out->step_count++], EXPLAIN_STEP_SIZE, format, values);
  va_end(values);
}

const char *explain_state_name(enum socket_state state) {
  static const char *const names[] = {
      [SOCKET_STATE_UNKNOWN] = "UNKNOWN",       [SOCKET_STATE_LISTEN] = "LISTEN",
      [SOCKET_STATE_BOUND] = "BOUND",           [SOCKET_STATE_ESTABLISHED] = "ESTABLISHED",
      [SOCKET_STATE_CONNECTING] = "CONNECTING", [SOCKET_STATE_FIN_WAIT] = "FIN_WAIT",
      [SOCKET_STATE_CLOSE_WAIT] = "CLOSE_WAIT", [SOCKET_STATE_TIME_WAIT] = "TIME_WAIT",
  };
  return names[state];
}

const char *explain_endpoint(const struct endpoint *endpoint, char out[EXPLAIN_NAME_SIZE * 4]) {
  char name[ADDRESS_TEXT_SIZE];
  endpoint_format(endpoint, name);
  size_t used = safe_text_copy(name, strlen(name), out, EXPLAIN_NAME_SIZE * 4);
  if (endpoint->transport != TRANSPORT_UNIX)
    snprintf(out + used, EXPLAIN_NAME_SIZE * 4 - used, " (%s)", transport_name(endpoint->transport));
  return out;
}

const char *explain_age(int64_t seconds, char out[32]) {
  static const struct {
    int64_t below;
    int64_t unit_seconds;
    const char *unit;
  } scales[] = {{120, 1, "s"}, {120 * 60, 60, "min"}, {48 * 3600, 3600, "h"}, {INT64_MAX, 86400, "days"}};
  size_t i = 0;
  if (seconds < 0) seconds = 0;
  while (seconds >= scales[i].below && i + 1 < sizeof scales / sizeof scales[0])
    i++;
  snprintf(out, 32, "%" PRId64 " %s ago", seconds / scales[i].unit_seconds, scales[i].unit);
  return out;
}

const char *explain_user(int64_t id, char out[EXPLAIN_USER_SIZE]) {
  if (id < 0)
    snprintf(out, EXPLAIN_USER_SIZE, "this user");
  else
    snprintf(out, EXPLAIN_USER_SIZE, "user id %" PRId64, id);
  return out;
}

const char *explain_untold(const char *program, const char *words, uint16_t port, char out[EXPLAIN_UNTOLD_SIZE]) {
  char command[EXPLAIN_COMMAND_SIZE], name[8];
  snprintf(name, sizeof name, "%u", port);
  snprintf(out, EXPLAIN_UNTOLD_SIZE, "%s does not tell %s who has a port: %s", machine_words()->system, program,
           explain_command(words, name, command));
  return out;
}

const char *explain_command(const char *words, const char *name, char out[EXPLAIN_COMMAND_SIZE]) {
  size_t used = 0;
  while (*words != '\0' && used + 1 < EXPLAIN_COMMAND_SIZE) {
    if (strncmp(words, "PORT", 4) == 0 || strncmp(words, "PATH", 4) == 0) {
      int length = snprintf(out + used, EXPLAIN_COMMAND_SIZE - used, "%s", name);
      used += (size_t)length < EXPLAIN_COMMAND_SIZE - used ? (size_t)length : EXPLAIN_COMMAND_SIZE - used - 1;
      words += 4;
    } else {
      out[used++] = *words++;
    }
  }
  out[used] = '\0';
  return out;
}
