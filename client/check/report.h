/* What a check found, as text for people and as the result file. Knows results; probes nothing. */
#ifndef LOPING_CLIENT_CHECK_REPORT_H
#define LOPING_CLIENT_CHECK_REPORT_H

#include <jansson.h>
#include <stdio.h>

#include "client/check/advice.h"
#include "common/text/style.h"

/* One port with all that is known of it, or in one line. */
void report_check_write(const struct advice_context *context, const struct advice *advice, const struct style *style,
                        FILE *out);
void report_check_write_line(const struct advice_context *context, const struct advice *advice,
                             const struct style *style, FILE *out);

/* One port's object of the result file; NULL if memory ran out. The caller owns it. */
json_t *report_check_object(const struct advice_context *context, const struct advice *advice);

#endif
