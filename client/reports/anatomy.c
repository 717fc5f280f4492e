/* The text report of an anatomy. Walks the rows of result_fields; knows results, never a socket. */
#include "client/reports/anatomy.h"

#include "client/reports/faults.h"
#include "client/reports/paragraph.h"

#include <string.h>

#include "client/result/figures.h"
#include "common/text/units.h"

#define LABEL_COLUMNS 42
#define TABLE_COLUMNS (LABEL_COLUMNS + 32)
/* Of what is drawn beside the table, where there is room for it. */
#define SPAN_COLUMNS_MIN 20
#define SPAN_COLUMNS_MAX 60

/* Beside its label, or below it where both do not fit. */
static void write_cells(const char *label, const char *one, const char *other, const char *third,
                        const struct style *style, FILE *file) {
  if (style->columns < TABLE_COLUMNS)
    fprintf(file, "  %s\n    %10s%10s%10s", label, one, other, third);
  else
    fprintf(file, "  %-*s%10s%10s%10s", LABEL_COLUMNS, label, one, other, third);
}

static void write_row(const char *label, const struct distribution *part, const struct style *style, FILE *file) {
  char median[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE], mean[UNITS_TEXT_SIZE];
  write_cells(label, units_format_duration((double)part->p50, median), units_format_duration((double)part->p99, high),
              units_format_duration(part->mean, mean), style, file);
}

/* One round trip from left to right: where in it a part stands, by the means, as they add up to it. */
static void write_span(double from, double to, const struct style *style, FILE *file) {
  char drawn[DRAW_TEXT_SIZE];
  size_t columns = style->columns > TABLE_COLUMNS + 3 ? style->columns - TABLE_COLUMNS - 3 : 0;
  if (columns >= SPAN_COLUMNS_MIN)
    fprintf(file, "  %s%s%s", style->drawn,
            draw_span(style->set, from, to, columns < SPAN_COLUMNS_MAX ? columns : SPAN_COLUMNS_MAX, drawn),
            style->end);
}

static void write_parts(const struct result_run *run, const struct style *style, FILE *file) {
  double whole = run->figures[FIGURE_RTT].mean, before = 0;
  fputs(style->strong, file);
  write_cells("in the order of time", "p50", "p99", "mean", style, file);
  fprintf(file, "%s\n", style->end);
  for (size_t i = FIGURE_ANATOMY; i < FIGURE_WHOLES; i++) {
    double mean = run->figures[i].mean;
    write_row(result_section_of((enum figure)i)->label, &run->figures[i], style, file);
    if (whole > 0) write_span(before / whole, (before + mean) / whole, style, file);
    before += mean;
    fputc('\n', file);
  }
  fprintf(file, "%s", style->strong);
  write_row("round trip (RTT)", &run->figures[FIGURE_RTT], style, file);
  fprintf(file, "%s\n", style->end);
}

/* What the largest share is spent on. */
static const struct {
  const char *subject, *reason;
} words[ANATOMY_WHOLE_COUNT] = {
    [ANATOMY_CARRYING] = {"Carrying the messages", "the send calls' way through the kernel to the other socket"},
    [ANATOMY_WAKING] = {"Waking up", "both sides sleep between messages"},
    [ANATOMY_ASKING] = {"Asking the kernel for its times", "the measuring itself dominates here"},
    [ANATOMY_READING] = {"Reading", "the read calls and the event loops around them"},
    [ANATOMY_ANSWERING] = {"The server itself", "between its read and its send call"},
};

static void write_reason(const struct result_run *run, const struct style *style, FILE *file) {
  char share[UNITS_TEXT_SIZE], whole[UNITS_TEXT_SIZE];
  size_t largest = 0;
  for (size_t i = 1; i < ANATOMY_WHOLE_COUNT; i++)
    if (run->figures[FIGURE_WHOLES + i].p50 > run->figures[FIGURE_WHOLES + largest].p50) largest = i;
  units_format_duration((double)run->figures[FIGURE_WHOLES + largest].p50, share);
  units_format_duration((double)run->figures[FIGURE_RTT].p50, whole);
  const char *reason = words[largest].reason;
  if (largest == ANATOMY_WAKING && run->workload.is_busy_poll) reason = "until a look at the socket finds the message";
  fputc('\n', file);
  paragraph_write(file, style, words[largest].subject, " takes %s of %s: %s (p50 of each, both ways together)", share,
                  whole, reason);
}

static void write_explanation(const struct result_run *run, const struct style *style, FILE *file) {
  char one[UNITS_TEXT_SIZE], other[UNITS_TEXT_SIZE];
  double sum = 0;
  for (size_t i = 0; i < ANATOMY_PART_COUNT; i++)
    sum += run->figures[FIGURE_ANATOMY + i].mean;
  paragraph_write(file, style, "sum",
                  ": the means add up to %s, the mean round trip is %s; percentiles need not add up",
                  units_format_duration(sum, one), units_format_duration(run->figures[FIGURE_RTT].mean, other));
  paragraph_write(file, style, "measuring",
                  ": asking the kernel for its times is %s of the round trip (p50); `loping latency` has none",
                  units_format_duration((double)run->figures[FIGURE_WHOLES + ANATOMY_ASKING].p50, one));
  paragraph_write(
      file, style, "send calls",
      ": whole, loping's takes %s and the server's %s (p50); each goes on after the kernel has the message, while "
      "the other side wakes up, so its end is no part of the sum",
      units_format_duration((double)run->figures[FIGURE_CLIENT_SEND].p50, one),
      units_format_duration((double)run->figures[FIGURE_SERVER_SEND].p50, other));
  paragraph_write(
      file, style, "wake-up",
      ": from the kernel's receive time (SO_TIMESTAMPNS) until the program's loop runs; that time is of the calendar "
      "clock, and is converted with an error of at most %s",
      units_format_duration((double)run->anatomy.clock_error_ns, one));
}

void report_anatomy_write(const struct result_run *run, bool with_notes, const struct style *style, FILE *file) {
  if (!run->is_measured) return;
  report_text_write_heading(run, style, file);
  if (result_has(run, FIGURE_ANATOMY)) {
    write_parts(run, style, file);
    write_reason(run, style, file);
    write_explanation(run, style, file);
  } else {
    fprintf(file, "no round trip was completed\n");
  }
  fprintf(file, "%scheck%s: ", style->strong, style->end);
  report_text_write_check(run, style, file);
  report_faults_write(run, style, file);
  for (size_t i = 0; with_notes && i < run->note_count; i++)
    report_text_write_note(run->notes[i], style, file);
}
