/* The words that a page uses, each with what `loping explain` says of it. */
#ifndef LOPING_CLIENT_PUBLISH_WORDS_H
#define LOPING_CLIENT_PUBLISH_WORDS_H

#include <stddef.h>
#include <stdio.h>

#define WORDS_MAX 32

struct explain_word;

struct words {
  size_t count;
  const struct explain_word *used[WORDS_MAX];
};

/* Writes `label` as a link to what is said of `word`; as plain text where `explain` does not know it. */
void words_write_link(struct words *words, const char *word, const char *label, FILE *out);

/* Writes all that were linked to, as a list of definitions. */
void words_write_list(const struct words *words, FILE *out);

#endif
