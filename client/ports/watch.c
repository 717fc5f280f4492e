/*
 * Looks at the listeners in an interval until somebody ends it. On a terminal the tables are drawn anew each time; in a
 * pipe only the changes are written, a line each, flushed at once.
 */
#include "client/ports/watch.h"
#include "client/sockets/port_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/ports/port_changes.h"
#include "client/ports/port_view.h"
#include "common/machine/machine.h"
#include "common/net/own_addresses.h"
#include "common/text/clock.h"

#define DEFAULT_INTERVAL_NS CLOCK_NS_PER_SECOND
/* A mark stays for so long, or for three looks. */
#define FADE_NS           (10 * CLOCK_NS_PER_SECOND)
#define STDOUT_DESCRIPTOR 1
#define SCREEN_BYTES      65536
/* ECMA-48: to the top left, erase all below; erase the rest of a line. */
#define GO_HOME    "\x1b[H"
#define ERASE_DOWN "\x1b[J"
#define ERASE_LINE "\x1b[K"

struct watch {
  const struct ports_settings *settings;
  const struct style *style;
  struct port_history history;
  bool is_terminal;
  bool has_begun;
  uint64_t interval_ns;
  int code;
  uv_loop_t loop;
  uv_timer_t timer;
  uv_signal_t interrupt, terminate;
  uv_tty_t terminal;
  int screen_columns, screen_lines; /* 0: not known */
  int line;                         /* written on this screen */
};

static void close_all(struct watch *watch) {
  uv_handle_t *handles[] = {(uv_handle_t *)&watch->timer, (uv_handle_t *)&watch->interrupt,
                            (uv_handle_t *)&watch->terminate, (uv_handle_t *)&watch->terminal};
  for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++)
    if (handles[i]->type != UV_UNKNOWN_HANDLE && !uv_is_closing(handles[i])) uv_close(handles[i], NULL);
}

static void on_signal(uv_signal_t *signal, int number) {
  (void)number;
  close_all(signal->data);
}

/* The bytes of a line that take `columns` columns; the sequences of a style take none. */
static size_t cut_line(const char *line, int columns) {
  size_t at = 0;
  int used = 0;
  while (line[at] != '\0') {
    if (line[at] == '\x1b') {
      at += strcspn(line + at, "m");
      if (line[at] != '\0') at++;
      continue;
    }
    bool begins_character = ((unsigned char)line[at] & 0xc0u) != 0x80u;
    if (begins_character && used == columns) break;
    used += begins_character;
    at++;
  }
  return at;
}

static void put_on_screen(void *owner, const char *line) {
  struct watch *watch = owner;
  /* The last line of the screen stays empty, or the terminal would scroll. */
  if (watch->screen_lines > 0 && ++watch->line > watch->screen_lines - 2) return;
  size_t length = watch->screen_columns > 0 ? cut_line(line, watch->screen_columns) : strlen(line);
  fwrite(line, 1, length, stdout);
  fputs(watch->style->end, stdout);
  fputs(ERASE_LINE "\n", stdout);
}

static void put_cut_note(struct watch *watch) {
  int hidden = watch->screen_lines > 0 ? watch->line - (watch->screen_lines - 2) : 0;
  if (hidden > 0)
    fprintf(stdout, "%d more lines do not fit; a filter such as --exposed shows fewer" ERASE_LINE, hidden);
}

static void draw(struct watch *watch, const struct port_list *list) {
  struct own_addresses own;
  char now[CLOCK_UTC_TEXT_SIZE], heading[PORT_LINE_SIZE];
  struct port_row *rows = calloc(watch->history.count + 1, sizeof *rows);
  if (rows == NULL) return;
  for (size_t i = 0; i < watch->history.count; i++)
    rows[i] = (struct port_row){.socket = &watch->history.seen[i].socket, .mark = watch->history.seen[i].mark};
  own_addresses_gather(&own);
  struct port_view view = {.list = list,
                           .filter = &watch->settings->filter,
                           .is_filtered = watch->settings->is_filtered,
                           .row_count = watch->history.count,
                           .rows = rows,
                           .own = &own,
                           .now = clock_calendar_seconds(),
                           .own_user_id = machine_user_id(),
                           .with_notes = !watch->settings->is_quiet};
  watch->line = 0;
  if (uv_tty_get_winsize(&watch->terminal, &watch->screen_columns, &watch->screen_lines) != 0)
    watch->screen_columns = watch->screen_lines = 0;
  fputs(GO_HOME, stdout);
  clock_utc_text(view.now, now);
  snprintf(heading, sizeof heading, "listeners at %s; + came, - went within 10 s; Ctrl-C ends", now);
  put_on_screen(watch, heading);
  put_on_screen(watch, "");
  port_report_text(&view, watch->style, put_on_screen, watch);
  put_cut_note(watch);
  fputs(ERASE_DOWN, stdout);
  free(rows);
}

