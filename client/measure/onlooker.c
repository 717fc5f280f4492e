/* See onlooker.h. */
#include "client/measure/onlooker.h"

#include <stdio.h>
#include <string.h>

#include "client/live/live_board.h"
#include "client/reports/live.h"
#include "client/run/run.h"
#include "common/machine/machine.h"
#include "common/screen/screen.h"
#include "common/text/clock.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "common/text/terminal.h"
#include "common/text/units.h"

#define STDOUT_DESCRIPTOR 1
#define STDERR_DESCRIPTOR 2
#define LINE_TICK_MS      250

static bool prints_each(const struct measurement *measurement, const struct workload *workload) {
  return workload->prints_each_reply && measurement->prints_text;
}

/* A line of progress has no room for the lines of ping, which say enough. */
void onlooker_begin(struct measurement *measurement) {
  const struct common_settings *common = &measurement->settings->common;
  struct dress_facts facts = command_dress(common, STDERR_DESCRIPTOR);
  bool has_lines = prints_each(measurement, measurement->rows[0].workload);
  measurement->shows_progress = !measurement->settings->is_quiet && facts.is_terminal;
  bool is_wanted = measurement->shows_progress && measurement->prints_text && !measurement->settings->no_live;
  if (!is_wanted || !dress_can_redraw(&facts)) return;
  /* Reply lines go where stdout goes: they can stand above the view only where that is the same terminal. */
  if (has_lines && !terminal_is_same(STDOUT_DESCRIPTOR, STDERR_DESCRIPTOR)) return;
  struct style style = style_make(dress_has_colour(&facts), dress_has_unicode(&facts) ? DRAW_UNICODE : DRAW_ASCII, 0);
  measurement->board = live_board_start(STDERR_DESCRIPTOR, &style);
}

static enum live_phase phase_of(const struct run *run) {
  static const enum live_phase phases[] = {
      [RUN_OPENING] = LIVE_OPENING, [RUN_WARMING] = LIVE_WARMING, [RUN_MEASURING] = LIVE_MEASURING,
      [RUN_DRAINING] = LIVE_ENDING, [RUN_CLOSING] = LIVE_ENDING,
  };
  return phases[run->phase];
}

static uint64_t sum_errors(const struct result_errors *errors) {
  return errors->lost + errors->duplicated + errors->reordered + errors->corrupted + errors->timed_out +
         errors->connection_failures;
}

static uint64_t elapsed_ns(const struct run *run) {
  if (run->phase < RUN_MEASURING) return 0;
  return (run->phase == RUN_MEASURING ? clock_now_ns() : run->stop_ns) - run->tally.begin_ns;
}

static uint64_t bytes_moved(const struct run *run) {
  return run->tally.bytes_received > 0 ? run->tally.bytes_received : run->tally.bytes_sent;
}

static void name_target(const struct run *run, char out[LIVE_TARGET_SIZE]) {
  char address[ADDRESS_TEXT_SIZE], shown[ADDRESS_TEXT_SIZE], size[UNITS_TEXT_SIZE];
  endpoint_format(&run->peer.endpoint, address);
  safe_text_copy(address, strlen(address), shown, sizeof shown);
  snprintf(out, LIVE_TARGET_SIZE, "%s (%s), %s%s", shown, transport_name(run->peer.endpoint.transport),
           units_format_size(run->plan->bytes, size), run->result->faults.is_on ? ", faults on" : "");
}

static void show(struct live_board *board, const struct run *run) {
  struct live_snapshot *now = live_board_snapshot(board);
  now->name = run->workload->name;
  name_target(run, now->target);
  now->phase = phase_of(run);
  now->is_ping = run->workload->prints_each_reply;
  now->has_round_trips = run->workload->direction == NULL;
  now->elapsed_ns = elapsed_ns(run);
  now->total_ns = run->plan->duration_ns;
  now->wanted = run->plan->count;
  now->round_trips = run->tally.round_trips;
  now->bytes_moved = bytes_moved(run);
  now->errors = sum_errors(&run->result->errors);
  live_board_show(board);
}

