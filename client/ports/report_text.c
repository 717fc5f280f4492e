/* The listeners as tables for people: those that other machines can reach stand first. Pure: lines go to a callback. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "client/ports/port_view.h"
#include "client/sockets/port_list.h"
#include "common/explain/explain_text.h"
#include "common/machine/machine.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"
#include "common/text/wrap.h"

#define CELL_SIZE 160
#define COLUMNS   6
/* A cell longer than this moves the rest of its own line alone. */
#define WIDEST_CELL    44
#define PARAGRAPH_SIZE 4096

struct page {
  const struct port_view *view;
  const struct style *style;
  port_line *put;
  void *owner;
  size_t columns; /* of a line */
  size_t widths[COLUMNS];
  bool is_short;      /* of when a process started, its age alone */
  size_t first_below; /* this column and those after it stand below the others: they do not fit beside them */
};

static const char *const headings[COLUMNS] = {"PORT", "PROTO", "ADDRESS", "PROCESS", "USER", "PROCESS STARTED"};
static const char *const short_headings[COLUMNS] = {"PORT", "PROTO", "ADDRESS", "PROCESS", "USER", "STARTED"};

static const struct {
  const char *title;
  const char *meaning;
} sections[] = {
    [PORT_REACH_EXPOSED] = {"REACHABLE FROM OTHER MACHINES",
                            "Warning: whoever can send packets to this machine can talk to these, unless a firewall "
                            "stops them."},
    [PORT_REACH_LOCAL] = {"REACHABLE FROM THIS MACHINE ONLY", NULL},
    [PORT_REACH_NOBODY] = {"BOUND, NOT LISTENING",
                           "These have their port, so nobody else can take it; connections to it are refused."},
};

static size_t text_columns(const char *text) {
  return wrap_columns(text, strlen(text));
}

/* A line on its way to the page, which takes whole ones. */
struct line {
  const struct page *page;
  size_t used;
  char text[PORT_LINE_SIZE];
};

static void put_piece(void *owner, const char *bytes, size_t length) {
  struct line *line = owner;
  if (length == 1 && bytes[0] == '\n') {
    line->page->put(line->page->owner, line->text);
    line->used = 0;
    length = 0;
  }
  if (length > sizeof line->text - 1 - line->used) length = sizeof line->text - 1 - line->used;
  memcpy(line->text + line->used, bytes, length);
  line->used += length;
  line->text[line->used] = '\0';
}

/* A paragraph of lines that are indented as far as `lead`, which begins the first, is long. */
static void put_paragraph(const struct page *page, const char *lead, const char *text) {
  struct line line = {.page = page};
  size_t indent = strlen(lead);
  struct wrap wrap = {.columns = page->columns, .indent = indent, .column = indent, .put = put_piece, .owner = &line};
  put_piece(&line, lead, indent);
  wrap_write(&wrap, text);
  page->put(page->owner, line.text);
}

__attribute__((format(__printf__, 2, 3))) static void put_note(const struct page *page, const char *format, ...) {
  char text[PARAGRAPH_SIZE];
  va_list values;
  va_start(values, format);
  vsnprintf(text, sizeof text, format, values);
  va_end(values);
  put_paragraph(page, "note: ", text);
}

static void write_since(const struct page *page, const struct port_socket *socket, char out[CELL_SIZE]) {
  char utc[CLOCK_UTC_TEXT_SIZE], age[32];
  int64_t since = socket->process_count > 0 ? socket->processes[0].since : 0;
  snprintf(out, CELL_SIZE, "-");
  if (since == 0) return;
  clock_utc_text(since, utc);
  explain_age(page->view->now - since, age);
  snprintf(out, CELL_SIZE, page->is_short ? "%.0s%s" : "%s (%s)", utc, age);
}

static void make_cells(const struct page *page, const struct port_row *row, char cells[COLUMNS][CELL_SIZE]) {
  const struct port_socket *socket = row->socket;
  snprintf(cells[0], CELL_SIZE, "%u", address_port(&socket->local));
  snprintf(cells[1], CELL_SIZE, "%s", transport_name(socket->transport));
  port_address_text(socket, cells[2], CELL_SIZE);
  port_holder_text(socket, cells[3], CELL_SIZE);
  port_user_text(socket, cells[4], CELL_SIZE);
  write_since(page, socket, cells[5]);
}

