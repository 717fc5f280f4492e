/* See watch_events.h. Each event leaves at once. */
#include "client/ports/watch_events.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/whole_file.h"
#include "client/ports/port_view.h"
#include "common/text/clock.h"
#include "common/text/json_line.h"
#include "common/text/json_text.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"

#define PATH_SHOWN_SIZE 256

static const struct {
  const char *name;
  char sign;
} kinds[] = {
    [WATCH_NEW] = {"new", '+'},
    [WATCH_GONE] = {"gone", '-'},
    [WATCH_UNEXPECTED] = {"unexpected", '!'},
    [WATCH_UNUSED] = {"unused", '~'},
};

int watch_events_open(struct watch_events *events, const struct ports_settings *settings, bool has_text) {
  bool is_stdout = settings->json_path != NULL && strcmp(settings->json_path, "-") == 0;
  *events = (struct watch_events){.settings = settings, .has_text = has_text && !is_stdout};
  if (settings->json_path == NULL) return 0;
  if (!is_stdout) return whole_file_open_live(settings->json_path, &events->json);
  events->json = stdout;
  return 0;
}

static json_t *begin_object(const char *event) {
  char at[CLOCK_UTC_TEXT_SIZE];
  json_t *object = json_object();
  clock_utc_text(clock_calendar_seconds(), at);
  json_object_set_new(object, "schema_version", json_integer(WATCH_SCHEMA_VERSION));
  json_object_set_new(object, "event", json_string(event));
  json_object_set_new(object, "at", json_string(at));
  return object;
}

/* Takes the object over. */
static void put_object(struct watch_events *events, json_t *object) {
  char *line = json_line_make(object);
  errno = line == NULL ? ENOMEM : 0;
  bool is_written = line != NULL && fputs(line, events->json) != EOF && fflush(events->json) == 0;
  if (!is_written && events->code == 0) events->code = errno != 0 ? uv_translate_sys_error(errno) : UV_EIO;
  events->is_over = events->is_over || !is_written;
  free(line);
}

/* Whoever prints to a stdout that takes no more is told so at the very end. */
static void put_line(struct watch_events *events, const char *line) {
  layout_write_as_is(stdout, line);
  if (fputc('\n', stdout) == EOF || fflush(stdout) != 0 || ferror(stdout)) events->is_over = true;
}

void watch_events_tell_begin(struct watch_events *events, size_t sockets) {
  if (events->json == NULL) return;
  json_t *object = begin_object("began");
  json_object_set_new(object, "sockets", json_integer((json_int_t)sockets));
  json_object_set_new(object, "expect", json_text(events->settings->expect_path));
  put_object(events, object);
}

static json_t *event_object(const struct watch_events *events, enum watch_event event,
                            const struct port_socket *socket) {
  bool is_judged = event == WATCH_UNEXPECTED && events->settings->expect_path != NULL;
  struct port_row row = {.socket = socket, .is_unexpected = is_judged};
  json_t *object = begin_object(kinds[event].name);
  json_object_set_new(object, "socket", port_row_json(&row, is_judged));
  return object;
}

void watch_events_tell(struct watch_events *events, enum watch_event event, const struct port_socket *socket) {
  char line[PORT_LINE_SIZE], path[PATH_SHOWN_SIZE];
  if (events->json != NULL) put_object(events, event_object(events, event, socket));
  if (!events->has_text) return;
  port_report_change(socket, kinds[event].sign, clock_calendar_seconds(), line);
  size_t used = strlen(line);
  if (event == WATCH_UNEXPECTED) {
    safe_text_copy(events->settings->expect_path, strlen(events->settings->expect_path), path, sizeof path);
    snprintf(line + used, sizeof line - used, "; not in %s", path);
  }
  put_line(events, line);
}

void watch_events_tell_unused(struct watch_events *events, const struct port_socket *socket, const struct port_use *use,
                              int64_t since) {
  char line[PORT_LINE_SIZE], utc[CLOCK_UTC_TEXT_SIZE];
  clock_utc_text(since, utc);
  if (events->json != NULL) {
    json_t *object = event_object(events, WATCH_UNUSED, socket);
    json_object_set_new(object, "since", json_string(utc));
    json_object_set_new(object, "looks", json_integer((json_int_t)use->looks));
    json_object_set_new(object, "connections_counted",
                        use->is_counted ? json_integer((json_int_t)use->counted) : json_null());
    json_object_set_new(object, "connections_missed",
                        use->is_counted ? json_integer((json_int_t)port_use_missed(use)) : json_null());
    put_object(events, object);
  }
  if (!events->has_text) return;
  port_report_change(socket, kinds[WATCH_UNUSED].sign, clock_calendar_seconds(), line);
  size_t used = strlen(line);
  snprintf(line + used, sizeof line - used, "; %s since %s", port_use_word(use), utc);
  put_line(events, line);
}

void watch_events_tell_end(struct watch_events *events, uint64_t looks) {
  if (events->json == NULL) return;
  json_t *object = begin_object("ended");
  json_object_set_new(object, "looks", json_integer((json_int_t)looks));
  put_object(events, object);
}

int watch_events_close(struct watch_events *events) {
  if (events->json != NULL && events->json != stdout && fclose(events->json) != 0 && events->code == 0)
    events->code = uv_translate_sys_error(errno);
  events->json = NULL;
  return events->code;
}
