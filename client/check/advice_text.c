/* See advice_text.h. */
#include "client/check/advice_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/check/firewall/nft_name.h"
#include "common/explain/explain_text.h"
#include "common/explain/holders.h"
#include "common/memory/memory.h"
#include "common/net/own_addresses.h"

static void find_interface(const struct endpoint *target, char name[64]) {
  if (target->transport == TRANSPORT_UNIX || address_is_loopback(&target->address)) return;
  struct own_addresses *own = memory_take(sizeof *own);
  if (own == NULL) return;
  own_addresses_gather(own);
  const struct own_address *found = own_addresses_find(own, &target->address);
  if (found != NULL && !found->is_internal) snprintf(name, 64, "%s", found->interface_name);
  free(own);
}

void advice_context_make(const struct survey *survey, const struct examination *examination,
                         struct advice_context *context) {
  memset(context, 0, sizeof *context);
  context->examination = examination;
  context->sockets = &survey->sockets;
  const char *show_firewall = survey->show_firewall[examination->facts.is_ipv6 ? 1 : 0];
  context->show_firewall = show_firewall != NULL ? show_firewall : "";
  context->timeout_ns = survey->timeout_ns;
  context->own_user_id = machine_user_id();
  context->shows_rules = firewall_tool_shows_rules();
  machine_port_settings(&context->ports);
  context->has_two_servers = examination->target.transport == TRANSPORT_TCP &&
                             two_servers_find(survey->sockets.sockets, survey->sockets.socket_count,
                                              address_port(&examination->target.address), &context->two_servers);
  if (context->has_two_servers) context->localhost = localhost_find_order();
  find_interface(&examination->target, context->interface_name);
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

uint16_t advice_port(const struct advice_context *context) {
  return address_port(&context->examination->target.address);
}

bool advice_is_udp(const struct advice_context *context) {
  return context->examination->facts.is_udp;
}

const char *advice_pids(const struct advice_context *context, bool only_stopped, char *out, size_t out_bytes) {
  const struct port_socket *holder = advice_holder(context);
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; holder != NULL && i < holder->process_count && out_bytes - used > 24; i++)
    if (holder->processes[i].is_stopped || !only_stopped)
      used += (size_t)snprintf(out + used, out_bytes - used, " %" PRId64, holder->processes[i].pid);
  return out;
}

void advice_suggest_stop(const struct advice_context *context, struct advice *out) {
  const struct port_socket *holder = advice_holder(context);
  struct explain_holders holders = {.count = 1, .sockets = {holder}};
  struct explanation explanation;
  if (holder == NULL) return;
  explain_begin(&explanation, 0, "");
  explain_how_to_stop(&explanation, &holders, context->own_user_id);
  for (size_t i = 0; i < explanation.step_count; i++)
    advice_step(out, "or %s", explanation.what_to_do[i]);
}

const char *advice_look_words(const struct port_facts *facts) {
  const struct machine_words *words = machine_words();
  if (facts->is_unix) return words->show_unix_holder;
  return facts->is_udp ? words->show_udp_holder : words->show_tcp_holder;
}

void advice_suggest_look(const struct advice_context *context, struct advice *out) {
  const struct machine_words *words = machine_words();
  const struct port_facts *facts = &context->examination->facts;
  const char *path = context->examination->target.path;
  char name[4 * ADDRESS_PATH_SIZE], command[EXPLAIN_COMMAND_SIZE];
  const char *show = advice_look_words(facts);
  /* The evidence has said the command already. */
  bool is_untold = !facts->is_unix && !facts->listener.is_known && facts->listener.code == 0;
  snprintf(name, sizeof name, "%u", advice_port(context));
  if (facts->is_unix && !nft_name_quote(path, name, sizeof name)) return;
  if (show[0] == '\0' || is_untold) return;
  advice_step(out, "see it yourself: %s%s",
              facts->listener.is_hidden && context->own_user_id != 0 ? words->become_admin : "",
              explain_command(show, name, command));
}

const char *advice_target(const struct advice_context *context, char out[ADVICE_TARGET_SIZE]) {
  return explain_endpoint(&context->examination->target, out);
}

const char *advice_word(const struct advice_context *context, char out[ADVICE_TARGET_SIZE]) {
  char text[ADDRESS_TEXT_SIZE];
  endpoint_format(&context->examination->target, text);
  if (!context->examination->facts.is_unix || !nft_name_quote(text, out, ADVICE_TARGET_SIZE))
    snprintf(out, ADVICE_TARGET_SIZE, "%u", advice_port(context));
  return out;
}
