/* Confidence and placement for people. Knows results, never a socket. */
#include "client/reports/trust.h"

#include "common/units.h"

void trust_write_confidence(const struct result_run *run, const struct style *style, FILE *file) {
  const struct result_confidence *confidence = &run->confidence;
  char low[UNITS_TEXT_SIZE], high[UNITS_TEXT_SIZE];
  if (!confidence->p50.is_known) return;
  fprintf(file, "%s95 %% confidence%s of the RTT: p50 %s to %s", style->strong, style->end,
          units_format_duration(confidence->p50.low_ns, low), units_format_duration(confidence->p50.high_ns, high));
  if (confidence->p99.is_known)
    fprintf(file, ", p99 %s to %s", units_format_duration(confidence->p99.low_ns, low),
            units_format_duration(confidence->p99.high_ns, high));
  fprintf(file, " (means of %zu one-second slices, Student's t)\n", confidence->slices);
}

void trust_write_placement(const struct result_run *run, const struct style *style, FILE *file) {
  char same[UNITS_TEXT_SIZE], other[UNITS_TEXT_SIZE];
  if (!run->has_same_cpu && !run->has_other_cpu) return;
  fprintf(file, "%splacement%s: ", style->strong, style->end);
  if (run->workload.is_pinned)
    fprintf(file, "the client was kept on CPU %llu; ", (unsigned long long)run->workload.cpu);
  if (!run->has_other_cpu) {
    fprintf(file, "client and server shared a CPU in every round trip\n");
    return;
  }
  if (!run->has_same_cpu) {
    fprintf(file, "client and server were on different CPUs in every round trip\n");
    return;
  }
  double all = (double)(run->same_cpu.count + run->other_cpu.count);
  fprintf(file, "client and server shared a CPU in %.1f %% (p50 %s) and did not in %.1f %% (p50 %s)\n",
          100 * (double)run->same_cpu.count / all, units_format_duration((double)run->same_cpu.p50, same),
          100 * (double)run->other_cpu.count / all, units_format_duration((double)run->other_cpu.p50, other));
}
