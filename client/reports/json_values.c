/* Values that are valid JSON whatever they come from. */
#include "client/reports/json_values.h"

#include <math.h>

json_t *json_value_number(double value, bool is_whole) {
  if (!isfinite(value)) return json_null();
  return is_whole ? json_integer((json_int_t)value) : json_real(value);
}

json_t *json_value_number_if(bool is_known, double value) {
  return is_known ? json_value_number(value, false) : json_null();
}

json_t *json_value_whole(uint64_t value) {
  return json_integer((json_int_t)value);
}

json_t *json_value_whole_or_null(uint64_t value) {
  return value == 0 ? json_null() : json_value_whole(value);
}
