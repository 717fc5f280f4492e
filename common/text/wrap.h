/*
 * Text for people in lines of so many columns, broken at blanks and at its own line ends. A word that is wider than a
 * line stands in one of its own, and a figure stays with its unit. Pure: the lines go where the caller puts them.
 */
#ifndef LOPING_COMMON_TEXT_WRAP_H
#define LOPING_COMMON_TEXT_WRAP_H

#include <stdbool.h>
#include <stddef.h>

struct wrap {
  size_t columns; /* of a line */
  size_t indent;  /* columns that every further line begins with */
  size_t column;  /* that are taken of the line, by what the caller has written already */
  bool has_word;  /* a word stands in the line: the next needs a blank before it */
  void (*put)(void *owner, const char *bytes, size_t length);
  void *owner;
};

/* Writes the text, without a line end behind it; more may follow. */
void wrap_write(struct wrap *wrap, const char *text);

/* The columns that `length` bytes of UTF-8 take on a terminal: none for a combining character or dress, two for a wide
 * one (wcwidth(3); the program has called setlocale()). The bytes after them are readable, as those of a string. */
size_t wrap_columns(const char *text, size_t length);

/* How many bytes of the text, whole characters and dress, fit into so many columns. */
size_t wrap_cut(const char *text, size_t columns);

/* The bytes of the dress that the text begins with: a colour or bold letters (ECMA-48 SGR); 0: none. */
size_t wrap_dress_length(const char *text);

#endif
