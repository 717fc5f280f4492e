/* HdrHistogram's percentile format, out of our own histogram. Pure but for the writing. */
#include "client/reports/hgrm.h"

#include <math.h>
#include <stdbool.h>
#include <uv.h>

#define NS_PER_US              1e3
#define STEPS_PER_HALF         5
#define HISTOGRAM_SUB_BUCKETS  2048
#define HISTOGRAM_BUCKET_COUNT 26

/* The steps get smaller by half whenever half of the way to 100 % is done: 50 %, 75 %, 87.5 %, ... */
static double step_after(double percent) {
  double halves = floor(log2(100 / (100 - percent))) + 1;
  return percent + 100 / (STEPS_PER_HALF * exp2(halves));
}

static void write_line(double value_ns, double percent, uint64_t count, FILE *file) {
  double share = percent / 100;
  if (share < 1)
    fprintf(file, "%12.3f %.12f %10llu %14.2f\n", value_ns / NS_PER_US, share, (unsigned long long)count,
            1 / (1 - share));
  else
    fprintf(file, "%12.3f %.12f %10llu %14s\n", value_ns / NS_PER_US, share, (unsigned long long)count, "inf");
}

static void write_summary(const struct histogram *histogram, FILE *file) {
  fprintf(file, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", histogram_mean(histogram) / NS_PER_US,
          histogram_stddev(histogram) / NS_PER_US);
  fprintf(file, "#[Max     = %12.3f, Total count    = %12llu]\n", (double)histogram_max(histogram) / NS_PER_US,
          (unsigned long long)histogram_count(histogram));
  fprintf(file, "#[Buckets = %12d, SubBuckets     = %12d]\n", HISTOGRAM_BUCKET_COUNT, HISTOGRAM_SUB_BUCKETS);
}

int report_hgrm_write(const struct histogram *histogram, FILE *file) {
  uint64_t total = histogram_count(histogram), seen = 0, upper_ns, count;
  double percent = 0;
  size_t cursor = 0;
  fprintf(file, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
  while (histogram_next(histogram, &cursor, &upper_ns, &count)) {
    seen += count;
    bool is_last = seen == total;
    /* One sub-bucket may hold several steps; the last one ends with 100 %. */
    double value_ns = is_last ? (double)histogram_max(histogram) : (double)upper_ns;
    while (percent <= 100 * (double)seen / (double)total && percent < 100) {
      write_line(value_ns, percent, seen, file);
      if (is_last) break;
      percent = step_after(percent);
    }
    if (is_last) write_line(value_ns, 100, total, file);
  }
  write_summary(histogram, file);
  return fflush(file) != 0 || ferror(file) ? UV_EIO : 0;
}
