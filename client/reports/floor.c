/* The floor's lines of a text report. Knows results, never a socket. */
#include "client/reports/floor.h"

#include "client/reports/paragraph.h"
#include "common/text/units.h"

/* How often the run's own round trips shared a CPU, where that is known. */
static double same_cpu_percent(const struct result_run *run) {
  uint64_t same = run->figures[FIGURE_SAME_CPU].count;
  uint64_t other = run->figures[FIGURE_OTHER_CPU].count;
  return same + other == 0 ? -1 : 100 * (double)same / (double)(same + other);
}

void report_floor_write(const struct result_run *run, const struct style *style, FILE *file) {
  const struct result_floor *floor = &run->floor;
  char median[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE], slice[UNITS_TEXT_SIZE];
  if (!result_has(run, FIGURE_FLOOR)) return;
  paragraph_write(file, style, "floor",
                  ": this machine's limit in the same seconds is p50 %s (p99 %s); this run is %.2f x of it",
                  units_format_duration((double)run->figures[FIGURE_FLOOR].p50, median),
                  units_format_duration((double)run->figures[FIGURE_FLOOR].p99, high), floor->ratio_p50);
  char placement[128] = "";
  double own = same_cpu_percent(run);
  if (own >= 0) snprintf(placement, sizeof placement, ", in %.0f %% of the run's", own);
  paragraph_write(file, style, "",
                  "  the same payload between two bare threads, blocking send and recv, without an event loop, in "
                  "%llu turns of %s between those of the run; one CPU shared by both in %.0f %% of its round trips%s",
                  (unsigned long long)floor->turns, units_format_duration((double)floor->turn_ns, slice),
                  floor->same_cpu_percent, placement);
}
