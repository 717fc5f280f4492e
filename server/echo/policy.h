/* What lopong lets in and how much it holds: pure decisions, so that each can be tested as a table. */
#ifndef LOPING_SERVER_ECHO_POLICY_H
#define LOPING_SERVER_ECHO_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Descriptors that stay free for what is no connection: a look into /proc, libuv's own, a log. */
#define LIMITS_SPARE_DESCRIPTORS 8

enum admission { ADMISSION_ACCEPT, ADMISSION_TOO_MANY, ADMISSION_NO_DESCRIPTORS };

struct admission_facts {
  uint64_t open_connections; /* without the new one */
  uint64_t max_connections;  /* 0: no limit */
  int64_t descriptor;        /* of the new connection; -1: not a small number on this system */
  uint64_t descriptor_limit; /* 0: unknown */
};

/* Judges a connection that was just accepted. The system hands out the lowest free descriptor (open(2)), so a number
 * near the limit means that the table is nearly full. */
enum admission limits_judge_connection(const struct admission_facts *facts);

/* Which of the threads gets the next connection: the one with the fewest open; among equals the first after `previous`,
 * the one that got the last. `count` is at least 1. */
size_t limits_choose_thread(const uint64_t *open_connections, size_t count, size_t previous);

enum datagram_verdict { DATAGRAM_ECHO, DATAGRAM_STAMP, DATAGRAM_REFUSE };

struct datagram_facts {
  bool is_frame;             /* begins with a frame header of ours */
  bool is_reply;             /* which carries the reply flag */
  uint16_t source_port;      /* 0: none */
  bool is_from_this_machine; /* the source address is loopback or one of this machine's */
  uint16_t own_echo_port;    /* that this server's UDP sockets have */
};

/* Two UDP echo servers must never bounce one datagram for ever (the attack of CERT CA-1996-01): no answer to a reply,
 * to a port below 1024 (RFC 862's echo is 7, chargen 19) and to an echo port of our own. */
enum datagram_verdict limits_judge_datagram(const struct datagram_facts *facts);

/* How many bytes to read next from a connection that holds `held_bytes` of unsent echo; 0: stop reading. */
size_t limits_read_bytes(size_t held_bytes, size_t bound_bytes, size_t buffer_bytes);

/* May a connection that was stopped be read again? At half the bound, so that reading does not start and stop with
 * every few bytes. */
bool limits_may_resume(size_t held_bytes, size_t bound_bytes);

/* True the first time after a recovery: what is to be said once. `was_said` is the caller's memory. */
bool limits_say_once(bool *was_said);

#endif
