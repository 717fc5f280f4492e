/* The labs: one row each, whose sheet is sheets/NAME.md. Pure. */
#ifndef LOPING_CLIENT_LAB_LABS_H
#define LOPING_CLIENT_LAB_LABS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Programs that a lab is made with, besides the two of ours and the system's shell: bits of struct lab.needs. */
enum lab_needs {
  LAB_NEEDS_NFT = 1 << 0,
  LAB_NEEDS_IP = 1 << 1,
};

enum lab_kind {
  LAB_LESSON,
  LAB_LESSON_OF_SHARE, /* the answer is the share of the messages that the server drops: lab_hidden_percent() */
  LAB_SITUATION,
};

struct lab {
  const char *name;  /* of a situation also the answer: the verdict of `loping check` */
  const char *title; /* a few words */
  /* Of a lesson: what answers its question, alternatives between bars; NULL: the lab's name, or a share. */
  const char *answer;
  unsigned needs;
  uint16_t port; /* that is looked into, where it is not the default */
  enum lab_kind kind;
};

extern const struct lab lab_rows[];
extern const size_t lab_count;

/* NULL: there is none of that name. */
const struct lab *lab_find(const char *name);

/* What stands for the lab in the environment of its shell, where its name would be the answer; and back. */
uint64_t lab_code(const struct lab *lab);
const struct lab *lab_of_code(uint64_t code);

enum lab_judgement {
  LAB_RIGHT,
  LAB_WRONG,
  LAB_NO_ANSWER, /* none of the situations; where a share is asked for, no number */
};

/* Judges what a student typed. `percent`: of a lab whose answer is a share. Letters' case, blanks and hyphens do not
 * matter; a share is right within LAB_SHARE_NEAR percent points. */
enum lab_judgement lab_judge(const struct lab *lab, double percent, const char *typed);

#define LAB_SHARE_NEAR 1.0

#endif
