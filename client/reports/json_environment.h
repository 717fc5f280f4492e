/* The result file's "environment" object. */
#ifndef LOPING_CLIENT_REPORTS_JSON_ENVIRONMENT_H
#define LOPING_CLIENT_REPORTS_JSON_ENVIRONMENT_H

#include <jansson.h>

#include "client/result/environment.h"

/* The caller owns the object. */
json_t *json_environment_object(const struct environment *environment);

#endif
