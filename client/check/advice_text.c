/* See advice_text.h. */
#include "client/check/advice_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void advice_context_make(const struct survey *survey, const struct examination *examination,
                         struct advice_context *context) {
  memset(context, 0, sizeof *context);
  context->examination = examination;
  context->sockets = &survey->sockets;
  context->firewall = firewall_tool_find(examination->facts.is_ipv6);
  context->timeout_ns = survey->timeout_ns;
  context->own_user_id = machine_user_id();
  context->shows_rules = firewall_tool_shows_rules();
  machine_port_settings(&context->ports);
}

void advice_say(struct advice *out, const char *format, ...) {
  va_list values;
  size_t used = strlen(out->sentence);
  va_start(values, format);
  vsnprintf(out->sentence + used, sizeof out->sentence - used, format, values);
  va_end(values);
}

void advice_note(struct advice *out, const char *format, ...) {
  va_list values;
  if (out->evidence_count == ADVICE_EVIDENCE_MAX) return;
  va_start(values, format);
  vsnprintf(out->evidence[out->evidence_count++], ADVICE_EVIDENCE_SIZE, format, values);
  va_end(values);
}

void advice_mark_chief(struct advice *out, size_t first) {
  for (size_t i = first; i < out->evidence_count; i++)
    out->is_chief[i] = true;
}

void advice_step(struct advice *out, const char *format, ...) {
  va_list values;
  if (out->step_count == ADVICE_STEPS_MAX) return;
  va_start(values, format);
  vsnprintf(out->steps[out->step_count++], ADVICE_STEP_SIZE, format, values);
  va_end(values);
}

const struct port_socket *advice_holder(const struct advice_context *context) {
  const struct examination *examination = context->examination;
  return examination->holder_count > 0 ? &context->sockets->sockets[examination->holders[0]] : NULL;
}

const char *advice_target(const struct advice_context *context, char out[ADDRESS_TEXT_SIZE + 8]) {
  char name[ADDRESS_TEXT_SIZE];
  endpoint_format(&context->examination->target, name);
  snprintf(out, ADDRESS_TEXT_SIZE + 8, "%s (%s)", name, transport_name(context->examination->target.transport));
  return out;
}
