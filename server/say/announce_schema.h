/* The JSON schema of the lines of --json. */
#ifndef LOPING_SERVER_SAY_ANNOUNCE_SCHEMA_H
#define LOPING_SERVER_SAY_ANNOUNCE_SCHEMA_H

#include <jansson.h>

/* The caller owns it. Of memory that ran out see json_line.h. */
json_t *announce_schema_make(void);

#endif
