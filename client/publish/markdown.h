/* A result, or several, as tables of Markdown, for a pull request. */
#ifndef LOPING_CLIENT_PUBLISH_MARKDOWN_H
#define LOPING_CLIENT_PUBLISH_MARKDOWN_H

#include <stdio.h>

#include "client/publish/read.h"

/* Returns 0. */
int markdown_write_results(const struct publish *publish, FILE *out);

#endif
