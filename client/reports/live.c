/* Lines during a run. Knows plain figures only. */
#include "client/reports/live.h"

#include "common/text/layout.h"
#include "common/text/terminal.h"
#include "common/text/units.h"
#include "common/text/wrap.h"

/* ECMA-48: back to the first column, erase to the end of the line. */
#define RENEW_LINE "\r\x1b[K"

static void format_progress(const struct live_progress *progress, char line[LIVE_LINE_SIZE]) {
  char count[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE], total[UNITS_TEXT_SIZE] = "";
  double seconds = (double)progress->elapsed_ns / 1e9;
  if (progress->is_warming) {
    snprintf(line, LIVE_LINE_SIZE, "%s: warming up", progress->name);
    return;
  }
  if (progress->total_ns > 0) snprintf(total, sizeof total, " of %.1f", (double)progress->total_ns / 1e9);
  int used = snprintf(line, LIVE_LINE_SIZE, "%s: %.1f%s s", progress->name, seconds, total);
  size_t left = LIVE_LINE_SIZE - (size_t)used;
  if (seconds > 0 && progress->round_trips > 0)
    snprintf(line + used, left, ", %s round trips, %s a second", units_format_count(progress->round_trips, count),
             units_format_count((uint64_t)((double)progress->round_trips / seconds), rate));
  else if (seconds > 0)
    snprintf(line + used, left, ", %s", units_format_bit_rate((double)progress->bytes_moved * 8 / seconds, rate));
}

void live_show_progress(const struct live_progress *progress, FILE *terminal) {
  char line[LIVE_LINE_SIZE];
  size_t columns = terminal_columns(fileno(terminal));
  format_progress(progress, line);
  /* A line that goes on in the next one could not be taken back. */
  if (columns > 1) line[wrap_cut(line, columns - 1)] = '\0';
  fprintf(terminal, RENEW_LINE "%s", line);
  fflush(terminal);
}

void live_clear_progress(FILE *terminal) {
  fputs(RENEW_LINE, terminal);
  fflush(terminal);
}

const char *live_format_reply(const struct live_reply *reply, char line[LIVE_LINE_SIZE]) {
  char rtt[UNITS_TEXT_SIZE], there[UNITS_TEXT_SIZE], server[UNITS_TEXT_SIZE], back[UNITS_TEXT_SIZE];
  int used = snprintf(line, LIVE_LINE_SIZE, "seq=%llu %llu byte%s RTT %s", (unsigned long long)reply->sequence,
                      (unsigned long long)reply->bytes, units_plural(reply->bytes),
                      units_format_duration((double)reply->rtt_ns, rtt));
  if (reply->has_legs)
    used += snprintf(line + used, LIVE_LINE_SIZE - (size_t)used, " (there %s, server %s, back %s)",
                     units_format_duration((double)reply->there_ns, there),
                     units_format_duration((double)reply->server_ns, server),
                     units_format_duration((double)reply->back_ns, back));
  snprintf(line + used, LIVE_LINE_SIZE - (size_t)used, "\n");
  return line;
}

const char *live_format_timeout(uint64_t sequence, uint64_t timeout_ns, char line[LIVE_LINE_SIZE]) {
  char limit[UNITS_TEXT_SIZE];
  snprintf(line, LIVE_LINE_SIZE, "seq=%llu no reply within %s\n", (unsigned long long)sequence,
           units_format_duration((double)timeout_ns, limit));
  return line;
}

void live_write_line(const char *line, FILE *file) {
  layout_write(file, line);
  /* One line a second: whoever reads a pipe wants it now. */
  fflush(file);
}
