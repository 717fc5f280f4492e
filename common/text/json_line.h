/*
 * JSON as one line of text, whole or not at all. Of the hundreds of calls that build an object, each can run out of
 * memory and leave a field out; none of them is asked. Instead jansson takes its memory where its lack is noted
 * (lack.h), and no line is made after that.
 */
#ifndef LOPING_COMMON_TEXT_JSON_LINE_H
#define LOPING_COMMON_TEXT_JSON_LINE_H

#include <jansson.h>

/* To be called once, before the first object and the first thread. */
void json_line_watch_memory(void);

/* The object and a line feed, in printable ASCII alone: what stands in its texts may come from anybody, and the line
 * may go to a terminal. Gives up the object. The caller frees it with free(). NULL where the object is NULL, or memory
 * has run out in this thread since its lack was forgotten (lack.h). */
char *json_line_make(json_t *object);

#endif
