/* What the machine's counters tell of a port, although others move them, too. */
#ifndef LOPING_CLIENT_CHECK_REFUSAL_H
#define LOPING_CLIENT_CHECK_REFUSAL_H

#include "client/check/survey.h"

/* Of every port that was refused while the system counted a refusal of its own: tries again until the count is this
 * port's for certain, or certainly not. A few milliseconds where nothing else is refused meanwhile; bounded. */
void refusals_confirm(struct survey *survey);

/* Of every UDP port that stayed silent: watches the counters for as long once more, without a probe. Those that move
 * are no evidence, and become FACT_UNKNOWN. */
void silences_confirm(struct survey *survey);

#endif