static const char *const *headings_of(const struct page *page) {
  return page->is_short ? short_headings : headings;
}

/* The columns of a line: of mark and blank, cells, and two blanks between them. */
static size_t line_columns(const struct page *page) {
  size_t columns = 2;
  for (size_t column = 0; column < COLUMNS; column++)
    columns += page->widths[column] + (column > 0 ? 2 : 0);
  return columns;
}

static void measure_columns(struct page *page) {
  char cells[COLUMNS][CELL_SIZE];
  for (size_t column = 0; column < COLUMNS; column++)
    page->widths[column] = strlen(headings_of(page)[column]);
  for (size_t i = 0; i < page->view->row_count; i++) {
    make_cells(page, &page->view->rows[i], cells);
    for (size_t column = 0; column < COLUMNS; column++) {
      size_t width = text_columns(cells[column]);
      if (width > page->widths[column]) page->widths[column] = width < WIDEST_CELL ? width : WIDEST_CELL;
    }
  }
}

/* Only as much as fits: first the time of day goes, then the last columns move below the others. */
static void fit_columns(struct page *page) {
  page->first_below = COLUMNS;
  measure_columns(page);
  if (line_columns(page) <= page->columns) return;
  page->is_short = true;
  measure_columns(page);
  size_t columns = 2;
  for (size_t column = 0; column < COLUMNS; column++) {
    columns += page->widths[column] + (column > 0 ? 2 : 0);
    if (columns > page->columns && page->first_below == COLUMNS) page->first_below = column;
  }
}

/* Those from `first` to before `end`, after what begins the line. */
static void put_some_cells(const struct page *page, const char *begin, const char *const cells[COLUMNS], size_t first,
                           size_t after, const char *dress) {
  char line[PORT_LINE_SIZE];
  const char *end = dress[0] != '\0' ? page->style->end : "";
  int used = snprintf(line, sizeof line, "%s%s", dress, begin);
  for (size_t column = first; column < after; column++) {
    size_t width = text_columns(cells[column]);
    bool is_last = column + 1 == after;
    int blanks = is_last || width >= page->widths[column] ? 0 : (int)(page->widths[column] - width);
    used +=
        snprintf(line + used, sizeof line - (size_t)used, "%s%*s%s", cells[column], blanks, "", is_last ? "" : "  ");
  }
  snprintf(line + used, sizeof line - (size_t)used, "%s", end);
  page->put(page->owner, line);
}

/* `mark` is one column wide. */
static void put_cells(const struct page *page, const char *mark, const char *const cells[COLUMNS], const char *dress) {
  char begin[8];
  snprintf(begin, sizeof begin, "%s ", mark);
  put_some_cells(page, begin, cells, 0, page->first_below, dress);
  if (page->first_below < COLUMNS) put_some_cells(page, "      ", cells, page->first_below, COLUMNS, dress);
}

static void put_row(const struct page *page, const struct port_row *row) {
  char cells[COLUMNS][CELL_SIZE];
  const char *texts[COLUMNS];
  const char *mark = row->mark == PORT_MARK_CAME   ? "+"
                     : row->mark == PORT_MARK_WENT ? "-"
                     : row->is_unexpected          ? "!"
                     : row->is_unused              ? "~"
                                                   : " ";
  const char *dress = row->mark == PORT_MARK_CAME   ? page->style->good
                      : row->mark == PORT_MARK_WENT ? page->style->faint
                      : row->is_unexpected          ? page->style->bad
                                                    : "";
  make_cells(page, row, cells);
  for (size_t column = 0; column < COLUMNS; column++)
    texts[column] = cells[column];
  put_cells(page, mark, texts, dress);
}

/* What 0.0.0.0 and :: stand for now. */
static void put_own_addresses(const struct page *page) {
  char list[PARAGRAPH_SIZE / 2], text[PARAGRAPH_SIZE];
  const struct own_addresses *own = page->view->own;
  if (own == NULL || !own->known) return;
  if (own_addresses_list(own, list, sizeof list) == 0)
    snprintf(text, sizeof text,
             "0.0.0.0 and :: mean every address of this machine. It has none but loopback now, so nobody else "
             "reaches them until it gets one.");
  else
    snprintf(text, sizeof text,
             "0.0.0.0 means every IPv4 address of this machine and :: every IPv6 one; besides loopback these are %s.",
             list);
  put_paragraph(page, "  ", text);
}

