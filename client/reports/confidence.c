/* Confidence and placement for people. Knows results, never a socket. */
#include "client/reports/confidence.h"

#include "common/text/units.h"

/* "p50 11.2 us to 11.4 us"; an interval that would reach below 0 has no lower end. */
static void write_bounds(const char *name, const struct result_bounds *bounds, FILE *file) {
  char low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];
  units_format_duration(bounds->high_ns, high);
  if (bounds->low_ns > 0)
    fprintf(file, "%s %s to %s", name, units_format_duration(bounds->low_ns, low), high);
  else
    fprintf(file, "%s at most %s", name, high);
}

void trust_write_confidence(const struct result_run *run, const struct style *style, FILE *file) {
  const struct result_confidence *confidence = &run->confidence;
  if (!confidence->p50.is_known) return;
  fprintf(file, "%s95 %% confidence%s of the RTT: ", style->strong, style->end);
  write_bounds("p50", &confidence->p50, file);
  if (confidence->p99.is_known) {
    fputs(", ", file);
    write_bounds("p99", &confidence->p99, file);
  }
  fprintf(file, "\n  (means of %llu one-second slices, Student's t)\n", (unsigned long long)confidence->slices);
}

void trust_write_placement(const struct result_run *run, const struct style *style, FILE *file) {
  char same[UNITS_TEXT_SIZE], other[UNITS_TEXT_SIZE];
  if (!result_has(run, FIGURE_SAME_CPU) && !result_has(run, FIGURE_OTHER_CPU)) return;
  fprintf(file, "%splacement%s: ", style->strong, style->end);
  if (run->workload.is_pinned)
    fprintf(file, "the client was kept on CPU %llu; ", (unsigned long long)run->workload.cpu);
  if (!result_has(run, FIGURE_OTHER_CPU)) {
    fprintf(file, "client and server shared a CPU in every round trip\n");
    return;
  }
  if (!result_has(run, FIGURE_SAME_CPU)) {
    fprintf(file, "client and server were on different CPUs in every round trip\n");
    return;
  }
  double all = (double)(run->figures[FIGURE_SAME_CPU].count + run->figures[FIGURE_OTHER_CPU].count);
  fprintf(file, "one CPU shared in %.1f %% (p50 %s), not in %.1f %% (p50 %s)\n",
          100 * (double)run->figures[FIGURE_SAME_CPU].count / all,
          units_format_duration((double)run->figures[FIGURE_SAME_CPU].p50, same),
          100 * (double)run->figures[FIGURE_OTHER_CPU].count / all,
          units_format_duration((double)run->figures[FIGURE_OTHER_CPU].p50, other));
}
