/* Which datagrams get an answer: a pure decision, so that it can be tested as a table. */
#ifndef LOPING_SERVER_ECHO_DATAGRAM_RULES_H
#define LOPING_SERVER_ECHO_DATAGRAM_RULES_H

#include <stdbool.h>
#include <stdint.h>

enum datagram_verdict { DATAGRAM_ECHO, DATAGRAM_STAMP, DATAGRAM_REFUSE };

struct datagram_facts {
  bool is_frame;             /* begins with a frame header of ours */
  bool is_reply;             /* which carries the reply flag */
  uint16_t source_port;      /* 0: none */
  bool is_from_this_machine; /* the source address is loopback or one of this machine's */
  uint16_t own_echo_port;    /* that this server's UDP sockets have */
  bool is_from_no_host;      /* the source address is none that one host has */
};

/* Two UDP echo servers must never bounce one datagram for ever (the attack of CERT CA-1996-01): no answer to a reply,
 * to a port below 1024 (RFC 862's echo is 7, chargen 19) and to an echo port of our own. None either to an address that
 * no single host has: the answer would go to many, or to nobody (RFC 1122 3.2.1.3). */
enum datagram_verdict datagram_rules_judge(const struct datagram_facts *facts);

#endif
