/* A check's result as text and JSON. */
#include "client/check/report.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/explanation.h"
#include "common/text/safe_text.h"

static const char *strength(const struct advice_context *context, const struct style *style) {
  bool is_fine = verdict_exit_status(context->examination->verdict, &context->examination->facts) == 0;
  return is_fine ? style->strong : style->bad;
}

void report_check_write(const struct advice_context *context, const struct advice *advice, const struct style *style,
                        FILE *out) {
  char target[ADVICE_TARGET_SIZE], sentence[sizeof advice->sentence + 64];
  fprintf(out, "%s%s: %s%s\n", strength(context, style), advice_target(context, target),
          verdict_name(context->examination->verdict), style->end);
  snprintf(sentence, sizeof sentence, "%s", advice->sentence);
  if (sentence[0] >= 'a' && sentence[0] <= 'z') sentence[0] = (char)(sentence[0] - 'a' + 'A');
  fprintf(out, "  %s\n", sentence);
  fprintf(out, "Evidence:\n");
  for (size_t i = 0; i < advice->evidence_count; i++)
    fprintf(out, "  - %s\n", advice->evidence[i]);
  if (advice->step_count > 0) fprintf(out, "What to do:\n");
  for (size_t i = 0; i < advice->step_count; i++)
    fprintf(out, "  - %s\n", advice->steps[i]);
}

void report_check_write_line(const struct advice_context *context, const struct advice *advice,
                             const struct style *style, FILE *out) {
  char target[ADVICE_TARGET_SIZE], command[4 * sizeof(((struct port_process *)0)->command)] = "";
  const struct port_socket *holder = advice_holder(context);
  if (holder != NULL && holder->process_count > 0)
    safe_text_copy(holder->processes[0].command, strlen(holder->processes[0].command), command, sizeof command);
  fprintf(out, "%-22s %s%-15s%s %s%s%s%s\n", advice_target(context, target), strength(context, style),
          verdict_name(context->examination->verdict), style->end, advice->sentence, command[0] != '\0' ? " [" : "",
          command, command[0] != '\0' ? "]" : "");
}

static json_t *strings_array(const char *texts, size_t text_bytes, size_t count) {
  json_t *array = json_array();
  for (size_t i = 0; i < count; i++)
    json_array_append_new(array, json_string(texts + i * text_bytes));
  return array;
}

static json_t *holders_array(const struct advice_context *context, bool *is_hidden) {
  json_t *array = json_array();
  const struct examination *examination = context->examination;
  for (size_t i = 0; i < examination->holder_count; i++) {
    const struct port_socket *socket = &context->sockets->sockets[examination->holders[i]];
    if (socket->owner == SOCKET_OWNER_HIDDEN) *is_hidden = true;
    if (socket->process_count == 0) json_array_append_new(array, explain_holder_to_json(socket, NULL));
    for (size_t j = 0; j < socket->process_count; j++)
      json_array_append_new(array, explain_holder_to_json(socket, &socket->processes[j]));
  }
  return array;
}

/* The protocol's name, and what the server says of itself as text for a terminal; null where it is not known. */
static void add_protocol(const struct port_facts *facts, json_t *object) {
  const struct protocol_facts *known = &(facts->again.answer == ANSWER_KNOWN ? &facts->again : &facts->probe)->protocol;
  const char *name = protocol_name(known->protocol);
  char product[4 * PROTOCOL_PRODUCT_BYTES];
  safe_text_copy(known->product, strlen(known->product), product, sizeof product);
  json_object_set_new(object, "protocol", name != NULL ? json_string(name) : json_null());
  json_object_set_new(object, "product", name != NULL && product[0] != '\0' ? json_string(product) : json_null());
}

/* A unix socket has a path, escaped for a terminal, and no port; a port the other way round. */
static void add_path(const struct endpoint *target, json_t *object) {
  char path[4 * ADDRESS_PATH_SIZE];
  bool is_unix = target->transport == TRANSPORT_UNIX;
  safe_text_copy(target->path, strlen(target->path), path, sizeof path);
  json_object_set_new(object, "path", is_unix ? json_string(path) : json_null());
  if (!is_unix) return;
  json_object_set_new(object, "port", json_null());
  json_object_set_new(object, "address", json_null());
}

json_t *report_check_object(const struct advice_context *context, const struct advice *advice) {
  const struct endpoint *target = &context->examination->target;
  char host[ADDRESS_TEXT_SIZE];
  bool is_hidden = false;
  json_t *holders = holders_array(context, &is_hidden);
  address_format_host(&target->address, host);
  json_t *object =
      json_pack("{s:i, s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:b}", "port", (int)address_port(&target->address),
                "transport", transport_name(target->transport), "address", host, "verdict",
                verdict_name(context->examination->verdict), "sentence", advice->sentence, "evidence",
                strings_array(advice->evidence[0], ADVICE_EVIDENCE_SIZE, advice->evidence_count), "what_to_do",
                strings_array(advice->steps[0], ADVICE_STEP_SIZE, advice->step_count), "holders", holders,
                "holders_hidden", (int)is_hidden);
  if (object == NULL) return NULL;
  add_protocol(&context->examination->facts, object);
  add_path(target, object);
  return object;
}
