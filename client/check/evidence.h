/* What a verdict rests on, line by line. */
#ifndef LOPING_CLIENT_CHECK_EVIDENCE_H
#define LOPING_CLIENT_CHECK_EVIDENCE_H

#include "client/check/advice_text.h"

/* Adds the evidence, in the order in which it was found. */
void advice_add_evidence(const struct advice_context *context, struct advice *out);

#endif
