/* See live.h. A timer of the first loop reads what each thread has counted; who serves does nothing for it. No thread
 * of its own, as that would cost each system call of the others (outbox.h); the outbox writes, and never waits. */
#include "server/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/screen/screen.h"
#include "common/text/clock.h"
#include "common/text/dress.h"
#include "common/text/safe_text.h"
#include "common/text/terminal.h"
#include "server/fault/faults.h"
#include "server/listen/plan.h"
#include "server/say/live_view.h"
#include "server/threads/pool.h"
#include "server/threads/worker.h"

#define STANDARD_OUTPUT 1
#define STANDARD_ERROR  2
#define WHERE_SIZE      (ADDRESS_TEXT_SIZE * 4 + 64 + WIRE_FAULT_SPEC_SIZE)

struct live {
  struct worker *first;
  uint64_t started_ns;
  enum outbox_stream stream;
  bool is_both; /* streams lead to the terminal */
  struct style style;
  char where[WHERE_SIZE];
  uv_timer_t timer;
  struct live_counts counts;
  struct screen screen;
};

static struct dress_facts dress(const struct settings *settings, int descriptor) {
  struct dress_facts facts = {.no_color_option = settings->no_color,
                              .ascii_option = settings->ascii,
                              .is_terminal = uv_guess_handle(descriptor) == UV_TTY,
                              .is_always_utf8 = terminal_is_always_utf8()};
  dress_read_environment(&facts);
  return facts;
}

/* stderr where it is a terminal: stdout may be somebody's who reads the events. */
static int choose_descriptor(const struct settings *settings) {
  struct dress_facts facts = dress(settings, STANDARD_ERROR);
  return facts.is_terminal ? STANDARD_ERROR : STANDARD_OUTPUT;
}

bool live_is_possible(const struct settings *settings, char problem[LIVE_PROBLEM_SIZE]) {
  int descriptor = choose_descriptor(settings);
  struct dress_facts facts = dress(settings, descriptor);
  if (!facts.is_terminal)
    snprintf(problem, LIVE_PROBLEM_SIZE,
             "--live: neither stdout nor stderr is a terminal, and the view needs one; leave it out");
  else if (!dress_can_redraw(&facts))
    snprintf(problem, LIVE_PROBLEM_SIZE,
             "--live: this terminal does not say that it can move its cursor (TERM is dumb or not set); leave it out");
  else if (!screen_is_possible(descriptor))
    snprintf(problem, LIVE_PROBLEM_SIZE,
             "--live: this terminal is smaller than %d columns and %d lines, or tells no size; make it larger, or "
             "leave out --live",
             SCREEN_COLUMNS_MIN, SCREEN_LINES_MIN);
  else
    return true;
  return false;
}

static void put_line(void *frame, const char *line) {
  frame_put(frame, line);
}

static void draw(void *owner, struct frame *frame) {
  struct live *live = owner;
  live->style.columns = frame->columns - 1;
  live_view_write(&live->counts, live->where, &live->style, frame_room(frame), put_line, frame);
}

static void show(void *owner, const char *frame) {
  struct live *live = owner;
  outbox_show(live->first->outbox, live->stream, live->is_both, frame);
}

static void on_timer(uv_timer_t *timer) {
  struct live *live = timer->data;
  struct server_stats stats;
  pool_sum_counts(live->first, &stats);
  live_counts_add(&live->counts, clock_now_ns() - live->started_ns, &stats);
  screen_redraw(&live->screen);
}

/* As it was typed, so that it is made safe. */
static void append_faults(struct live *live) {
  size_t used = strlen(live->where);
  char spec[WIRE_FAULT_SPEC_SIZE];
  if (live->first->faults == NULL) return;
  const char *typed = live->first->faults->spec->text;
  safe_text_copy(typed, strlen(typed), spec, sizeof spec);
  snprintf(live->where + used, WHERE_SIZE - used, ", faults on: %s", spec);
}

/* "127.0.0.1:62893 (tcp) and 1 more, faults on: drop=1%" */
static void name_endpoints(struct live *live, const struct plan *plan) {
  char text[ADDRESS_TEXT_SIZE * 4];
  const struct plan_row *first = plan_find_first(plan);
  size_t more = 0;
  for (size_t i = 0; i < plan->count; i++)
    more += !plan->rows[i].is_left_out;
  if (first == NULL) return;
  int used = snprintf(live->where, WHERE_SIZE, "%s (%s)", announce_endpoint_text(&first->endpoint, text),
                      transport_name(first->endpoint.transport));
  if (more > 1) snprintf(live->where + used, WHERE_SIZE - (size_t)used, " and %zu more", more - 1);
  append_faults(live);
}

int live_begin(struct worker *first, const struct plan *plan, uint64_t started_ns, struct live **begun) {
  struct live *live = calloc(1, sizeof *live);
  if (live == NULL) return UV_ENOMEM;
  int descriptor = choose_descriptor(first->settings);
  struct dress_facts facts = dress(first->settings, descriptor);
  live->first = first;
  live->started_ns = started_ns;
  live->stream = descriptor == STANDARD_ERROR ? OUTBOX_STDERR : OUTBOX_STDOUT;
  live->is_both = terminal_is_same(STANDARD_OUTPUT, STANDARD_ERROR);
  live->style = style_make(dress_has_colour(&facts), dress_has_unicode(&facts) ? DRAW_UNICODE : DRAW_ASCII, 0);
  name_endpoints(live, plan);
  int code = uv_timer_init(&first->loop, &live->timer);
  if (code == 0) {
    live->timer.data = live;
    uv_unref((uv_handle_t *)&live->timer);
    code = screen_begin(&live->screen, &first->loop, descriptor, draw, live);
    live->screen.show = show;
  }
  if (code == 0) code = uv_timer_start(&live->timer, on_timer, 0, LIVE_LOOK_MS);
  *begun = live;
  return code;
}

void live_end(struct live *live) {
  if (live == NULL) return;
  uv_timer_stop(&live->timer);
  screen_end(&live->screen);
}

void live_free(struct live *live) {
  free(live);
}
