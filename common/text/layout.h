/*
 * Text for people, laid out for the terminal that it goes to. Every line that a program prints for people passes here,
 * at the edge; whoever makes the text breaks a line only where a new thought begins.
 *
 * A line that is too long is broken at a blank, and goes on under its own beginning: behind "- " of a list, behind
 * "note: ", otherwise two columns in. A figure stays with its unit. A command stays whole, so that it can be copied:
 * in a list under "What to do:" it gets a line of its own, whatever its length.
 *
 * Who makes a text escapes what comes from outside (safe_text.h). Should that be missed somewhere, it is done here.
 */
#ifndef LOPING_COMMON_TEXT_LAYOUT_H
#define LOPING_COMMON_TEXT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define LAYOUT_COLUMNS_MIN   40
#define LAYOUT_COLUMNS_MAX   200
#define LAYOUT_COLUMNS_USUAL 80

/* How many columns a text for this stream has: those of its terminal, within the limits above; LAYOUT_COLUMNS_USUAL
 * where it is none. */
size_t layout_columns(FILE *file);

/* Is the stream a terminal? */
bool layout_is_for_people(FILE *file);

typedef void layout_put(void *owner, const char *bytes, size_t length);

/* A layout_put whose owner is a FILE. */
void layout_put_stream(void *stream, const char *bytes, size_t length);

/* Lays out a text of whole lines. Pure. */
void layout_text(const char *text, size_t columns, layout_put *put, void *owner);

/* The same into a stream, for its own columns. */
void layout_write(FILE *file, const char *text);

/* Lines whose breaks are their maker's, such as a table's. */
void layout_write_as_is(FILE *file, const char *text);

#endif
