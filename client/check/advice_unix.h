/* The words of what only a unix socket can have: a file, permissions on the way to it, another kind of socket. */
#ifndef LOPING_CLIENT_CHECK_ADVICE_UNIX_H
#define LOPING_CLIENT_CHECK_ADVICE_UNIX_H

#include "client/check/advice_text.h"

/* Writes the sentence and the steps of a verdict on a unix socket. False: it has the words of a port's. */
bool advice_unix_write(const struct advice_context *context, struct advice *out);

/* Adds the facts of the file and of the socket that is bound to it. */
void advice_unix_note_place(const struct advice_context *context, struct advice *out);

/* Adds what is known of the other end of the connection. */
void advice_unix_note_half(const struct advice_context *context, struct advice *out);

#endif
