/* Lines during a run. Knows plain figures only. */
#include "client/reports/live.h"

#include "common/text/layout.h"
#include "common/text/units.h"

/* ECMA-48: back to the first column, erase to the end of the line. */
#define RENEW_LINE "\r\x1b[K"

void live_show_progress(const struct live_progress *progress, FILE *terminal) {
  char count[UNITS_TEXT_SIZE], rate[UNITS_TEXT_SIZE];
  double seconds = (double)progress->elapsed_ns / 1e9;
  fprintf(terminal, RENEW_LINE "%s: ", progress->name);
  if (progress->is_warming) {
    fprintf(terminal, "warming up");
  } else {
    fprintf(terminal, "%.1f", seconds);
    if (progress->total_ns > 0) fprintf(terminal, " of %.1f", (double)progress->total_ns / 1e9);
    fprintf(terminal, " s");
    if (seconds > 0 && progress->round_trips > 0)
      fprintf(terminal, ", %s round trips, %s a second", units_format_count(progress->round_trips, count),
              units_format_count((uint64_t)((double)progress->round_trips / seconds), rate));
    else if (seconds > 0)
      fprintf(terminal, ", %s", units_format_bit_rate((double)progress->bytes_moved * 8 / seconds, rate));
  }
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
