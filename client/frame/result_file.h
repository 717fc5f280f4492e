/*
 * A result, mostly JSON, that a command may be asked for, in a file or on stdout. The file is tried before the work, so
 * that a name that cannot be written is known at once.
 */
#ifndef LOPING_CLIENT_FRAME_RESULT_FILE_H
#define LOPING_CLIENT_FRAME_RESULT_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct result_file {
  const char *option; /* "--json" */
  const char *path;   /* as it was typed; NULL: not asked for; "-": stdout */
};

/* Is it stdout, so that nothing else may be printed there? */
bool result_file_takes_stdout(const struct result_file *file);

/* Tries whether it can be written; what it holds stays as it is, and none is made. False with a sentence on stderr. */
bool result_file_try(const struct result_file *file);

/* Says on stderr that the file cannot be written, and why: `code` is a negative UV_ code. */
void result_file_complain(const struct result_file *file, int code);

/* Writes the object as one line and gives it up; NULL stands for one that memory did not suffice for. Nothing where no
 * file was asked for. False with a sentence on stderr. */
bool result_file_write(const struct result_file *file, json_t *object);

/* Writes a text, whole or not at all (whole_file.h), or on stdout; NULL stands for one that memory did not suffice for.
 * Nothing where no file was asked for. False with a sentence on stderr. Does not free it. */
bool result_file_write_text(const struct result_file *file, const char *text);

/* The same of bytes that are no text. */
bool result_file_write_bytes(const struct result_file *file, const char *bytes, size_t length);

#endif
