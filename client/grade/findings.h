/*
 * From what was sent and what came back to the mistake's name and its words. Pure. A cause is named only where the
 * bytes show it; otherwise the finding says what was seen.
 */
#ifndef LOPING_CLIENT_GRADE_FINDINGS_H
#define LOPING_CLIENT_GRADE_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FINDING_TEXT_SIZE 384

/* The names of the mistakes, as reports and tests write them. */
enum mistake {
  MISTAKE_NONE,
  MISTAKE_ADDS_NEWLINE,
  MISTAKE_ADDS_NUL,
  MISTAKE_ADDS_WORDS_BEFORE,
  MISTAKE_SPEAKS_FIRST,
  MISTAKE_SENDS_WHOLE_BUFFER,
  MISTAKE_SENDS_TWICE,
  MISTAKE_STRIPS_LINE_END,
  MISTAKE_CHANGES_LETTERS,
  MISTAKE_CHANGES_LINE_ENDS,
  MISTAKE_STRIPS_HIGH_BIT,
  MISTAKE_TAKES_BYTES_FOR_TEXT,
  MISTAKE_STOPS_AT_NUL,
  MISTAKE_STOPS_AT_BYTE_255,
  MISTAKE_DROPS_AFTER_NEWLINE,
  MISTAKE_STOPS_AT_BYTE,
  MISTAKE_WAITS_FOR_NEWLINE,
  MISTAKE_WAITS_FOR_END,
  MISTAKE_CLOSES_AFTER_ONE,
  MISTAKE_ONE_RECV,
  MISTAKE_SHORT_WRITE,
  MISTAKE_GIVES_UP_AT_FULL,
  MISTAKE_ENDS_EARLY,
  MISTAKE_KEEPS_BACK,
  MISTAKE_DROPS_AT_HALF_CLOSE,
  MISTAKE_DOES_NOT_CLOSE,
  MISTAKE_SPINS_AT_END,
  MISTAKE_DIES_AT_RESET,
  MISTAKE_DIES_AT_SIGPIPE,
  MISTAKE_DIES,
  MISTAKE_ONE_AT_A_TIME,
  MISTAKE_MIXES_CLIENTS,
  MISTAKE_SLOW_READER_STOPS_OTHERS,
  MISTAKE_LEAKS_DESCRIPTORS,
  MISTAKE_STOPS_AFTER_CONNECTIONS,
  MISTAKE_NO_REUSEADDR,
  MISTAKE_NO_IPV6,
  MISTAKE_CUTS_DATAGRAMS,
  MISTAKE_IGNORES_EMPTY,
  MISTAKE_ENDS_AT_EMPTY,
  MISTAKE_ANSWERS_WRONG_CLIENT,
  MISTAKE_ANSWERS_FROM_OTHER_PORT,
  MISTAKE_LOSES_DATAGRAMS,
  MISTAKE_NO_REPLY,
  MISTAKE_CLOSES_WITHOUT_REPLY,
  MISTAKE_REFUSES,
  MISTAKE_DIFFERS,
  MISTAKES,
};

struct finding {
  enum mistake mistake;
  char sent[FINDING_TEXT_SIZE];
  char came[FINDING_TEXT_SIZE];
};

/* How the waiting for the bytes ended. */
enum echo_end { ECHO_ENDED, ECHO_RESET, ECHO_SILENT, ECHO_ENOUGH };

struct echo_facts {
  const uint8_t *sent;
  size_t sent_bytes;
  size_t first_bytes;     /* of the first message, whose echo was waited for before the next was sent; 0: all at once */
  bool is_more_than_sent; /* bytes came beyond the echo of what had been sent by then */
  const uint8_t *came;
  size_t came_bytes;
  enum echo_end end;
  bool is_datagram; /* both are one datagram */
};

/* Compares what came with what was sent; of a stream as much of it as was sent. True: it is the same. */
bool findings_compare(const struct echo_facts *facts, struct finding *out);

/* "stops-at-nul"; `loping explain` knows it. */
const char *mistake_name(enum mistake mistake);

#define MISTAKE_WORDS_SIZE 320

/* What is usually wrong then: "stops at a NUL byte: strlen() of what recv() returned."; NULL where nothing can be said.
 */
const char *mistake_words(enum mistake mistake, char out[MISTAKE_WORDS_SIZE]);

/* Is it the answer of something that is no echo server at all? */
bool mistake_is_no_echo(enum mistake mistake);

/* Describe what was sent and what came. */
__attribute__((format(__printf__, 2, 3))) void finding_say_sent(struct finding *finding, const char *format, ...);
__attribute__((format(__printf__, 2, 3))) void finding_say_came(struct finding *finding, const char *format, ...);

/* Bytes for a sentence: at most 24 of them, quoted, with escapes; "nothing" of none. Returns `out`. */
#define FINDING_BYTES_SIZE 160
const char *finding_quote(const uint8_t *bytes, size_t length, char out[FINDING_BYTES_SIZE]);

#endif
