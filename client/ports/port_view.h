/* All that a report on the listeners of this machine needs, as plain data; and the reports. They ask nobody. */
#ifndef LOPING_CLIENT_PORTS_PORT_VIEW_H
#define LOPING_CLIENT_PORTS_PORT_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/ports/expected.h"
#include "client/ports/port_peers.h"
#include "client/ports/port_rows.h"
#include "client/ports/port_use.h"
#include "client/ports/published.h"
#include "client/sockets/port_list.h"
#include "common/explain/two_servers.h"
#include "common/net/own_addresses.h"
#include "common/text/style.h"

#define PORTS_SCHEMA_VERSION 1
#define PORT_LINE_SIZE       1024

struct port_view {
  const struct port_list *list;
  const struct port_filter *filter;
  bool is_filtered;
  size_t row_count;
  const struct port_row *rows; /* of those that the filter admits, in order */
  const struct own_addresses *own;
  int64_t now; /* seconds since 1970 UTC */
  int64_t own_user_id;
  enum localhost_order localhost; /* looked up where two programs share a number */
  const char *expected_path;      /* as it was typed; NULL without --expect */
  const struct expected_list *expected;
  bool with_notes;
  size_t columns;                          /* of a line; 0: those of the style */
  bool with_origins;                       /* --tree */
  const struct port_peers *peers;          /* of each row; NULL without --peers */
  const struct published_ports *published; /* NULL: not looked for */
  const struct port_use *use;              /* what --watch saw; NULL without */
  int64_t watched_since;                   /* then: seconds since 1970 UTC */
};

/* Does nobody listen for this line, though the filter lets its port through? */
bool port_view_misses(const struct port_view *view, const struct expected_port *port);

/* Do two programs share the number of this row? True of one row for each number: the one that takes 127.0.0.1. */
bool port_view_two_servers(const struct port_list *list, const struct port_row *row, struct two_servers *two);

/* Takes one line, without its newline. */
typedef void port_line(void *owner, const char *line);

/* The list for people: a table for each reach, and what is to be said of it. */
void port_report_text(const struct port_view *view, const struct style *style, port_line *put, void *owner);

/* Whether the rows are the expected ones: nothing without --expect. */
void port_report_judgement(const struct port_view *view, const struct style *style, port_line *put, void *owner);

/* One change as a line: "2026-11-22T09:30:00Z + 8080/tcp on 127.0.0.1: python3 (pid 12), user root". `sign`: + came,
 * - went, ! is unexpected, ~ is unused. */
void port_report_change(const struct port_socket *socket, char sign, int64_t now, char line[PORT_LINE_SIZE]);

/* What makes a listener unused, or only not seen in use: "nobody was connected at any of 12 looks since ...". Writes
 * into `out` and returns it. */
const char *port_use_text(const struct port_use *use, int64_t since, char *out, size_t out_bytes);

/* "unused", or the weaker words where the system counted connections that no look saw. */
const char *port_use_word(const struct port_use *use);

/* The holder of a socket in a few words: "python3 (pid 12)", "hidden". Escaped. Writes into `out` and returns it. */
const char *port_holder_text(const struct port_socket *socket, char *out, size_t out_bytes);

/* Whose it is: the user of its process, or of the socket. Escaped. Writes into `out` and returns it. */
const char *port_user_text(const struct port_socket *socket, char *out, size_t out_bytes);

/* "[::]" to stand before a colon, "0.0.0.0 (and IPv4)" and so on. */
const char *port_address_text(const struct port_socket *socket, char *out, size_t out_bytes);

/* Who is connected, as the end of a line that begins with "peers: ": "node (pid 12) 5, 192.168.1.7 2". Escaped. Writes
 * into `out` and returns it. */
const char *port_peers_text(const struct port_socket *socket, const struct port_peers *peers, char *out,
                            size_t out_bytes);

/* The same as an object of the result file. The caller owns it. */
json_t *port_peers_json(const struct port_peers *peers);

/* One row as an object of the list; `is_judged`: --expect was asked for. The caller owns it. */
json_t *port_row_json(const struct port_row *row, bool is_judged);

/* The list as one JSON object, as the man page says. The caller owns it; NULL if memory ran out. */
json_t *port_report_json(const struct port_view *view, int argument_count, char *const *arguments);

#endif
