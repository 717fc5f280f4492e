/*
 * What else differs from system to system in a sentence on a port: how a process is ended, whose names stand for more
 * than a program, and what a refusal means there. The seam: system_words_windows.c, and system_words_portable.c for all
 * others. One set of sentences; a text that is "" is left out.
 */
#ifndef LOPING_COMMON_EXPLAIN_SYSTEM_WORDS_H
#define LOPING_COMMON_EXPLAIN_SYSTEM_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A holder that is only in front: who ends it ends more, or nothing that helps. */
struct system_holder {
  const char *command; /* its short name */
  int64_t pid;         /* that it always has; 0: any */
  const char *meaning; /* a sentence */
  const char *step;    /* what to do in place of ending it; PORT stands for the number */
};

struct system_words {
  const char *end_process; /* "kill": a process's id follows, and others behind `between_ids` */
  const char *between_ids; /* " " */
  const char *see_process; /* where a user sees a process without a command: "Task Manager, Details" */
  const char *withheld;    /* what a refusal (EACCES) means of a port that nobody has */
  const char *show_withheld;
  const char *held_alone; /* what a refusal means of a port that somebody has */
  const char *other_side; /* who can have a port that this system names nobody for */
  const char *show_other; /* PORT stands for the number */
  const char *firewall;   /* what the system's own firewall does not do */
  bool tells_queues;      /* do its tables say what waits in a socket? */
  const struct system_holder *holders;
  size_t holder_count;
};
const struct system_words *system_words(void);

#endif
