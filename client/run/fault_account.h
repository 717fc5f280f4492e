/* What a server does wrong on purpose, and what a run has seen of it. */
#ifndef LOPING_CLIENT_RUN_FAULT_ACCOUNT_H
#define LOPING_CLIENT_RUN_FAULT_ACCOUNT_H

#include <stdbool.h>

#include "client/run/run.h"

/* Asks the server what it does wrong on purpose, before anything is sent to it. It is waited for 1 s at most. */
void fault_account_ask(struct run *run);

/* The run is over, and the server fails on purpose: asks it once more, and makes the account of both sides. */
void fault_account_make(struct run *run);

/* Is a message whose answer does not come one that such a server has lost, and not a server that is gone? */
bool fault_account_may_lose(const struct run *run);

#endif
