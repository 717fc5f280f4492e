/* Sections and fences of a sheet. */
#include "client/lab/sheet.h"

#include <stdbool.h>
#include <string.h>

#include "common/text/layout.h"
#include "common/text/wrap.h"

#define PARAGRAPH_SIZE 4096

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

/* Lines of a paragraph, which become one. */
struct paragraph {
  char text[PARAGRAPH_SIZE];
  size_t used;
};

static void end_paragraph(struct paragraph *paragraph, size_t columns, FILE *out) {
  if (paragraph->used == 0) return;
  struct wrap wrap = {.columns = columns, .put = layout_put_stream, .owner = out};
  paragraph->text[paragraph->used] = '\0';
  wrap_write(&wrap, paragraph->text);
  layout_put_stream(out, "\n", 1);
  paragraph->used = 0;
}

/* False: it has no room for the line. */
static bool add_line(struct paragraph *paragraph, const char *line) {
  size_t length = strcspn(line, "\n");
  if (paragraph->used + length + 2 > sizeof paragraph->text) return false;
  if (paragraph->used > 0) paragraph->text[paragraph->used++] = ' ';
  memcpy(paragraph->text + paragraph->used, line, length);
  paragraph->used += length;
  return true;
}

static bool is_plain(const char *line) {
  return strchr("\n#-|", line[0]) == NULL && !is_fence(line);
}

void sheet_show_until(const char *const *lines, const char *section, size_t columns, FILE *out) {
  struct paragraph paragraph = {.used = 0};
  bool is_inside = false;
  for (; *lines != NULL && !is_heading(*lines, section); lines++) {
    bool is_joined = !is_inside && is_plain(*lines) && add_line(&paragraph, *lines);
    if (is_joined) continue;
    end_paragraph(&paragraph, columns, out);
    if (is_fence(*lines)) is_inside = !is_inside;
    fputs(*lines, out);
  }
  end_paragraph(&paragraph, columns, out);
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
