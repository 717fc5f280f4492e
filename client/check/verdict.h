/* From facts to one word: what is wrong with the port, or that nothing is. A table; pure. */
#ifndef LOPING_CLIENT_CHECK_VERDICT_H
#define LOPING_CLIENT_CHECK_VERDICT_H

#include "client/check/facts.h"

enum verdict {
  VERDICT_OPEN,
  VERDICT_ANSWERS, /* another protocol than echo, and it is known which */
  VERDICT_ACCEPTS, /* a server is there; nothing was sent to it */
  VERDICT_CLOSED,
  VERDICT_WRONG_ADDRESS,
  VERDICT_BLOCKED,     /* dropped on the way in */
  VERDICT_BLOCKED_OUT, /* dropped or refused on the way out */
  VERDICT_REJECTED,
  VERDICT_REPLIES_BLOCKED,
  VERDICT_DATA_BLOCKED,
  VERDICT_QUEUE_FULL,
  VERDICT_PAUSED,
  VERDICT_NOT_READING,
  VERDICT_HUNG_UP,
  VERDICT_NOT_ECHO,
  VERDICT_REDIRECTED,
  VERDICT_SELF_CONNECT,
  VERDICT_NO_CLIENT_PORTS,
  VERDICT_LOOPBACK_DOWN,
  VERDICT_ROUTE_FORBIDDEN,
  VERDICT_CONFINED, /* a sandbox of this very process refuses */
  VERDICT_INTERMITTENT,
  VERDICT_UNKNOWN,
  VERDICTS,
};

/* The first row of the table that fits the facts; facts that contradict each other fit none: VERDICT_UNKNOWN. */
enum verdict verdict_decide(const struct port_facts *facts);

/* "open", "wrong-address", ...: the words of the result file. */
const char *verdict_name(enum verdict verdict);

/* The exit status that the verdict alone gives: 0 something answers, 4 a firewall is in the way, 3 unknown, 1 others.
 */
int verdict_exit_status(enum verdict verdict, const struct port_facts *facts);

/* Does something answer behind a redirection? */
bool verdict_is_answered(const struct port_facts *facts);

#endif
