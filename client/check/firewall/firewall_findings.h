/* All that was found out of a firewall's part in one port's state: plain data. Names and texts are not escaped. */
#ifndef LOPING_CLIENT_CHECK_FIREWALL_FIREWALL_FINDINGS_H
#define LOPING_CLIENT_CHECK_FIREWALL_FIREWALL_FINDINGS_H

#include "client/check/firewall/connection_table.h"
#include "client/check/firewall/legacy_rules.h"
#include "client/check/firewall/lo_programs.h"
#include "client/check/firewall/traced_rule.h"

struct firewall_findings {
  int trace_code; /* 0, or why nothing could be traced: UV_EPERM, UV_ENOTSUP, ... */
  struct trace_findings trace;
  struct connection_table connections;
  bool has_legacy;
  struct legacy_rule legacy;
  struct lo_programs programs;
};

#endif
