/*
 * Looks at the listeners in an interval until somebody ends it. On a terminal the tables are drawn in place (screen.h),
 * and those of the last look stay; in a pipe only the changes are written, a line each, flushed at once.
 */
#include "client/ports/watch.h"
#include "client/sockets/port_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/frame/command.h"
#include "client/ports/port_changes.h"
#include "client/ports/port_use.h"
#include "client/ports/port_view.h"
#include "client/ports/watch_events.h"
#include "client/sockets/net_counters.h"
#include "common/machine/machine.h"
#include "common/memory/memory.h"
#include "common/net/own_addresses.h"
#include "common/screen/screen.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/units.h"

#define DEFAULT_INTERVAL_NS CLOCK_NS_PER_SECOND
/* A mark stays for so long, or for three looks. */
#define FADE_NS           (10 * CLOCK_NS_PER_SECOND)
#define STDOUT_DESCRIPTOR 1
#define MOST_COLUMNS      100

struct watch {
  const struct ports_settings *settings;
  const struct expected_list *expected; /* NULL without --expect */
  const struct style *style;
  struct watch_outcome *outcome;
  struct watch_events events;
  struct port_history history;
  struct port_use use;
  struct net_counters before; /* the first look */
  uint64_t start_ns;
  int64_t began_at;      /* seconds since 1970 UTC */
  struct port_list list; /* of the last look, for the screen */
  bool is_terminal;
  bool has_begun;
  uint64_t interval_ns;
  int code;
  uv_loop_t loop;
  uv_timer_t timer;
  uv_signal_t interrupt, terminate, hang_up;
  struct screen screen;
};

/* Lines on their way to the screen: the last one that has room says how many have none. */
struct screen_page {
  struct frame *frame;
  size_t lines;
};

static void close_all(struct watch *watch) {
  uv_handle_t *handles[] = {(uv_handle_t *)&watch->timer, (uv_handle_t *)&watch->interrupt,
                            (uv_handle_t *)&watch->terminate, (uv_handle_t *)&watch->hang_up};
  bool is_first = !uv_is_closing(handles[0]);
  for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++)
    if (handles[i]->type != UV_UNKNOWN_HANDLE && !uv_is_closing(handles[i])) uv_close(handles[i], NULL);
  if (is_first && watch->is_terminal) screen_end(&watch->screen);
}

static void on_signal(uv_signal_t *signal, int number) {
  (void)number;
  close_all(signal->data);
}

static void put_on_screen(void *owner, const char *line) {
  struct screen_page *page = owner;
  if (++page->lines < frame_room(page->frame)) frame_put(page->frame, line);
}

static void put_cut_note(const struct screen_page *page) {
  char note[96];
  size_t room = frame_room(page->frame);
  if (page->lines < room) return;
  size_t hidden = page->lines - room + 1;
  snprintf(note, sizeof note, "%zu more line%s not fit; a filter such as --exposed shows fewer", hidden,
           hidden == 1 ? " does" : "s do");
  frame_put(page->frame, note);
}

/* `columns`: of a line; 0: those of the style. */
static void put_tables(const struct watch *watch, size_t columns, port_line *put, void *owner) {
  struct own_addresses own;
  struct port_row *rows = memory_take_zeroed(watch->history.count + 1, sizeof *rows);
  if (rows == NULL) return;
  for (size_t i = 0; i < watch->history.count; i++)
    rows[i] = (struct port_row){.socket = &watch->history.seen[i].socket,
                                .mark = watch->history.seen[i].mark,
                                .is_unexpected = watch->history.seen[i].is_unexpected,
                                .is_unused = watch->use.looks > 1 && port_use_is_unused(&watch->history.seen[i])};
  own_addresses_gather(&own);
  struct port_view view = {.list = &watch->list,
                           .filter = &watch->settings->filter,
                           .is_filtered = watch->settings->is_filtered,
                           .row_count = watch->history.count,
                           .rows = rows,
                           .own = &own,
                           .now = clock_calendar_seconds(),
                           .own_user_id = machine_user_id(),
                           .with_notes = !watch->settings->is_quiet,
                           .columns = columns,
                           .use = &watch->use,
                           .watched_since = watch->began_at};
  port_report_text(&view, watch->style, put, owner);
  free(rows);
}

