/* What a comparison of results found, as a table. */
#ifndef LOPING_CLIENT_PUBLISH_VERDICTS_H
#define LOPING_CLIENT_PUBLISH_VERDICTS_H

#include <jansson.h>
#include <stdio.h>

/* `comparison`: as compare --json writes it. */
void verdicts_write(const json_t *comparison, FILE *out);

/* The same in Markdown. */
void verdicts_write_markdown(const json_t *comparison, FILE *out);

#endif
