/* Text from outside in Markdown: what is markup there is escaped. */
#ifndef LOPING_CLIENT_PUBLISH_MARKDOWN_TEXT_H
#define LOPING_CLIENT_PUBLISH_MARKDOWN_TEXT_H

#include <stdio.h>

/* In a paragraph or a cell of a table. */
void markdown_write(FILE *out, const char *text);

#endif
