/*
 * A look at the bytes of a result file before anything is built from them: is it larger, deeper or longer in its parts
 * than any that loping writes? A parser would first build all of it in memory, some forty times the size of the file.
 * It does not judge whether the bytes are JSON; it only may say early that they are not. Pure.
 */
#ifndef LOPING_CLIENT_COMPARE_FILE_LOOK_H
#define LOPING_CLIENT_COMPARE_FILE_LOOK_H

#include <stdbool.h>
#include <stddef.h>

/* A day of one-second slices has 86,400 groups, 700,000 values, 10 MB of names, in 20 MiB; groups are nested in six. */
#define FILE_LOOK_BYTES_MAX  ((size_t)64 << 20)
#define FILE_LOOK_DEPTH_MAX  16
#define FILE_LOOK_GROUPS_MAX 250000
#define FILE_LOOK_VALUES_MAX 2000000
#define FILE_LOOK_TEXT_MAX   ((size_t)24 << 20)

enum file_look_finding {
  FILE_LOOK_FINE,
  FILE_LOOK_NO_OBJECT, /* it does not begin with a brace, or has a word between texts that no JSON has */
  FILE_LOOK_TOO_LARGE,
  FILE_LOOK_TOO_DEEP,
  FILE_LOOK_TOO_MANY_GROUPS, /* objects and arrays */
  FILE_LOOK_TOO_MANY_VALUES,
  FILE_LOOK_TOO_MUCH_TEXT,
};

/* Begins as {0}. */
struct file_look {
  size_t bytes, depth, groups, values, text_bytes;
  size_t word_bytes; /* of a number, true, false or null, so far */
  bool has_begun, is_in_text, is_escaped;
};

/* Looks at the next bytes. After anything but FILE_LOOK_FINE the rest is of no use. */
enum file_look_finding file_look_feed(struct file_look *look, const char *bytes, size_t length);

/* "is larger than 64 MiB, and no result file of loping is": to be said behind the file's name. "" for FILE_LOOK_FINE.
 */
const char *file_look_text(enum file_look_finding finding);

#endif
