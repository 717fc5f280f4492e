/* Two lines of a text report: how far its percentiles may be trusted, and which CPUs the round trips used. */
#ifndef LOPING_CLIENT_REPORTS_CONFIDENCE_H
#define LOPING_CLIENT_REPORTS_CONFIDENCE_H

#include <stdio.h>

#include "client/result/result.h"
#include "common/text/style.h"

/* Each writes nothing where there is nothing to say. */
void trust_write_confidence(const struct result_run *run, const struct style *style, FILE *file);
void trust_write_placement(const struct result_run *run, const struct style *style, FILE *file);

#endif
