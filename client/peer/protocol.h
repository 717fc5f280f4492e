/*
 * What a server speaks, by what it says first or by its answer to the one polite question of its protocol; and that
 * question. Nothing here is sent to a server that is not known to want it: that choice is question.h's. Pure.
 */
#ifndef LOPING_CLIENT_PEER_PROTOCOL_H
#define LOPING_CLIENT_PEER_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROTOCOL_PRODUCT_BYTES  64
#define PROTOCOL_QUESTION_BYTES 192

enum protocol {
  PROTOCOL_UNKNOWN,
  PROTOCOL_HTTP,
  PROTOCOL_TLS,
  PROTOCOL_POSTGRESQL,
  PROTOCOL_REDIS,
  PROTOCOL_MEMCACHED,
  PROTOCOL_DNS,
  PROTOCOL_SSH,
  PROTOCOL_SMTP,
  PROTOCOL_FTP,
  PROTOCOL_MYSQL,
  PROTOCOL_POP3,
  PROTOCOL_IMAP,
  PROTOCOL_VNC,
  PROTOCOL_RSYNC,
  PROTOCOLS,
};

enum question {
  QUESTION_NONE,
  QUESTION_ECHO,  /* a line of text that an echo server returns */
  QUESTION_HELLO, /* lopong's own */
  QUESTION_HTTP,  /* a HEAD request; an echo server returns it, too */
  QUESTION_TLS,
  QUESTION_POSTGRESQL,
  QUESTION_REDIS,
  QUESTION_MEMCACHED,
  QUESTION_DNS,
  QUESTIONS,
};

/* What an answer, or the beginning of one, says. */
enum protocol_answer {
  PROTOCOL_ANSWER_PARTIAL, /* more has to come */
  PROTOCOL_ANSWER_ECHO,
  PROTOCOL_ANSWER_KNOWN,
  PROTOCOL_ANSWER_OTHER,
};

struct protocol_facts {
  enum protocol protocol;
  char product[PROTOCOL_PRODUCT_BYTES]; /* as the server says it, not escaped; "" where it does not */
  bool fails_on_purpose;                /* a lopong with --fault, by its welcome */
};

/* "HTTP", "MySQL", ...; NULL for PROTOCOL_UNKNOWN. */
const char *protocol_name(enum protocol protocol);

/* The question of that name ("echo", "http", ...; "none"); false if there is none. */
bool question_find(const char *name, enum question *question);

/* Writes the bytes of a question; `host` is what an HTTP request names. Returns how many: 0 for QUESTION_NONE, and for
 * those that datagrams cannot carry. */
size_t question_write(enum question question, const char *host, bool is_udp, uint8_t out[PROTOCOL_QUESTION_BYTES]);

/* Judges what came so far for `sent`, whatever it is. `sent_length` 0: the server spoke first. `is_all`: no more will
 * come. Fills `facts` for KNOWN. */
enum protocol_answer protocol_judge(enum question question, const uint8_t *sent, size_t sent_length,
                                    const uint8_t *answer, size_t length, bool is_all, struct protocol_facts *facts);

/* The words with which a client of that protocol leaves; NULL where it just closes. */
const char *protocol_goodbye(enum protocol protocol);

#endif
