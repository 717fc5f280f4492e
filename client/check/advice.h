/* A verdict in words: one sentence, its evidence, what to do. The facts are gathered before; this makes text of them.
 */
#ifndef LOPING_CLIENT_CHECK_ADVICE_H
#define LOPING_CLIENT_CHECK_ADVICE_H

#include "client/check/advice_text.h"

/* All texts are escaped for a terminal. */
void advice_write(const struct advice_context *context, struct advice *out);

#endif
