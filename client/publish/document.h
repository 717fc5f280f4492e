/*
 * A result, or several, as one HTML page: self-contained, with nothing from a network, a policy that lets nothing else
 * in (Content Security Policy 3), and the results themselves inside, as `loping compare` reads them back.
 */
#ifndef LOPING_CLIENT_PUBLISH_DOCUMENT_H
#define LOPING_CLIENT_PUBLISH_DOCUMENT_H

#include <stdio.h>

#include "client/publish/read.h"

/* Returns 0, or UV_ENOMEM. What could not be written shows in the stream's own state. */
int document_write(const struct publish *publish, FILE *out);

#endif
