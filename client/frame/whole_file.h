/*
 * Files that are there as a whole or not at all: what is written goes into a file beside its place, which takes its
 * name once it is complete and on the disk. Until then, after a failure, and when the program is killed, what was there
 * is untouched. A file keeps its permissions, and a link stays one; but a link in a folder where anybody may write is
 * not followed to somebody's file. What is no plain file (a FIFO, a device) is opened once and written straight.
 */
#ifndef LOPING_CLIENT_FRAME_WHOLE_FILE_H
#define LOPING_CLIENT_FRAME_WHOLE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct whole_file {
  FILE *stream; /* to write to, between whole_file_open() and what ends it; NULL: not open */
  char *place;  /* where it shall be; NULL: it is written straight */
  char *beside; /* where it is until then */
  int old_mode; /* of what was there; -1: nothing was */
};

/* Begins one. Returns 0, or a negative UV_ code: UV_ELOOP for a link that is not followed. After 0 one of the next two
 * must follow. */
int whole_file_open(const char *path, struct whole_file *file);

/* It is complete: it takes its place. Returns 0, or a negative UV_ code and nothing has changed. */
int whole_file_keep(struct whole_file *file);

/* It is not wanted: nothing has changed. Nothing for one that is not open. */
void whole_file_drop(struct whole_file *file);

/* All at once. Returns 0 or a negative UV_ code. */
int whole_file_write(const char *path, const char *bytes, size_t length);

/* Could it be written? Leaves nothing behind, and opens no FIFO. Returns 0 or a negative UV_ code. */
int whole_file_try(const char *path);

/* Do both paths name one file, also by a link or another way to its folder, be it there or not? Devices such as
 * /dev/null may be named twice. */
bool whole_file_is_same(const char *one, const char *other);

/* Is the descriptor open on the plain file that the path names? */
bool whole_file_is_open_as(const char *path, int descriptor);

/* For lines that are read while they are written: begins a plain file that holds nothing yet, or opens straight what is
 * none. Returns a negative UV_ code: UV_EEXIST where the file holds something, which is left as it is; UV_ELOOP as
 * above. The stream is closed with fclose(). */
int whole_file_open_live(const char *path, FILE **stream);

#endif
