/* What a person at a terminal is told when the server is ready. */
#ifndef LOPING_SERVER_SAY_HINTS_H
#define LOPING_SERVER_SAY_HINTS_H

struct server;

/* Prints the hints and warnings on the endpoints that are open, on stderr. */
void hints_say(const struct server *server);

#endif
