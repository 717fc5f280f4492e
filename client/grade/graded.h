/* One server's examination: every exam of its transport, within a time that does not depend on the server. */
#ifndef LOPING_CLIENT_GRADE_GRADED_H
#define LOPING_CLIENT_GRADE_GRADED_H

#include "client/grade/exams.h"
#include "client/grade/marks.h"

struct graded_exam {
  const struct exam *exam;
  unsigned points;
  struct exam_result result;
};

struct graded {
  struct endpoint target;
  int64_t pid;      /* of the server; 0: not known */
  char command[64]; /* not escaped; "": not known */
  size_t count;
  struct graded_exam exams[EXAMS_MAX];
  uint64_t took_ns;
  bool is_no_echo;               /* the first exam failed wholly, and nothing else was sent */
  bool is_not_there;             /* nothing took the first connection */
  unsigned earned, lost, unseen; /* points; unseen: of what could not be looked into */
  bool has_failed;               /* an exam failed, or was not done for the server's sake */
  bool has_passed;               /* by the marks */
};

/* The whole examination is over in so many times the patience. */
#define GRADED_PATIENCES 9.5

/* Examines it. Returns 0, or a negative UV_ code of what this program itself lacked. */
int graded_run(const struct endpoint *target, const struct marks *marks, uint64_t patience_ns, struct graded *out);

/* "passed", "failed", "note", "not-looked-into", "not-examined". */
const char *exam_state_name(enum exam_state state);

/* Which points the exam brought. */
unsigned graded_points(const struct graded_exam *exam);

#endif
