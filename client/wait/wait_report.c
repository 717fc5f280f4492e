/* See wait_report.h. */
#include "client/wait/wait_report.h"

#include <stdio.h>
#include <string.h>

#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define NAME_SIZE (4 * ADDRESS_TEXT_SIZE + 8)

/* Escaped. A unix socket's name tells already that it is one. */
static const char *name_of(const struct wait_way *way, char out[NAME_SIZE]) {
  char address[ADDRESS_TEXT_SIZE], shown[4 * ADDRESS_TEXT_SIZE];
  bool is_unix = way->target.transport == TRANSPORT_UNIX;
  endpoint_format(&way->target, address);
  safe_text_copy(address, strlen(address), shown, sizeof shown);
  snprintf(out, NAME_SIZE, "%s%s%s%s", shown, is_unix ? "" : " (", is_unix ? "" : transport_name(way->target.transport),
           is_unix ? "" : ")");
  return out;
}

const char *wait_report_reached(const struct waiting *waiting, const struct wait_port *port,
                                char out[WAIT_SENTENCE_SIZE]) {
  char name[NAME_SIZE], after[UNITS_TEXT_SIZE], status[32];
  snprintf(status, sizeof status, "says HTTP %u", waiting->http_status);
  const char *words = waiting->goal == WAIT_HTTP ? status : waiting->goal == WAIT_FREE ? "can be bound" : "answers";
  snprintf(out, WAIT_SENTENCE_SIZE, "%s %s, after %s", name_of(&waiting->ways[port->way], name), words,
           units_format_duration((double)port->after_ns, after));
  return out;
}

/* What the last HEAD request came to. */
static void add_last_answer(const struct wait_way *way, char out[WAIT_SENTENCE_SIZE]) {
  size_t used = strlen(out);
  unsigned status = wait_http_status(way->facts.first_bytes, way->facts.first_bytes_length);
  if (status != 0)
    snprintf(out + used, WAIT_SENTENCE_SIZE - used, "; it said %u last", status);
  else if (way->facts.first_bytes_length > 0)
    snprintf(out + used, WAIT_SENTENCE_SIZE - used, "; what it says is no HTTP");
}

const char *wait_report_missed(const struct waiting *waiting, const struct wait_port *port,
                               char out[WAIT_SENTENCE_SIZE]) {
  char name[NAME_SIZE], after[UNITS_TEXT_SIZE];
  const struct wait_way *way = &waiting->ways[port->way];
  name_of(way, name);
  units_format_duration((double)waiting->waited_ns, after);
  if (port->is_hopeless)
    snprintf(out, WAIT_SENTENCE_SIZE, "%s cannot be bound, and waiting does not change that: %s (%s)", name,
             uv_strerror(way->bind_code), uv_err_name(way->bind_code));
  else if (waiting->goal == WAIT_FREE)
    snprintf(out, WAIT_SENTENCE_SIZE, "%s is still taken after %s", name, after);
  else if (waiting->goal == WAIT_HTTP)
    snprintf(out, WAIT_SENTENCE_SIZE, "%s does not say HTTP %u after %s", name, waiting->http_status, after);
  else
    snprintf(out, WAIT_SENTENCE_SIZE, "%s does not answer after %s", name, after);
  if (waiting->goal == WAIT_HTTP) add_last_answer(way, out);
  return out;
}

static unsigned count_connections(const struct waiting *waiting, size_t port) {
  unsigned count = 0;
  for (size_t i = 0; i < waiting->way_count; i++)
    if (waiting->ways[i].port == port) count += waiting->ways[i].connections;
  return count;
}

/* As check's result file says it: a unix socket has a path, escaped for a terminal, and no port. */
static void add_place(const struct endpoint *target, json_t *object) {
  char host[ADDRESS_TEXT_SIZE], path[4 * ADDRESS_PATH_SIZE];
  bool is_unix = target->transport == TRANSPORT_UNIX;
  safe_text_copy(target->path, strlen(target->path), path, sizeof path);
  json_object_set_new(object, "address",
                      is_unix ? json_null() : json_string(address_format_host(&target->address, host)));
  json_object_set_new(object, "port", is_unix ? json_null() : json_integer(address_port(&target->address)));
  json_object_set_new(object, "path", is_unix ? json_string(path) : json_null());
}

json_t *wait_report_object(const struct waiting *waiting, const struct wait_port *port, json_t *check) {
  static const char *const goals[] = {[WAIT_ANSWERS] = "answers", [WAIT_FREE] = "free", [WAIT_HTTP] = "http"};
  const struct wait_way *way = &waiting->ways[port->way];
  unsigned status = wait_http_status(way->facts.first_bytes, way->facts.first_bytes_length);
  json_t *object = json_object();
  add_place(&way->target, object);
  json_object_set_new(object, "transport", json_string(transport_name(way->target.transport)));
  json_object_set_new(object, "until", json_string(goals[waiting->goal]));
  json_object_set_new(object, "http_status",
                      waiting->goal == WAIT_HTTP ? json_integer(waiting->http_status) : json_null());
  json_object_set_new(object, "last_http_status", status != 0 ? json_integer(status) : json_null());
  json_object_set_new(object, "is_reached", json_boolean(port->is_reached));
  json_object_set_new(object, "after_ns", port->is_reached ? json_integer((json_int_t)port->after_ns) : json_null());
  json_object_set_new(object, "connections", json_integer(count_connections(waiting, (size_t)(port - waiting->ports))));
  json_object_set_new(object, "bind_error",
                      waiting->goal == WAIT_FREE && way->bind_code != 0 && !port->is_reached
                          ? json_string(uv_err_name(way->bind_code))
                          : json_null());
  json_object_set_new(object, "check", check != NULL ? check : json_null());
  return object;
}
