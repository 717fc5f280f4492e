/* The rows of check's JSON. */
#ifndef LOPING_CLIENT_CHECK_REPORT_SCHEMA_H
#define LOPING_CLIENT_CHECK_REPORT_SCHEMA_H

#include "common/schema/schema.h"

extern const struct schema_object report_schema_check;

/* A part of it: what is said of one port. */
extern const struct schema_object report_schema_checked;

#endif
