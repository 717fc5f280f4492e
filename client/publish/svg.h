/* A result as one picture, to be put into a page or a text: SVG 1.1 with its style inside, light and dark. */
#ifndef LOPING_CLIENT_PUBLISH_SVG_H
#define LOPING_CLIENT_PUBLISH_SVG_H

#include <stdio.h>

#include "client/publish/read.h"

/* Returns 0, or UV_ENOMEM. */
int svg_write(const struct publish *publish, FILE *out);

#endif