/* Whoever reads the output may be gone long before there is something to write. */
static bool on_tick(void *owner, const struct run *run) {
  struct measurement *measurement = owner;
  measurement->is_unread = measurement->is_unread || machine_output_is_unread(STDOUT_DESCRIPTOR);
  if (measurement->board != NULL) {
    show(measurement->board, run);
  } else if (measurement->shows_progress && !prints_each(measurement, run->workload)) {
    struct live_progress progress = {
        .name = run->workload->name,
        .is_warming = run->phase < RUN_MEASURING,
        .elapsed_ns = elapsed_ns(run),
        .total_ns = run->plan->duration_ns,
        .round_trips = run->tally.round_trips,
        .bytes_moved = bytes_moved(run),
    };
    live_show_progress(&progress, stderr);
  }
  return !measurement->is_unread;
}

static void note_reply(struct live_board *board, double rtt_ns) {
  struct live_snapshot *now = live_board_snapshot(board);
  now->replies[now->reply_count++ % LIVE_CELLS] = rtt_ns;
}

/* A line, laid out for its terminal. */
struct laid_out {
  size_t used;
  char text[2 * LIVE_LINE_SIZE];
};

static void put_laid_out(void *owner, const char *bytes, size_t length) {
  struct laid_out *line = owner;
  size_t room = sizeof line->text - 1 - line->used;
  if (length > room) length = room;
  memcpy(line->text + line->used, bytes, length);
  line->used += length;
  line->text[line->used] = '\0';
}

static void print_above(struct live_board *board, const char *text) {
  struct laid_out line = {0};
  layout_text(text, layout_columns(stdout), put_laid_out, &line);
  live_board_print(board, line.text);
}

static bool on_reply(void *owner, const struct run *run, const struct run_reply *reply) {
  struct measurement *measurement = owner;
  char text[LIVE_LINE_SIZE];
  struct live_reply line = {.sequence = reply->sequence,
                            .bytes = run->plan->bytes,
                            .rtt_ns = reply->rtt_ns,
                            .has_legs = reply->has_legs,
                            .there_ns = reply->there_ns,
                            .server_ns = reply->server_ns,
                            .back_ns = reply->back_ns};
  live_format_reply(&line, text);
  if (measurement->board != NULL) {
    note_reply(measurement->board, (double)reply->rtt_ns);
    print_above(measurement->board, text);
  } else {
    live_write_line(text, stdout);
    measurement->is_unread = ferror(stdout) != 0;
  }
  return !measurement->is_unread;
}

static void on_timeout(void *owner, const struct run *run, uint64_t sequence) {
  struct measurement *measurement = owner;
  char text[LIVE_LINE_SIZE];
  live_format_timeout(sequence, run->plan->timeout_ns, text);
  if (measurement->board == NULL) {
    live_write_line(text, stdout);
    return;
  }
  note_reply(measurement->board, DRAW_GAP);
  print_above(measurement->board, text);
}

static void on_round_trip(void *owner, uint64_t rtt_ns) {
  struct measurement *measurement = owner;
  if (measurement->board != NULL) coarse_record(&live_board_snapshot(measurement->board)->rtt, rtt_ns);
  if (measurement->settings->raw_path != NULL) outputs_record_reply(&measurement->outputs, rtt_ns);
}

static void on_interval(void *owner, const struct result_interval *interval) {
  struct measurement *measurement = owner;
  size_t run = measurement->result.run_count - 1;
  outputs_record_interval(&measurement->outputs, run, measurement->rows[run].workload->name, interval);
}

struct run_observer onlooker_of(struct measurement *measurement, const struct workload *workload) {
  struct run_observer observer = {.owner = measurement, .on_tick = on_tick, .tick_ms = LINE_TICK_MS};
  if (measurement->board != NULL) {
    live_board_begin_run(measurement->board, (unsigned)measurement->result.run_count, (unsigned)measurement->row_count);
    observer.tick_ms = SCREEN_FRAME_MS;
  }
  if (measurement->board != NULL || measurement->settings->raw_path != NULL) observer.on_round_trip = on_round_trip;
  if (measurement->settings->json_stream_path != NULL) observer.on_interval = on_interval;
  if (prints_each(measurement, workload)) {
    observer.on_reply = on_reply;
    observer.on_timeout = on_timeout;
  }
  return observer;
}

void onlooker_end_run(const struct measurement *measurement) {
  if (measurement->shows_progress && measurement->board == NULL) live_clear_progress(stderr);
}

void onlooker_end(struct measurement *measurement) {
  live_board_end(measurement->board);
  measurement->board = NULL;
}
