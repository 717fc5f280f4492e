/* Names the firewall rules behind the verdicts, where this process may see them. */
#ifndef LOPING_CLIENT_CHECK_TRACE_RULE_H
#define LOPING_CLIENT_CHECK_TRACE_RULE_H

#include "client/check/examine.h"

/* Probes each port that a firewall is in the way of once more while the rules are traced
 * (client/check/firewall/rule_trace.h), and sets `has_rule` and `rule` where one was found. Does nothing without the
 * privilege. */
void naming_run(struct survey *survey);

#endif
