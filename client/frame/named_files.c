/* See named_files.h. Opens nothing. */
#include "client/frame/named_files.h"

#include <stdio.h>
#include <string.h>

#include "client/frame/whole_file.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"

#define SHOWN_SIZE        128
#define STDOUT_DESCRIPTOR 1
#define STDERR_DESCRIPTOR 2

static bool is_stdout(const struct named_file *file) {
  return !file->is_read && strcmp(file->path, "-") == 0;
}

/* The one that is written is named first. */
static bool refuse_pair(const struct named_file *one, const struct named_file *other, char *problem) {
  char path[SHOWN_SIZE];
  safe_text_copy(other->path, strlen(other->path), path, sizeof path);
  if (is_stdout(one))
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s and %s cannot both go to stdout; name a file for one of them",
             one->option, other->option);
  else if (other->is_read)
    snprintf(problem, OPTIONS_PROBLEM_SIZE,
             "%s and %s name one file ('%s'), and what is read there would be lost; name another for %s", one->option,
             other->option, path, one->option);
  else
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s and %s name one file ('%s'); name another for one of them", one->option,
             other->option, path);
  return false;
}

static bool are_apart(const struct named_file *one, const struct named_file *other, char *problem) {
  if (one->path == NULL || other->path == NULL || (one->is_read && other->is_read)) return true;
  bool is_clash = is_stdout(one) || is_stdout(other) ? is_stdout(one) && is_stdout(other)
                                                     : whole_file_is_same(one->path, other->path);
  if (!is_clash) return true;
  return one->is_read ? refuse_pair(other, one, problem) : refuse_pair(one, other, problem);
}

/* What takes the place of the file that a stream goes to takes what was said there with it. */
static bool is_apart_from_streams(const struct named_file *file, char *problem) {
  static const struct {
    int descriptor;
    const char *name, *way_out;
  } streams[] = {{STDOUT_DESCRIPTOR, "stdout", "give '-', or name another file"},
                 {STDERR_DESCRIPTOR, "stderr", "name another file"}};
  char path[SHOWN_SIZE];
  if (file->path == NULL || file->is_read || is_stdout(file)) return true;
  for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
    if (!whole_file_is_open_as(file->path, streams[i].descriptor)) continue;
    safe_text_copy(file->path, strlen(file->path), path, sizeof path);
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s names the file that %s goes to ('%s'), and one would be lost; %s",
             file->option, streams[i].name, path, streams[i].way_out);
    return false;
  }
  return true;
}

bool named_files_are_apart(const struct named_file *files, size_t count, char *problem) {
  for (size_t i = 0; i < count; i++) {
    if (!is_apart_from_streams(&files[i], problem)) return false;
    for (size_t j = 0; j < i; j++)
      if (!are_apart(&files[j], &files[i], problem)) return false;
  }
  return true;
}
