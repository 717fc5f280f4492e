/* Which datagrams get an answer. Pure: no socket, no libuv. */
#include "server/echo/datagram_rules.h"

#define LOWEST_ANSWERED_PORT 1024

enum datagram_verdict datagram_rules_judge(const struct datagram_facts *facts) {
  if (facts->is_frame && facts->is_reply) return DATAGRAM_REFUSE;
  if (facts->is_from_no_host) return DATAGRAM_REFUSE;
  if (facts->source_port < LOWEST_ANSWERED_PORT) return DATAGRAM_REFUSE;
  if (facts->source_port == facts->own_echo_port && facts->is_from_this_machine) return DATAGRAM_REFUSE;
  return facts->is_frame ? DATAGRAM_STAMP : DATAGRAM_ECHO;
}
