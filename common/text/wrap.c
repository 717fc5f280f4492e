/* See wrap.h. */
#include "common/text/wrap.h"

#include <string.h>

size_t wrap_columns(const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++)
    count += ((unsigned char)text[i] & 0xc0u) != 0x80u;
  return count;
}

static void begin_line(struct wrap *wrap) {
  wrap->put(wrap->owner, "\n", 1);
  for (size_t i = 0; i < wrap->indent; i++)
    wrap->put(wrap->owner, " ", 1);
  wrap->column = wrap->indent;
  wrap->has_word = false;
}

void wrap_write(struct wrap *wrap, const char *text) {
  while (*text != '\0') {
    size_t length = strcspn(text, " \n");
    size_t columns = wrap_columns(text, length);
    if (length > 0) {
      if (wrap->has_word && wrap->column + 1 + columns > wrap->columns) begin_line(wrap);
      if (wrap->has_word) wrap->put(wrap->owner, " ", 1);
      wrap->column += columns + (wrap->has_word ? 1 : 0);
      wrap->put(wrap->owner, text, length);
      wrap->has_word = true;
    }
    text += length;
    if (*text == '\n') begin_line(wrap);
    if (*text != '\0') text++;
  }
}
