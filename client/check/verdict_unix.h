/* The rows of the decision table that only a unix socket has. Pure. */
#ifndef LOPING_CLIENT_CHECK_VERDICT_UNIX_H
#define LOPING_CLIENT_CHECK_VERDICT_UNIX_H

#include "client/check/verdict.h"

/* What kept the connection from a unix socket. False where one stands: then the rows of all transports decide. */
bool verdict_unix_decide(const struct port_facts *facts, enum verdict *verdict);

#endif
