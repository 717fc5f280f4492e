/* A server that fails on purpose: said beside whatever is found, so that nobody takes it for the machine's doing. */
#ifndef LOPING_CLIENT_CHECK_ADVICE_FAULT_H
#define LOPING_CLIENT_CHECK_ADVICE_FAULT_H

#include "client/check/advice_text.h"

/* Adds a line of evidence where the holder is a lopong that was started with --fault, or the server says so itself. */
void advice_note_faults(const struct advice_context *context, struct advice *out);

#endif
