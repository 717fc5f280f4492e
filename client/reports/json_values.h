/* Single values of the result file. Each returns a new reference; NULL if memory ran out. */
#ifndef LOPING_CLIENT_REPORTS_JSON_VALUES_H
#define LOPING_CLIENT_REPORTS_JSON_VALUES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* Null for what JSON has no number for: infinity and NaN. */
json_t *json_value_number(double value, bool is_whole);
json_t *json_value_number_if(bool is_known, double value);

json_t *json_value_whole(uint64_t value);
json_t *json_value_whole_or_null(uint64_t value); /* null for 0 */

#endif
