/* Looks into the firewall behind the verdicts, as far as this process may. */
#ifndef LOPING_CLIENT_CHECK_TRACE_RULE_H
#define LOPING_CLIENT_CHECK_TRACE_RULE_H

#include "client/check/survey.h"

/* Of each port that a firewall may be in the way of, sends one more packet while the rules are traced
 * (client/check/firewall/), and looks at what no rule tells of. Sets `firewall` and the facts' `path`, and decides
 * anew. Of more than EXAMINE_CLOSELY_MAX ports it looks at none. */
void trace_rule_run(struct survey *survey);

#endif