static void on_change(void *owner, const struct port_socket *socket, enum port_mark mark) {
  const struct watch *watch = owner;
  char line[PORT_LINE_SIZE];
  if (watch->is_terminal) return;
  port_report_change(socket, mark, clock_calendar_seconds(), line);
  printf("%s\n", line);
}

static int take_in(struct watch *watch, const struct port_row *rows, size_t count) {
  if (!watch->has_begun) {
    watch->has_begun = true;
    int code = port_history_begin(&watch->history, rows, count);
    if (code == 0 && !watch->is_terminal && !watch->settings->is_quiet)
      fprintf(stderr, "loping: watching %zu socket%s; changes follow\n", count, count == 1 ? "" : "s");
    return code;
  }
  uint64_t fade_ns = watch->interval_ns * 3 > FADE_NS ? watch->interval_ns * 3 : FADE_NS;
  return port_history_update(&watch->history, rows, count, clock_now_ns(), fade_ns, on_change, watch);
}

static int look(struct watch *watch) {
  struct port_list list;
  struct port_row *rows = NULL;
  int code = port_list_gather(&list);
  if (code == 0 && !list.known) code = UV_ENOTSUP;
  if (code != 0) goto done;
  rows = calloc(list.socket_count + 1, sizeof *rows);
  if (rows == NULL) code = UV_ENOMEM;
  if (code == 0) code = take_in(watch, rows, port_rows_select(&list, &watch->settings->filter, rows));
  if (code == 0 && watch->is_terminal) draw(watch, &list);
  if (code == 0 && fflush(stdout) != 0) code = UV_EPIPE;
done:
  free(rows);
  port_list_free(&list);
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
  if (code == 0 && watch->is_terminal) code = uv_tty_init(&watch->loop, &watch->terminal, STDOUT_DESCRIPTOR, 0);
  watch->timer.data = watch->interrupt.data = watch->terminate.data = watch;
  if (code == 0) code = uv_signal_start(&watch->interrupt, on_signal, SIGINT);
  if (code == 0) code = uv_signal_start(&watch->terminate, on_signal, SIGTERM);
  if (code == 0) code = uv_timer_start(&watch->timer, on_timer, 0, interval_ms);
  return code;
}

int ports_watch(const struct ports_settings *settings, const struct style *style) {
  struct watch *watch = calloc(1, sizeof *watch);
  if (watch == NULL) return UV_ENOMEM;
  watch->settings = settings;
  watch->style = style;
  watch->interval_ns = settings->interval_ns != 0 ? settings->interval_ns : DEFAULT_INTERVAL_NS;
  watch->is_terminal = uv_guess_handle(STDOUT_DESCRIPTOR) == UV_TTY;
  /* A screen leaves as a whole, or it flickers. */
  if (watch->is_terminal) (void)setvbuf(stdout, NULL, _IOFBF, SCREEN_BYTES);
  int code = uv_loop_init(&watch->loop);
  if (code != 0) {
    free(watch);
    return code;
  }
  code = begin(watch);
  if (code != 0) close_all(watch);
  if (code == 0 && watch->is_terminal) fputs(GO_HOME ERASE_DOWN, stdout);
  uv_run(&watch->loop, UV_RUN_DEFAULT);
  uv_loop_close(&watch->loop);
  if (watch->is_terminal) fputc('\n', stdout);
  if (code == 0) code = watch->code;
  port_history_free(&watch->history);
  free(watch);
  return code;
}
