/* A command line out of the fuzzer's bytes: cut into its words at the newlines. */
#ifndef LOPING_TESTS_FUZZ_WORDS_H
#define LOPING_TESTS_FUZZ_WORDS_H

#include <string.h>

#include "tests/fuzz/fuzz.h"

#define FUZZ_WORDS_MAX 64

/* `words` points into `text`, which is cut up, and ends with NULL; an empty line is an empty word. Returns how many
 * there are with the program's own name. */
static inline int fuzz_words(char *text, char *words[FUZZ_WORDS_MAX + 1]) {
  static char program[] = "x";
  int count = 0;
  words[count++] = program;
  while (text != NULL && count < FUZZ_WORDS_MAX) {
    char *end = strchr(text, '\n');
    if (end != NULL) *end++ = '\0';
    words[count++] = text;
    text = end;
  }
  words[count] = NULL;
  return count;
}

/* A sentence of one line that a terminal can take. */
static inline void fuzz_check_sentence(const char *text, size_t text_bytes) {
  FUZZ_CHECK(memchr(text, '\0', text_bytes) != NULL);
  FUZZ_CHECK(text[0] != '\0');
  for (const char *c = text; *c != '\0'; c++)
    FUZZ_CHECK((unsigned char)*c >= 0x20 && *c != 0x7f);
}

#endif