static void draw(void *owner, struct frame *frame) {
  const struct watch *watch = owner;
  struct screen_page page = {.frame = frame};
  char now[CLOCK_UTC_TEXT_SIZE], heading[PORT_LINE_SIZE];
  if (!watch->has_begun) return;
  clock_utc_text(clock_calendar_seconds(), now);
  snprintf(heading, sizeof heading, "%s%s%s: + came, - went, %s~ unused; Ctrl-C ends", watch->style->strong, now,
           watch->style->end, watch->expected != NULL ? "! unexpected, " : "");
  put_on_screen(&page, "");
  put_on_screen(&page, heading);
  put_on_screen(&page, "");
  put_tables(watch, frame->columns - 1 < MOST_COLUMNS ? frame->columns - 1 : MOST_COLUMNS, put_on_screen, &page);
  put_cut_note(&page);
}

static void put_line(void *owner, const char *line) {
  (void)owner;
  layout_write_as_is(stdout, line);
  fputc('\n', stdout);
}

static void on_change(void *owner, const struct port_socket *socket, enum port_mark mark) {
  struct watch *watch = owner;
  watch_events_tell(&watch->events, mark == PORT_MARK_WENT ? WATCH_GONE : WATCH_NEW, socket);
}

static int begin_history(struct watch *watch, const struct port_row *rows, size_t count) {
  watch->has_begun = true;
  int code = port_history_begin(&watch->history, rows, count);
  if (code != 0) return code;
  if (watch->events.has_text && !watch->settings->is_quiet)
    command_complain("watching %zu socket%s; changes follow", count, count == 1 ? "" : "s");
  watch_events_tell_begin(&watch->events, count);
  return 0;
}

/* Whose a socket is may be seen later than the socket: so each look judges all. */
static void judge(struct watch *watch) {
  for (size_t i = 0; watch->expected != NULL && i < watch->history.count; i++) {
    struct port_seen *seen = &watch->history.seen[i];
    if (seen->mark == PORT_MARK_WENT) continue;
    bool was_unexpected = seen->is_unexpected;
    seen->is_unexpected = expected_is_missing(watch->expected, &seen->socket);
    if (!seen->is_unexpected || was_unexpected) continue;
    watch->outcome->was_unexpected = true;
    watch_events_tell(&watch->events, WATCH_UNEXPECTED, &seen->socket);
  }
}

static int take_in(struct watch *watch, const struct port_row *rows, size_t count) {
  uint64_t fade_ns = watch->interval_ns * 3 > FADE_NS ? watch->interval_ns * 3 : FADE_NS;
  int code = watch->has_begun
                 ? port_history_update(&watch->history, rows, count, clock_now_ns(), fade_ns, on_change, watch)
                 : begin_history(watch, rows, count);
  if (code == 0) judge(watch);
  return code;
}

/* The counter is read before the first look and after the others: what comes meanwhile counts as missed, until a later
 * look shows it. */
static int look_at_use(struct watch *watch, const struct port_list *all, struct port_row *rows) {
  static const struct port_filter everything = {.pid = -1};
  struct connection_list list;
  struct net_counters now;
  int code = connection_list_gather(&list);
  if (code != 0) goto done;
  net_counters_read(&now);
  struct use_look look = {.rows = rows,
                          .row_count = port_rows_select(all, &everything, rows),
                          .list = &list,
                          .is_counted = watch->before.known && now.known && list.left_out == 0,
                          .counted = net_counters_growth(&watch->before, &now, COUNTER_TCP_ACCEPTED),
                          .start_ns = watch->start_ns,
                          .now_ns = clock_now_ns()};
  code = port_use_update(&watch->use, &look, &watch->history);
done:
  connection_list_free(&list);
  return code;
}

static int look(struct watch *watch) {
  struct port_list list;
  struct port_row *rows = NULL;
  bool is_kept = false;
  int code = port_list_gather(&list);
  if (code == 0 && !list.known) code = UV_ENOTSUP;
  if (code != 0) goto done;
  rows = memory_take_zeroed(list.socket_count + 1, sizeof *rows);
  if (rows == NULL) code = UV_ENOMEM;
  if (code == 0) code = take_in(watch, rows, port_rows_select(&list, &watch->settings->filter, rows));
  if (code == 0) code = look_at_use(watch, &list, rows);
  if (code == 0 && watch->is_terminal) {
    port_list_free(&watch->list);
    watch->list = list;
    is_kept = true;
    screen_redraw(&watch->screen);
    if (watch->screen.is_gone) code = UV_EPIPE;
  }
  if (code == 0 && (fflush(stdout) != 0 || machine_output_is_unread(STDOUT_DESCRIPTOR))) code = UV_EPIPE;
  if (code == 0 && watch->events.is_over) close_all(watch);
done:
  free(rows);
  if (!is_kept) port_list_free(&list);
  return code;
}

