/*
 * The sheet of a lab: Markdown with the sections Goal, Predict, Do, What you should see, Why, Question, Answer and How
 * it is made, in this order. The commands of the last make the situation. Pure.
 */
#ifndef LOPING_CLIENT_LAB_SHEET_H
#define LOPING_CLIENT_LAB_SHEET_H

#include <stddef.h>
#include <stdio.h>

#define SHEET_SEEN "What you should see"
#define SHEET_MADE "How it is made"

/* Made from sheets/NAME.md (scripts/embed-sheets.sh): its lines with their ends; the last is NULL. */
struct lab_sheet {
  const char *name;
  const char *const *lines;
};

extern const struct lab_sheet lab_sheets[];
extern const size_t lab_sheet_count;

/* NULL: no such sheet. */
const char *const *sheet_lines(const char *name);

void sheet_write(const char *const *lines, FILE *out);

/* What stands before the section of that name, its paragraphs laid out for so many columns; commands stay as they are.
 */
void sheet_show_until(const char *const *lines, const char *section, size_t columns, FILE *out);

/* The section's own lines, without its heading. */
void sheet_write_section(const char *const *lines, const char *section, FILE *out);

/* The commands in the section's fences, one after the other. */
void sheet_write_commands(const char *const *lines, const char *section, FILE *out);

#endif
