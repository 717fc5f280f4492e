/*
 * A run that failed, in words. What is wrong with a port says the verdict of `loping check`; sentences of their own
 * have only the failures that are no verdict on a port. Pure.
 */
#ifndef LOPING_CLIENT_FAILURE_CLIENT_FAILURE_H
#define LOPING_CLIENT_FAILURE_CLIENT_FAILURE_H

#include <stdbool.h>

#include "client/check/advice_text.h"
#include "client/check/verdict.h"
#include "client/run/run_failure.h"
#include "common/explain/explanation.h"

/* What a second look at the target found, by check's means, a moment after the run had failed. */
struct second_look {
  enum verdict verdict;
  bool is_healthy; /* the verdict's exit status is 0 */
  const struct advice *advice;
};

/* Does loping itself lack descriptors or memory? That says nothing of the target. */
bool client_failure_is_own_lack(const struct client_failure *failure);

/* Says why a run failed. `look` is NULL where the target was not examined: it is no port, it is on another machine, or
 * the failure has nothing to do with it. Every socket of failure->sockets is named as a holder. */
void explain_client_failure(const struct client_failure *failure, const struct second_look *look,
                            struct explanation *out);

#endif
