/* A distribution in HdrHistogram's percentile format, which its public plotter reads. */
#ifndef LOPING_CLIENT_REPORTS_HGRM_H
#define LOPING_CLIENT_REPORTS_HGRM_H

#include <stdio.h>

#include "client/stats/histogram.h"

/* Writes the columns Value (us), Percentile, TotalCount and 1/(1-Percentile), five lines for each half of the distance
 * to 100 %, and the three lines of the summary. Source: HdrHistogram's outputPercentileDistribution() and its plotter,
 * https://hdrhistogram.github.io/HdrHistogram/plotFiles.html. Returns 0 or a negative UV_ code. */
int report_hgrm_write(const struct histogram *histogram, FILE *file);

#endif
