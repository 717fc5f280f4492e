/*
 * The files that one command line names, to read and to write. A result must not take the place of another, nor of what
 * the command reads, nor of the file that its text goes to: every command asks here before it opens any.
 */
#ifndef LOPING_CLIENT_FRAME_NAMED_FILES_H
#define LOPING_CLIENT_FRAME_NAMED_FILES_H

#include <stdbool.h>
#include <stddef.h>

struct named_file {
  const char *option; /* "--json", or the word of the usage line: "BASELINE" */
  const char *path;   /* as it was typed; NULL: not named; "-" of one that is written: stdout */
  bool is_read;
};

/* False where one would be lost to another, by whatever way to it (whole_file.h), with a sentence in `problem`
 * (OPTIONS_PROBLEM_SIZE bytes). A file may be read twice. */
bool named_files_are_apart(const struct named_file *files, size_t count, char *problem);

#endif