/* Below a row: what started each of its processes, and what stops it for good. */
static void put_origins(const struct page *page, const struct port_socket *socket) {
  char line[ORIGIN_LINE_SIZE], stop[4 * ORIGIN_STOP_SIZE], note[4 * ORIGIN_STOP_SIZE];
  for (size_t i = 0; page->view->with_origins && i < socket->process_count; i++) {
    const struct process_origin *origin = socket->processes[i].origin;
    if (origin == NULL || !origin->is_known) continue;
    put_paragraph(page, "      ", origin_line(origin, NULL, line));
    safe_text_copy(origin->stop, strlen(origin->stop), stop, sizeof stop);
    safe_text_copy(origin->stop_note, strlen(origin->stop_note), note, sizeof note);
    const char *text = stop[0] != '\0' ? stop : note;
    if (text[0] != '\0') put_paragraph(page, "      stop: ", text);
  }
}

/* Below a row: who is connected. */
static void put_peers(const struct page *page, const struct port_socket *socket, size_t row) {
  char text[PARAGRAPH_SIZE];
  if (page->view->peers == NULL || port_reach_of(socket) == PORT_REACH_NOBODY) return;
  put_paragraph(page, "      peers: ", port_peers_text(socket, &page->view->peers[row], text, sizeof text));
}

static void put_section(const struct page *page, enum port_reach reach) {
  char line[PORT_LINE_SIZE];
  const struct port_view *view = page->view;
  size_t count = 0;
  for (size_t i = 0; i < view->row_count; i++)
    count += port_reach_of(view->rows[i].socket) == reach && view->rows[i].mark != PORT_MARK_WENT;
  bool has_rows = false;
  for (size_t i = 0; i < view->row_count; i++)
    has_rows = has_rows || port_reach_of(view->rows[i].socket) == reach;
  if (!has_rows) return;
  snprintf(line, sizeof line, "%s%s: %zu socket%s%s",
           reach == PORT_REACH_EXPOSED ? page->style->bad : page->style->strong, sections[reach].title, count,
           units_plural(count), page->style->end);
  page->put(page->owner, line);
  if (view->with_notes && sections[reach].meaning != NULL) put_paragraph(page, "  ", sections[reach].meaning);
  if (view->with_notes && reach == PORT_REACH_EXPOSED) put_own_addresses(page);
  put_cells(page, " ", headings_of(page), page->style->faint);
  for (size_t i = 0; i < view->row_count; i++)
    if (port_reach_of(view->rows[i].socket) == reach) {
      put_row(page, &view->rows[i]);
      put_origins(page, view->rows[i].socket);
      put_peers(page, view->rows[i].socket, i);
    }
  page->put(page->owner, "");
}

static size_t count_owners(const struct port_view *view, enum socket_owner owner) {
  size_t count = 0;
  for (size_t i = 0; i < view->row_count; i++)
    count += view->rows[i].socket->owner == owner;
  return count;
}

/* A filter on processes cannot judge what hides its process. */
static size_t count_filtered_hidden(const struct port_view *view) {
  struct port_filter any_process = *view->filter;
  size_t count = 0;
  any_process.process = NULL;
  any_process.pid = -1;
  for (size_t i = 0; i < view->list->socket_count; i++)
    count += view->list->sockets[i].process_count == 0 && port_filter_admits(&any_process, &view->list->sockets[i]);
  return count;
}

static void put_hidden_note(const struct page *page) {
  const struct port_view *view = page->view;
  size_t hidden = count_owners(view, SOCKET_OWNER_HIDDEN);
  char user[EXPLAIN_USER_SIZE];
  if (hidden == 0) return;
  if (view->own_user_id != 0)
    put_note(page,
             "The process of %zu socket%s is hidden: %s may not look into other users' processes. As root it is "
             "shown: %sloping ports",
             hidden, units_plural(hidden), explain_user(view->own_user_id, user), machine_words()->become_admin);
  else
    put_note(page,
             "The process of %zu socket%s is hidden even from root: some processes of this machine may not be looked "
             "into from here, and none of the others has it.",
             hidden, units_plural(hidden));
}

