/* See wrap.h. */
#include "common/text/wrap.h"

#include <stdint.h>
#include <string.h>

#include "common/text/terminal.h"

#define ESCAPE '\x1b'

size_t wrap_dress_length(const char *text) {
  if (text[0] != ESCAPE || text[1] != '[') return 0;
  size_t length = 2 + strspn(text + 2, "0123456789;");
  return text[length] == 'm' ? length + 1 : 0;
}

/* Reads one UTF-8 character; returns its bytes, at least 1. The text is valid UTF-8 (safe_text.h), and where it is not
 * each byte is taken for one character. */
static size_t read_character(const char *text, size_t length, uint32_t *character) {
  static const struct {
    unsigned char mask, lead;
    size_t bytes;
  } forms[] = {{0x80, 0x00, 1}, {0xe0, 0xc0, 2}, {0xf0, 0xe0, 3}, {0xf8, 0xf0, 4}};
  unsigned char first = (unsigned char)text[0];
  *character = first;
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    if ((first & forms[i].mask) != forms[i].lead || forms[i].bytes > length) continue;
    *character = first & (unsigned char)~forms[i].mask;
    for (size_t byte = 1; byte < forms[i].bytes; byte++)
      *character = *character << 6 | ((unsigned char)text[byte] & 0x3fu);
    return forms[i].bytes;
  }
  return 1;
}

size_t wrap_columns(const char *text, size_t length) {
  size_t count = 0;
  for (size_t at = 0; at < length;) {
    uint32_t character;
    size_t dress = wrap_dress_length(text + at);
    if (dress > 0) {
      at += dress;
      continue;
    }
    at += read_character(text + at, length - at, &character);
    count += character < 0x7f ? 1 : terminal_character_columns(character);
  }
  return count;
}

size_t wrap_cut(const char *text, size_t columns) {
  size_t at = 0, used = 0, length = strlen(text);
  while (at < length) {
    uint32_t character;
    size_t bytes = wrap_dress_length(text + at), wide = 0;
    if (bytes == 0) {
      bytes = read_character(text + at, length - at, &character);
      wide = character < 0x7f ? 1 : terminal_character_columns(character);
    }
    if (used + wide > columns) break;
    used += wide;
    at += bytes;
  }
  return at;
}

static void begin_line(struct wrap *wrap) {
  wrap->put(wrap->owner, "\n", 1);
  for (size_t i = 0; i < wrap->indent; i++)
    wrap->put(wrap->owner, " ", 1);
  wrap->column = wrap->indent;
  wrap->has_word = false;
}

/* Does the word end with a digit, and is the next one a unit? Then they stay together. */
static size_t unit_after(const char *word, size_t length) {
  static const char *const units[] = {"ns",    "us",     "ms",     "s",      "B",      "KiB", "MiB", "GiB",
                                      "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "%",   "min", "h"};
  if (length == 0 || word[length] != ' ' || word[length - 1] < '0' || word[length - 1] > '9') return 0;
  const char *unit = word + length + 1;
  size_t bytes = strcspn(unit, " \n"), name = strcspn(unit, " \n,.;:)");
  for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
    if (strlen(units[i]) == name && strncmp(units[i], unit, name) == 0) return 1 + bytes;
  return 0;
}

void wrap_write(struct wrap *wrap, const char *text) {
  while (*text != '\0') {
    size_t length = strcspn(text, " \n");
    length += unit_after(text, length);
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
