/* Values that are valid JSON whatever they come from. */
#include "client/reports/json_values.h"

#include <math.h>
#include <string.h>

#include "common/text/safe_text.h"

#define SAFE_TEXT_SIZE 1024

json_t *json_value_text(const char *text) {
  char safe[SAFE_TEXT_SIZE];
  if (text == NULL || text[0] == '\0') return json_null();
  json_t *as_it_is = json_string(text);
  if (as_it_is != NULL) return as_it_is;
  /* Text from outside may be no valid UTF-8, which JSON must be: such bytes are written as \xHH. */
  safe_text_copy(text, strlen(text), safe, sizeof safe);
  return json_string(safe);
}

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
