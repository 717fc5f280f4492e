/* See json_line.h. */
#include "common/text/json_line.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/memory/memory.h"

void json_line_watch_memory(void) {
  json_set_alloc_funcs(memory_take, free);
}

char *json_line_make(json_t *object) {
  char *text = object == NULL ? NULL : json_dumps(object, JSON_COMPACT);
  json_decref(object);
  size_t length = text == NULL ? 0 : strlen(text);
  char *line = text == NULL || lack_code() == UV_ENOMEM ? NULL : memory_take(length + 2);
  if (line != NULL) {
    memcpy(line, text, length);
    memcpy(line + length, "\n", 2);
  }
  free(text);
  return line;
}
