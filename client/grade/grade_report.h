/* What an examination came to: as text, as the result file, for a CI system. */
#ifndef LOPING_CLIENT_GRADE_GRADE_REPORT_H
#define LOPING_CLIENT_GRADE_GRADE_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "client/grade/graded.h"
#include "common/schema/schema.h"
#include "common/text/style.h"

#define GRADE_SCHEMA_VERSION 1

void grade_report_text(const struct graded *graded, const struct marks *marks, const struct style *style, FILE *out);

/* The table of the exams, with their points. */
void grade_report_list(const struct marks *marks, const struct style *style, FILE *out);

/* The object; `check` is what check says of the server, which is given up; NULL: it was not asked. The caller owns it.
 */
json_t *grade_report_json(const struct graded *graded, const struct marks *marks, json_t *check);

/* JUnit's XML: a case for each exam that was done. The caller frees it. NULL if memory ran out. */
char *grade_report_junit(const struct graded *graded);

/* The rows of the result file. */
extern const struct schema_object grade_schema;

#endif
