/* Tracing of firewall rules where nobody wrote that system's own file yet: there is none. */
#include <stddef.h>
#include <string.h>

#include "client/check/firewall/rule_trace.h"

int rule_trace_start(const struct endpoint *target, const struct sockaddr_storage *source, struct rule_trace **trace) {
  (void)target;
  (void)source;
  *trace = NULL;
  return UV_ENOTSUP;
}

bool rule_trace_read(struct rule_trace *trace) {
  (void)trace;
  return false;
}

void rule_trace_finish(struct rule_trace *trace, struct trace_findings *findings) {
  (void)trace;
  memset(findings, 0, sizeof *findings);
}

void rule_trace_stop(struct rule_trace *trace) {
  (void)trace;
}
