/*
 * Every word that `loping explain` knows: error codes, the verdicts of `loping check`, the terms of the reports and
 * of systems, and what people ask.
 * Pure.
 */
#ifndef LOPING_CLIENT_EXPLAIN_GLOSSARY_H
#define LOPING_CLIENT_EXPLAIN_GLOSSARY_H

#include <stddef.h>

#define EXPLAIN_WORD_NEAREST 3
#define EXPLAIN_WORD_STEPS   3

enum explain_word_kind {
  EXPLAIN_WORD_ERROR,
  EXPLAIN_WORD_VERDICT,
  EXPLAIN_WORD_TERM,
  EXPLAIN_WORD_REPORT,
  EXPLAIN_WORD_SYSTEM,
  EXPLAIN_WORD_WIRE,
  EXPLAIN_WORD_MISTAKE,
  EXPLAIN_WORD_QUESTION
};
#define EXPLAIN_WORD_KINDS 8

/* What of this machine belongs to a word: bits of struct explain_word.facts. */
enum explain_word_facts {
  EXPLAIN_FACT_EPHEMERAL = 1 << 0,   /* which ports it lends to outgoing connections */
  EXPLAIN_FACT_PRIVILEGED = 1 << 1,  /* below which port a privilege is needed */
  EXPLAIN_FACT_DESCRIPTORS = 1 << 2, /* how many files a process may have open */
  EXPLAIN_FACT_QUEUE = 1 << 3,       /* how many connections may wait to be accepted */
  EXPLAIN_FACT_IPV6 = 1 << 4,        /* is IPv6 on for loopback */
  EXPLAIN_FACT_ADDRESSES = 1 << 5,   /* which addresses it has */
  EXPLAIN_FACT_SOCKETS = 1 << 6,     /* how many sockets take requests, and from where */
};

struct explain_word {
  const char *name;
  const char *others; /* further names, each between bars: "|round trip|rtt/2|"; NULL: none */
  int code;           /* of an error: the negative UV_ code; else 0 */
  unsigned facts;
  const char *summary; /* a short sentence's end; NULL for an error: explain_code_summary() has it */
  const char *text;    /* whole sentences */
  const char *steps[EXPLAIN_WORD_STEPS];
};

struct explain_word_table {
  const char *title; /* "error codes" */
  const struct explain_word *words;
  size_t count;
};

/* Indexed by enum explain_word_kind. */
extern const struct explain_word_table explain_word_errors, explain_word_verdicts, explain_word_terms,
    explain_word_reports, explain_word_systems, explain_word_wires, explain_word_mistakes, explain_word_questions;
const struct explain_word_table *explain_word_table(enum explain_word_kind kind);

/* The row of that name, whatever its letters' case; NULL if there is none. */
const struct explain_word *explain_word_find(const char *name, enum explain_word_kind *kind);

/* The row of a negative UV_ code, or NULL. */
const struct explain_word *explain_word_of_code(int code);

/* The names most like `typed`, best first. Returns how many. */
size_t explain_word_nearest(const char *typed, const char *names[EXPLAIN_WORD_NEAREST]);

#endif