static void put_two_servers(const struct page *page) {
  char text[TWO_SERVERS_TEXT_SIZE];
  struct two_servers two;
  const struct port_view *view = page->view;
  for (size_t i = 0; i < view->row_count; i++)
    if (port_view_two_servers(view->list, &view->rows[i], &two))
      put_note(page, "%s", two_servers_write(&two, view->localhost, text));
}

/* What no socket shows. */
static void put_published(const struct page *page) {
  char line[PARAGRAPH_SIZE];
  const struct published_ports *published = page->view->published;
  size_t count = 0;
  for (size_t i = 0; published != NULL && i < published->count; i++)
    count += published_is_listed(&published->rows[i], page->view->list, page->view->filter);
  if (count == 0) return;
  snprintf(line, sizeof line, "%sPUBLISHED BY A RULE, WITHOUT A SOCKET: %zu%s", page->style->strong, count,
           page->style->end);
  page->put(page->owner, line);
  if (page->view->with_notes)
    put_paragraph(page, "  ",
                  "No socket of this machine has these ports: a rule sends what comes to them on, to where the arrow "
                  "points.");
  for (size_t i = 0; i < published->count; i++)
    if (published_is_listed(&published->rows[i], page->view->list, page->view->filter))
      put_paragraph(page, "  ", published_text(&published->rows[i], line, sizeof line));
  page->put(page->owner, "");
}

static void put_published_note(const struct page *page) {
  const struct published_ports *published = page->view->published;
  size_t count = 0;
  if (published == NULL || page->view->is_filtered) return;
  for (size_t i = 0; i < published->count; i++)
    count += published->rows[i].takes_others && strcmp(published->rows[i].manager, "Docker") == 0;
  if (published->docker_passes_ufw && count > 0)
    put_note(
        page,
        "What is sent on to the %zu port%s that Docker publishes meets Docker's rules before ufw's (FORWARD): what "
        "those accept, ufw does not see. Rules of your own for these belong into the chain DOCKER-USER.",
        count, units_plural(count));
  if (published->left_out > 0)
    put_note(page, "%zu more published port%s not fit into this list.", published->left_out,
             published->left_out == 1 ? " does" : "s do");
  if (!published->known && page->view->own_user_id != 0 && machine_words()->become_admin[0] != '\0')
    put_note(page, "Ports that rules hand on without a socket (Docker's, DNAT) are shown to root alone: %sloping ports",
             machine_words()->become_admin);
}

static void put_use_note(const struct page *page) {
  const struct port_view *view = page->view;
  char text[PARAGRAPH_SIZE / 2];
  bool has_unused = false;
  for (size_t i = 0; i < view->row_count; i++)
    has_unused = has_unused || view->rows[i].is_unused;
  if (view->use != NULL && has_unused)
    put_note(page, "~ %s: %s", port_use_word(view->use),
             port_use_text(view->use, view->watched_since, text, sizeof text));
}

static void put_notes(const struct page *page) {
  const struct port_view *view = page->view;
  put_use_note(page);
  put_published_note(page);
  size_t outside = count_owners(view, SOCKET_OWNER_OUTSIDE);
  put_two_servers(page);
  put_hidden_note(page);
  if (outside > 0)
    put_note(
        page,
        "%zu socket%s not held by any process that is visible here: every one was looked into. The holder lives in "
        "another container (PID namespace), or it is the kernel itself.",
        outside, outside == 1 ? " is" : "s are");
  bool asks_process = view->filter->process != NULL || view->filter->pid >= 0;
  size_t unjudged = asks_process ? count_filtered_hidden(view) : 0;
  if (unjudged > 0)
    put_note(page, "%zu more socket%s no process to be seen, so --process could not be asked of %s.", unjudged,
             unjudged == 1 ? " has" : "s have", unjudged == 1 ? "it" : "them");
  if (view->list->sockets_left_out > 0)
    put_note(page, "The machine has more sockets than fit: %zu beyond the first %d are not in this list.",
             view->list->sockets_left_out, PORT_LIST_MAX);
}

static size_t columns_of(const struct port_view *view, const struct style *style) {
  return view->columns != 0 ? view->columns : style->columns;
}

