/* Tracing of firewall rules where nobody wrote that system's own file yet: there is none. */
#include <stddef.h>

#include "client/check/firewall/rule_trace.h"

int rule_trace_start(enum transport transport, uint16_t port, struct rule_trace **trace) {
  (void)transport;
  (void)port;
  *trace = NULL;
  return UV_ENOTSUP;
}

bool rule_trace_find_drop(struct rule_trace *trace, struct traced_rule *rule) {
  (void)trace;
  (void)rule;
  return false;
}

void rule_trace_stop(struct rule_trace *trace) {
  (void)trace;
}
