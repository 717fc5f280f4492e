/*
 * What error codes mean: a failure of either program takes its first words from here. The rows' form serves the words
 * that the client alone knows as well (client/explain/glossary.h). Pure: a row holds what is true of every machine;
 * what is true of this one is asked for by `facts` and added by who prints it.
 */
#ifndef LOPING_COMMON_EXPLAIN_ERROR_WORDS_H
#define LOPING_COMMON_EXPLAIN_ERROR_WORDS_H

#include <stddef.h>

#define EXPLAIN_WORD_STEPS 3

/* What of this machine belongs to a word: bits of struct explain_word.facts. */
enum explain_word_facts {
  EXPLAIN_FACT_EPHEMERAL = 1 << 0,   /* which ports it lends to outgoing connections */
  EXPLAIN_FACT_PRIVILEGED = 1 << 1,  /* below which port a privilege is needed */
  EXPLAIN_FACT_DESCRIPTORS = 1 << 2, /* how many files a process may have open */
  EXPLAIN_FACT_QUEUE = 1 << 3,       /* how many connections may wait to be accepted */
  EXPLAIN_FACT_IPV6 = 1 << 4,        /* is IPv6 on for loopback */
  EXPLAIN_FACT_ADDRESSES = 1 << 5,   /* which addresses it has */
};

struct explain_word {
  const char *name;
  const char *others; /* further names, each between bars: "|round trip|rtt/2|"; NULL: none */
  int code;           /* of an error: the negative UV_ code; else 0 */
  unsigned facts;
  const char *summary; /* of an error, what follows "cannot connect to X: "; of others, a short sentence's end */
  const char *text;    /* whole sentences */
  const char *steps[EXPLAIN_WORD_STEPS];
};

struct explain_word_table {
  const char *title; /* "error codes" */
  const struct explain_word *words;
  size_t count;
};

extern const struct explain_word_table explain_word_errors;

/* The row of a negative UV_ code, or NULL. */
const struct explain_word *explain_word_of_code(int code);

/* The first words on a failure: the row's summary, or the system's own words for the code. Writes into `out` what is
 * not a constant, and returns the text. */
const char *explain_code_summary(int code, char *out, size_t out_bytes);

#endif
