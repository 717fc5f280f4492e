/* See json_line.h. */
#include "common/text/json_line.h"

#include <stdlib.h>
#include <string.h>

#include "common/memory/lack.h"
#include "common/memory/memory.h"

void json_line_watch_memory(void) {
  /* jansson breaks a table that it has no memory to grow. */
  json_set_alloc_funcs(memory_take_surely, memory_give_back);
}

/* The one character of ASCII beyond those below the space that no terminal shows; jansson leaves it as it is. */
#define DELETE         0x7f
#define DELETE_ESCAPED "\\u007f"

static size_t count_deletes(const char *text) {
  size_t count = 0;
  for (; *text != '\0'; text++)
    count += *text == DELETE;
  return count;
}

static void copy_line(const char *text, char *line) {
  for (; *text != '\0'; text++) {
    size_t length = *text == DELETE ? sizeof DELETE_ESCAPED - 1 : 1;
    memcpy(line, *text == DELETE ? DELETE_ESCAPED : text, length);
    line += length;
  }
  memcpy(line, "\n", 2);
}

char *json_line_make(json_t *object) {
  char *text = object == NULL ? NULL : json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
  json_decref(object);
  size_t length = text == NULL ? 0 : strlen(text) + count_deletes(text) * sizeof DELETE_ESCAPED;
  char *line = text == NULL || lack_is_of_memory() ? NULL : memory_take(length + 2);
  if (line != NULL) copy_line(text, line);
  memory_give_back(text);
  return line;
}
