/* See marks.h. */
#include "client/grade/marks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/memory/memory.h"
#include "common/options/options.h"
#include "common/text/safe_text.h"

/* A file of points is short; more is none. */
#define FILE_BYTES_MAX ((size_t)1 << 20)
#define SHOWN_SIZE     128

void marks_begin(struct marks *marks) {
  const struct exam *exam;
  memset(marks, 0, sizeof *marks);
  for (size_t i = 0; (exam = exams_at(i)) != NULL; i++)
    marks->points[i] = exam->points;
}

static bool read_points(const char *place, const json_t *value, unsigned *points, char *problem) {
  json_int_t number = json_integer_value(value);
  if (json_is_integer(value) && number >= 0 && number <= MARKS_MOST) {
    *points = (unsigned)number;
    return true;
  }
  snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s is no whole number of points from 0 to %d", place, MARKS_MOST);
  return false;
}

static bool refuse_exam(const char *name, char *problem) {
  const char *names[EXAMS_MAX];
  const struct exam *exam;
  char shown[SHOWN_SIZE];
  size_t count = 0;
  while ((exam = exams_at(count)) != NULL)
    names[count++] = exam->name;
  const char *nearest = options_nearest(name, names, count);
  safe_text_copy(name, strlen(name), shown, sizeof shown);
  int used = snprintf(problem, OPTIONS_PROBLEM_SIZE, "exams.%s: there is no exam of that name", shown);
  if (nearest != NULL)
    snprintf(problem + used, OPTIONS_PROBLEM_SIZE - (size_t)used, "; '%s' is near", nearest);
  else
    snprintf(problem + used, OPTIONS_PROBLEM_SIZE - (size_t)used, "; loping grade --list prints them");
  return false;
}

static bool read_exams(json_t *exams, struct marks *marks, char *problem) {
  const char *name;
  json_t *value;
  if (!json_is_object(exams)) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "exams is no object of names and points");
    return false;
  }
  json_object_foreach(exams, name, value) {
    char place[SHOWN_SIZE];
    size_t index = exams_find(name);
    if (index == SIZE_MAX) return refuse_exam(name, problem);
    snprintf(place, sizeof place, "exams.%s", name);
    if (!read_points(place, value, &marks->points[index], problem)) return false;
  }
  return true;
}

static bool read_root(json_t *root, struct marks *marks, char *problem) {
  const char *name;
  json_t *value;
  if (!json_is_object(root)) {
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "it holds no object");
    return false;
  }
  json_object_foreach(root, name, value) {
    char shown[SHOWN_SIZE];
    if (strcmp(name, "exams") == 0) {
      if (!read_exams(value, marks, problem)) return false;
    } else if (strcmp(name, "pass") == 0) {
      marks->has_pass = !json_is_null(value);
      if (marks->has_pass && !read_points("pass", value, &marks->pass, problem)) return false;
    } else {
      safe_text_copy(name, strlen(name), shown, sizeof shown);
      snprintf(problem, OPTIONS_PROBLEM_SIZE, "%s: there is no such field; it has exams and pass", shown);
      return false;
    }
  }
  return true;
}

bool marks_read(const char *text, size_t length, struct marks *marks, char *problem) {
  json_error_t error;
  char shown[sizeof error.text * 2];
  json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
  if (root == NULL) {
    safe_text_copy(error.text, strlen(error.text), shown, sizeof shown);
    snprintf(problem, OPTIONS_PROBLEM_SIZE, "line %d, column %d: this is no JSON: %s", error.line, error.column, shown);
    return false;
  }
  bool is_read = read_root(root, marks, problem);
  json_decref(root);
  return is_read;
}

enum marks_status marks_load(const char *path, struct marks *marks, char *problem, int *code) {
  enum marks_status status = MARKS_NOT_READ;
  char *text = memory_take(FILE_BYTES_MAX);
  FILE *file = text != NULL ? fopen(path, "rb") : NULL;
  *code = text == NULL ? UV_ENOMEM : file == NULL ? uv_translate_sys_error(errno) : 0;
  if (file != NULL) {
    size_t length = fread(text, 1, FILE_BYTES_MAX, file);
    if (ferror(file))
      *code = uv_translate_sys_error(errno);
    else if (length == FILE_BYTES_MAX)
      *code = UV_EFBIG;
    else
      status = marks_read(text, length, marks, problem) ? MARKS_OK : MARKS_WRONG;
    (void)fclose(file);
  }
  free(text);
  return status;
}

json_t *marks_to_json(const struct marks *marks) {
  json_t *object = json_object(), *exams = json_object();
  const struct exam *exam;
  for (size_t i = 0; (exam = exams_at(i)) != NULL; i++)
    json_object_set_new(exams, exam->name, json_integer(marks->points[i]));
  json_object_set_new(object, "exams", exams);
  json_object_set_new(object, "pass", marks->has_pass ? json_integer(marks->pass) : json_null());
  return object;
}
