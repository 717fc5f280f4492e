/* See json_text.h. */
#include "common/text/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/memory.h"
#include "common/text/safe_text.h"

/* What escaping makes of one byte at most: \xHH. */
#define ESCAPED_BYTES 4

json_t *json_text(const char *text) {
  if (text == NULL || text[0] == '\0') return json_null();
  json_t *as_it_is = json_string(text);
  if (as_it_is != NULL) return as_it_is;
  size_t length = strlen(text), size = ESCAPED_BYTES * length + 1;
  char *safe = memory_take(size);
  if (safe == NULL) return NULL;
  safe_text_copy(text, length, safe, size);
  json_t *escaped = json_string(safe);
  free(safe);
  return escaped;
}
