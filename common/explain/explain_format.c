/* An explanation as lines for a terminal and as the "error" object of a result file. Must not know what failed. */
#include <stdio.h>
#include <string.h>

#include "common/explain/explain_text.h"
#include "common/explain/explanation.h"
#include "common/text/clock.h"
#include "common/text/json_text.h"

/* Text on its way into a buffer that is always large enough or cut. */
struct page {
  char *out;
  size_t used;
};

static void put(struct page *page, const char *text, size_t length) {
  for (size_t i = 0; i < length && page->used + 1 < EXPLAIN_TEXT_SIZE; i++) {
    unsigned char byte = (unsigned char)text[i];
    bool is_control = (byte < 0x20 && byte != '\n') || byte == 0x7f;
    page->out[page->used++] = text[i];
    if (is_control) page->out[page->used - 1] = '?';
  }
  page->out[page->used] = '\0';
}

static void put_line(struct page *page, const char *first, const char *text) {
  put(page, first, strlen(first));
  put(page, text, strlen(text));
  put(page, "\n", 1);
}

void explain_format(const char *program, const struct explanation *explanation, char out[EXPLAIN_TEXT_SIZE]) {
  struct page page = {.out = out};
  char begin[64];
  out[0] = '\0';
  snprintf(begin, sizeof begin, "%s: ", program);
  put_line(&page, begin, explanation->what_happened);
  if (explanation->likely_cause[0] != '\0') put_line(&page, "  ", explanation->likely_cause);
  if (explanation->step_count > 0) put_line(&page, "What to do:", "");
  for (size_t i = 0; i < explanation->step_count; i++)
    put_line(&page, "  - ", explanation->what_to_do[i]);
}

static json_t *number_or_null(int64_t number, bool is_known) {
  return is_known ? json_integer(number) : json_null();
}

/* The parents, from the nearest on. */
static json_t *parents_to_json(const struct process_origin *origin) {
  if (origin == NULL || !origin->is_known) return json_null();
  json_t *parents = json_array();
  for (size_t i = 0; i < origin->parent_count; i++) {
    const struct origin_process *parent = &origin->parents[i];
    json_array_append_new(
        parents, json_pack("{s:I, s:o, s:o}", "pid", (json_int_t)parent->pid, "command", json_text(parent->command),
                           "command_line", json_text(parent->command_line)));
  }
  return parents;
}

static void add_origin(json_t *holder, const struct process_origin *origin) {
  const struct {
    const char *name, *text;
  } texts[] = {
      {"unit", origin == NULL ? "" : origin->unit},
      {"container", origin == NULL ? "" : origin->container},
      {"cwd", origin == NULL ? "" : origin->folder},
      {"project", origin == NULL ? "" : origin->project},
      {"terminal", origin == NULL ? "" : origin->terminal},
      {"restarted_by", origin == NULL ? "" : origin->restarted_by},
      {"stop", origin == NULL ? "" : origin->stop},
      {"stop_note", origin == NULL ? "" : origin->stop_note},
  };
  json_object_set_new(holder, "parents", parents_to_json(origin));
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    json_object_set_new(holder, texts[i].name, json_text(texts[i].text));
  json_object_set_new(holder, "program_deleted",
                      origin == NULL || !origin->is_known ? json_null() : json_boolean(origin->is_deleted));
}

json_t *explain_holder_to_json(const struct port_socket *socket, const struct port_process *process) {
  char address[ADDRESS_TEXT_SIZE], since[CLOCK_UTC_TEXT_SIZE] = "";
  struct endpoint endpoint = {.transport = socket->transport, .address = socket->local};
  memcpy(endpoint.path, socket->path, sizeof endpoint.path);
  endpoint_format(&endpoint, address);
  if (process != NULL && process->since > 0) clock_utc_text(process->since, since);
  int64_t uid = process != NULL ? process->uid : socket->uid;
  json_t *holder = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "pid",
                             number_or_null(process != NULL ? process->pid : 0, process != NULL), "command",
                             json_text(process != NULL ? process->command : ""), "command_line",
                             json_text(process != NULL ? process->command_line : ""), "user",
                             json_text(process != NULL ? process->user : socket->user), "uid",
                             number_or_null(uid, uid >= 0), "state", json_text(explain_state_name(socket->state)),
                             "address", json_text(address), "since", json_text(since));
  if (holder != NULL) add_origin(holder, process != NULL ? process->origin : NULL);
  return holder;
}

/* NULL if memory ran out. */
static json_t *holders_to_json(const struct explanation *explanation, const struct port_report *sockets) {
  json_t *holders = json_array();
  int failed = holders == NULL;
  for (size_t i = 0; sockets != NULL && i < explanation->holder_count && !failed; i++) {
    if (explanation->holders[i] >= sockets->socket_count) continue;
    const struct port_socket *socket = &sockets->sockets[explanation->holders[i]];
    if (socket->process_count == 0) failed |= json_array_append_new(holders, explain_holder_to_json(socket, NULL));
    for (size_t j = 0; j < socket->process_count; j++)
      failed |= json_array_append_new(holders, explain_holder_to_json(socket, &socket->processes[j]));
  }
  if (!failed) return holders;
  json_decref(holders);
  return NULL;
}

json_t *explain_to_json(const struct explanation *explanation, const struct port_report *sockets) {
  bool is_hidden = false;
  json_t *steps = json_array();
  int failed = steps == NULL;
  for (size_t i = 0; i < explanation->step_count && !failed; i++)
    failed |= json_array_append_new(steps, json_text(explanation->what_to_do[i]));
  for (size_t i = 0; sockets != NULL && i < explanation->holder_count; i++)
    if (explanation->holders[i] < sockets->socket_count &&
        sockets->sockets[explanation->holders[i]].owner == SOCKET_OWNER_HIDDEN)
      is_hidden = true;
  json_t *holders = failed ? NULL : holders_to_json(explanation, sockets);
  if (holders == NULL) {
    json_decref(steps);
    return NULL;
  }
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "code", json_text(explanation->code), "what_happened",
                   json_text(explanation->what_happened), "likely_cause", json_text(explanation->likely_cause),
                   "what_to_do", steps, "holders", holders, "holders_hidden", (int)is_hidden);
}
