/* The mistakes' names; their words are those of `loping explain`. See findings.h. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "client/explain/glossary.h"
#include "client/grade/findings.h"

static const struct {
  const char *name;
  bool is_seen_alone; /* the bytes do not show why */
} rows[MISTAKES] = {
    [MISTAKE_NONE] = {"none", true},
    [MISTAKE_ADDS_NEWLINE] = {"adds-newline", false},
    [MISTAKE_ADDS_NUL] = {"adds-nul", false},
    [MISTAKE_ADDS_WORDS_BEFORE] = {"adds-words-before", false},
    [MISTAKE_SPEAKS_FIRST] = {"speaks-first", false},
    [MISTAKE_SENDS_WHOLE_BUFFER] = {"sends-whole-buffer", false},
    [MISTAKE_SENDS_TWICE] = {"sends-twice", false},
    [MISTAKE_STRIPS_LINE_END] = {"strips-line-end", false},
    [MISTAKE_CHANGES_LETTERS] = {"changes-letters", false},
    [MISTAKE_CHANGES_LINE_ENDS] = {"changes-line-ends", false},
    [MISTAKE_STRIPS_HIGH_BIT] = {"strips-high-bit", false},
    [MISTAKE_TAKES_BYTES_FOR_TEXT] = {"takes-bytes-for-text", false},
    [MISTAKE_STOPS_AT_NUL] = {"stops-at-nul", false},
    [MISTAKE_STOPS_AT_BYTE_255] = {"stops-at-byte-255", false},
    [MISTAKE_DROPS_AFTER_NEWLINE] = {"drops-after-newline", false},
    [MISTAKE_STOPS_AT_BYTE] = {"stops-at-byte", false},
    [MISTAKE_WAITS_FOR_NEWLINE] = {"waits-for-newline", false},
    [MISTAKE_WAITS_FOR_END] = {"waits-for-end", false},
    [MISTAKE_CLOSES_AFTER_ONE] = {"closes-after-one", false},
    [MISTAKE_ONE_RECV] = {"one-recv", false},
    [MISTAKE_SHORT_WRITE] = {"short-write", false},
    [MISTAKE_GIVES_UP_AT_FULL] = {"gives-up-at-full", false},
    [MISTAKE_ENDS_EARLY] = {"ends-early", true},
    [MISTAKE_KEEPS_BACK] = {"keeps-back", true},
    [MISTAKE_DROPS_AT_HALF_CLOSE] = {"drops-at-half-close", false},
    [MISTAKE_DOES_NOT_CLOSE] = {"does-not-close", false},
    [MISTAKE_SPINS_AT_END] = {"spins-at-end", false},
    [MISTAKE_DIES_AT_RESET] = {"dies-at-reset", false},
    [MISTAKE_DIES_AT_SIGPIPE] = {"dies-at-sigpipe", false},
    [MISTAKE_DIES] = {"dies", true},
    [MISTAKE_ONE_AT_A_TIME] = {"one-at-a-time", false},
    [MISTAKE_MIXES_CLIENTS] = {"mixes-clients", false},
    [MISTAKE_SLOW_READER_STOPS_OTHERS] = {"slow-reader-stops-others", false},
    [MISTAKE_LEAKS_DESCRIPTORS] = {"leaks-descriptors", false},
    [MISTAKE_STOPS_AFTER_CONNECTIONS] = {"stops-after-connections", true},
    [MISTAKE_NO_REUSEADDR] = {"no-reuseaddr", false},
    [MISTAKE_NO_IPV6] = {"no-ipv6", false},
    [MISTAKE_CUTS_DATAGRAMS] = {"cuts-datagrams", false},
    [MISTAKE_IGNORES_EMPTY] = {"ignores-empty", false},
    [MISTAKE_ENDS_AT_EMPTY] = {"ends-at-empty", false},
    [MISTAKE_ANSWERS_WRONG_CLIENT] = {"answers-wrong-client", false},
    [MISTAKE_ANSWERS_FROM_OTHER_PORT] = {"answers-from-other-port", false},
    [MISTAKE_LOSES_DATAGRAMS] = {"loses-datagrams", true},
    [MISTAKE_NO_REPLY] = {"no-reply", true},
    [MISTAKE_CLOSES_WITHOUT_REPLY] = {"closes-without-reply", true},
    [MISTAKE_REFUSES] = {"refuses", true},
    [MISTAKE_DIFFERS] = {"differs", true},
};

const char *mistake_name(enum mistake mistake) {
  return rows[mistake].name;
}

const char *mistake_words(enum mistake mistake, char out[MISTAKE_WORDS_SIZE]) {
  enum explain_word_kind kind;
  const struct explain_word *word = rows[mistake].is_seen_alone ? NULL : explain_word_find(rows[mistake].name, &kind);
  if (word == NULL) return NULL;
  const char *text = word->text;
  bool is_sentence = isupper((unsigned char)text[0]) && !isupper((unsigned char)text[1]);
  snprintf(out, MISTAKE_WORDS_SIZE, "%s: %c%s", word->summary, is_sentence ? tolower((unsigned char)text[0]) : text[0],
           text + 1);
  return out;
}

bool mistake_is_no_echo(enum mistake mistake) {
  return mistake == MISTAKE_NO_REPLY || mistake == MISTAKE_CLOSES_WITHOUT_REPLY || mistake == MISTAKE_DIFFERS ||
         mistake == MISTAKE_REFUSES;
}