static void on_timer(uv_timer_t *timer) {
  struct watch *watch = timer->data;
  watch->code = look(watch);
  if (watch->code != 0) close_all(watch);
}

static int begin(struct watch *watch) {
  uint64_t interval_ms = watch->interval_ns / CLOCK_NS_PER_MS;
  int code = uv_timer_init(&watch->loop, &watch->timer);
  if (code == 0) code = uv_signal_init(&watch->loop, &watch->interrupt);
  if (code == 0) code = uv_signal_init(&watch->loop, &watch->terminate);
  if (code == 0) code = uv_signal_init(&watch->loop, &watch->hang_up);
  watch->timer.data = watch->interrupt.data = watch->terminate.data = watch->hang_up.data = watch;
  if (code == 0) code = uv_signal_start(&watch->interrupt, on_signal, SIGINT);
  if (code == 0) code = uv_signal_start(&watch->terminate, on_signal, SIGTERM);
  if (code == 0 && !machine_ignores_hang_up()) code = uv_signal_start(&watch->hang_up, on_signal, SIGHUP);
  if (code == 0) code = uv_timer_start(&watch->timer, on_timer, 0, interval_ms);
  return code;
}

/* What the word rests on. Nothing can be said after one look. */
static void tell_unused(struct watch *watch) {
  char text[PORT_LINE_SIZE];
  size_t count = 0;
  for (size_t i = 0; watch->use.looks > 1 && i < watch->history.count; i++) {
    if (!port_use_is_unused(&watch->history.seen[i])) continue;
    count++;
    watch_events_tell_unused(&watch->events, &watch->history.seen[i].socket, &watch->use, watch->began_at);
  }
  if (count > 0 && watch->events.has_text && !watch->settings->is_quiet)
    command_complain("%s: %s", port_use_word(&watch->use),
                     port_use_text(&watch->use, watch->began_at, text, sizeof text));
  watch_events_tell_end(&watch->events, watch->use.looks);
}

static int run(struct watch *watch) {
  int code = uv_loop_init(&watch->loop);
  if (code != 0) return code;
  if (watch->is_terminal && screen_begin(&watch->screen, &watch->loop, STDOUT_DESCRIPTOR, draw, watch) != 0)
    watch->is_terminal = false;
  code = begin(watch);
  if (code != 0) close_all(watch);
  uv_run(&watch->loop, UV_RUN_DEFAULT);
  uv_loop_close(&watch->loop);
  if (code == 0) code = watch->code;
  if (code == 0 && watch->is_terminal && watch->has_begun) put_tables(watch, 0, put_line, NULL);
  return code;
}

int ports_watch(const struct ports_settings *settings, const struct expected_list *expected, const struct style *style,
                struct watch_outcome *outcome) {
  struct watch *watch = memory_take_zeroed(1, sizeof *watch);
  *outcome = (struct watch_outcome){.was_unexpected = false};
  if (watch == NULL) return UV_ENOMEM;
  watch->settings = settings;
  watch->expected = expected;
  watch->style = style;
  watch->outcome = outcome;
  watch->interval_ns = settings->interval_ns != 0 ? settings->interval_ns : DEFAULT_INTERVAL_NS;
  bool is_json_alone = settings->json_path != NULL && strcmp(settings->json_path, "-") == 0;
  struct dress_facts facts = command_dress(&settings->common, STDOUT_DESCRIPTOR);
  watch->is_terminal = !is_json_alone && dress_can_redraw(&facts) && screen_is_possible(STDOUT_DESCRIPTOR);
  watch->start_ns = clock_now_ns();
  watch->began_at = clock_calendar_seconds();
  net_counters_read(&watch->before);
  int code = 0;
  outcome->json_code = watch_events_open(&watch->events, settings, !watch->is_terminal);
  if (outcome->json_code == 0) {
    code = run(watch);
    if (code == 0) tell_unused(watch);
    outcome->json_code = watch_events_close(&watch->events);
  }
  port_history_free(&watch->history);
  port_use_free(&watch->use);
  port_list_free(&watch->list);
  free(watch);
  return code;
}
