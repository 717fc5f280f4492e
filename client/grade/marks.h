/* How many points each exam is worth: the table's own, or those of a teacher's file. */
#ifndef LOPING_CLIENT_GRADE_MARKS_H
#define LOPING_CLIENT_GRADE_MARKS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "client/grade/exams.h"

#define MARKS_MOST 10000

struct marks {
  unsigned points[EXAMS_MAX]; /* by the exam's index */
  bool has_pass;
  unsigned pass; /* so many points are enough */
};

/* The table's own. */
void marks_begin(struct marks *marks);

/* Why a file's points cannot be used. */
enum marks_status {
  MARKS_OK,
  MARKS_NOT_READ, /* the file itself: `code` says why */
  MARKS_WRONG,    /* what stands in it */
};

/* Reads what a file says: {"exams": {"NAME": POINTS, ...}, "pass": POINTS}. What it does not name stays. With a
 * sentence in `problem` (OPTIONS_PROBLEM_SIZE bytes) that names the place. */
bool marks_read(const char *text, size_t length, struct marks *marks, char *problem);

/* The same from a file; `*code`: a negative UV_ code, of MARKS_NOT_READ. */
enum marks_status marks_load(const char *path, struct marks *marks, char *problem, int *code);

/* The file that says these; the caller owns it. NULL if memory ran out. */
json_t *marks_to_json(const struct marks *marks);

#endif
