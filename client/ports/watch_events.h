/* What --watch tells of changes: lines of text in a pipe, objects in a file. */
#ifndef LOPING_CLIENT_PORTS_WATCH_EVENTS_H
#define LOPING_CLIENT_PORTS_WATCH_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "client/ports/port_changes.h"
#include "client/ports/port_use.h"
#include "client/ports/ports_settings.h"

#define WATCH_SCHEMA_VERSION 1

enum watch_event { WATCH_NEW, WATCH_GONE, WATCH_UNEXPECTED, WATCH_UNUSED };

/* Where the events go. */
struct watch_events {
  const struct ports_settings *settings;
  bool has_text; /* a line each on stdout */
  FILE *json;    /* an object each; NULL: none */
  int code;      /* the first failure of writing objects; 0 */
  bool is_over;  /* nobody takes them any more */
};

/* Opens the file of --json, if there is one. Returns 0 or a negative UV_ code: UV_EEXIST for one that holds something.
 */
int watch_events_open(struct watch_events *events, const struct ports_settings *settings, bool has_text);

/* The first look: so many sockets are there. */
void watch_events_tell_begin(struct watch_events *events, size_t sockets);

void watch_events_tell(struct watch_events *events, enum watch_event event, const struct port_socket *socket);

/* A listener that nobody has connected to, when the watching ends; `since`: seconds since 1970 UTC. */
void watch_events_tell_unused(struct watch_events *events, const struct port_socket *socket, const struct port_use *use,
                              int64_t since);

/* The end, after so many looks. */
void watch_events_tell_end(struct watch_events *events, uint64_t looks);

/* Returns the first failure, this one's too. */
int watch_events_close(struct watch_events *events);

#endif
