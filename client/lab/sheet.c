/* Sections and fences of a sheet. */
#include "client/lab/sheet.h"

#include <stdbool.h>
#include <string.h>

const char *const *sheet_lines(const char *name) {
  for (size_t i = 0; i < lab_sheet_count; i++)
    if (strcmp(lab_sheets[i].name, name) == 0) return lab_sheets[i].lines;
  return NULL;
}

static bool is_heading(const char *line, const char *section) {
  size_t length = strlen(section);
  return strncmp(line, "## ", 3) == 0 && strncmp(line + 3, section, length) == 0 && line[3 + length] == '\n';
}

static bool is_fence(const char *line) {
  return strncmp(line, "```", 3) == 0;
}

void sheet_write(const char *const *lines, FILE *out) {
  for (; *lines != NULL; lines++)
    fputs(*lines, out);
}

void sheet_write_until(const char *const *lines, const char *section, FILE *out) {
  for (; *lines != NULL && !is_heading(*lines, section); lines++)
    fputs(*lines, out);
}

/* The first line behind the section's heading; NULL where there is no such section. */
static const char *const *find(const char *const *lines, const char *section) {
  for (; *lines != NULL; lines++)
    if (is_heading(*lines, section)) return lines + 1;
  return NULL;
}

void sheet_write_section(const char *const *lines, const char *section, FILE *out) {
  const char *const *at = find(lines, section);
  for (; at != NULL && *at != NULL && strncmp(*at, "## ", 3) != 0; at++)
    fputs(*at, out);
}

void sheet_write_commands(const char *const *lines, const char *section, FILE *out) {
  bool is_inside = false;
  const char *const *at = find(lines, section);
  for (; at != NULL && *at != NULL && (is_inside || strncmp(*at, "## ", 3) != 0); at++) {
    if (is_fence(*at))
      is_inside = !is_inside;
    else if (is_inside)
      fputs(*at, out);
  }
}