void port_report_text(const struct port_view *view, const struct style *style, port_line *put, void *owner) {
  struct page page = {.view = view, .style = style, .put = put, .owner = owner, .columns = columns_of(view, style)};
  char line[PORT_LINE_SIZE];
  fit_columns(&page);
  if (view->row_count == 0 && !view->is_filtered)
    put(owner, "Nothing listens on this machine: no TCP or UDP socket takes requests.");
  if (view->row_count == 0 && view->is_filtered) {
    if (view->list->socket_count == 1)
      snprintf(line, sizeof line, "The only socket of this machine does not fit what was asked for.");
    else
      snprintf(line, sizeof line, "None of the %zu sockets of this machine fits what was asked for.",
               view->list->socket_count);
    put(owner, line);
  }
  put_section(&page, PORT_REACH_EXPOSED);
  put_section(&page, PORT_REACH_LOCAL);
  put_section(&page, PORT_REACH_NOBODY);
  put_published(&page);
  if (view->with_notes) put_notes(&page);
}

static void put_unexpected(const struct page *page, const struct port_row *row) {
  char line[PORT_LINE_SIZE], address[CELL_SIZE], holder[CELL_SIZE], user[CELL_SIZE], wanted[CELL_SIZE];
  const struct port_socket *socket = row->socket;
  const struct expected_port *match;
  enum expected_verdict verdict = expected_judge(page->view->expected, socket, &match);
  int used = snprintf(line, sizeof line, "  %u/%s on %s: %s, user %s", address_port(&socket->local),
                      transport_name(socket->transport), port_address_text(socket, address, sizeof address),
                      port_holder_text(socket, holder, sizeof holder), port_user_text(socket, user, sizeof user));
  if (verdict == EXPECTED_OTHER_PROCESS) {
    safe_text_copy(match->process, strlen(match->process), wanted, sizeof wanted);
    snprintf(line + used, sizeof line - (size_t)used, "; line %" PRIu32 " expects %s there", match->line, wanted);
  }
  page->put(page->owner, line);
}

static void put_missing(const struct page *page, const struct expected_port *port) {
  char line[PORT_LINE_SIZE], wanted[CELL_SIZE];
  const char *transport = port->allows_tcp && port->allows_udp ? "" : port->allows_tcp ? "/tcp" : "/udp";
  safe_text_copy(port->process, strlen(port->process), wanted, sizeof wanted);
  snprintf(line, sizeof line, "  line %" PRIu32 ": %u%s%s%s", port->line, port->port, transport,
           wanted[0] != '\0' ? " " : "", wanted);
  page->put(page->owner, line);
}

static void put_untold(const struct page *page) {
  const struct expected_port *match;
  size_t count = 0;
  for (size_t i = 0; i < page->view->row_count; i++)
    count += expected_judge(page->view->expected, page->view->rows[i].socket, &match) == EXPECTED_UNTOLD;
  if (count > 0)
    put_note(page, "Of %zu expected socket%s the process is not to be seen, so its name was not compared.", count,
             units_plural(count));
}

void port_report_judgement(const struct port_view *view, const struct style *style, port_line *put, void *owner) {
  struct page page = {.view = view, .style = style, .put = put, .owner = owner, .columns = columns_of(view, style)};
  char line[PORT_LINE_SIZE], path[CELL_SIZE * 2];
  size_t unexpected = 0, missing = 0;
  if (view->expected == NULL) return;
  safe_text_copy(view->expected_path, strlen(view->expected_path), path, sizeof path);
  for (size_t i = 0; i < view->row_count; i++)
    unexpected += view->rows[i].is_unexpected;
  for (size_t i = 0; i < view->expected->count; i++)
    missing += port_view_misses(view, &view->expected->ports[i]);
  if (unexpected == 0)
    snprintf(line, sizeof line, "EXPECTED: every listener shown is in %s", path);
  else
    snprintf(line, sizeof line, "%sUNEXPECTED%s: %zu socket%s not in %s (marked ! above)", style->bad, style->end,
             unexpected, unexpected == 1 ? " is" : "s are", path);
  put(owner, line);
  for (size_t i = 0; i < view->row_count; i++)
    if (view->rows[i].is_unexpected) put_unexpected(&page, &view->rows[i]);
  if (missing > 0) {
    snprintf(line, sizeof line, "MISSING: %zu line%s of %s nobody listens for", missing, units_plural(missing), path);
    put(owner, line);
  }
  for (size_t i = 0; i < view->expected->count; i++)
    if (port_view_misses(view, &view->expected->ports[i])) put_missing(&page, &view->expected->ports[i]);
  if (view->with_notes) put_untold(&page);
}
