/* Escaping of text from outside before a terminal sees it. Pure. */
#include "common/text/safe_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The length of the valid UTF-8 sequence (RFC 3629) that `bytes` begins with, and its code point; 0 if invalid. */
static size_t utf8_sequence(const uint8_t *bytes, size_t length, uint32_t *code_point) {
  static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
  size_t size = bytes[0] < 0x80 ? 1 : bytes[0] >> 5 == 6 ? 2 : bytes[0] >> 4 == 14 ? 3 : bytes[0] >> 3 == 30 ? 4 : 0;
  if (size == 0 || size > length) return 0;
  uint32_t value = size == 1 ? bytes[0] : bytes[0] & (0x7fu >> size);
  for (size_t i = 1; i < size; i++) {
    if (bytes[i] >> 6 != 2) return 0;
    value = value << 6 | (bytes[i] & 0x3fu);
  }
  if (value < least[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return 0;
  *code_point = value;
  return size;
}

/* Code points that move the cursor, change the terminal, reorder the text around them, or are not to be seen: controls,
 * bidirectional controls, zero-width and default-ignorable characters (Unicode, DerivedCoreProperties.txt). */
static bool is_unsafe(uint32_t code_point) {
  static const struct {
    uint32_t first, last;
  } ranges[] = {
      {0x0000, 0x001f}, {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x061c, 0x061c},
      {0x115f, 0x1160}, {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
      {0x2060, 0x206f}, {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
      {0xfff0, 0xfffb}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
  };
  for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
    if (code_point >= ranges[i].first && code_point <= ranges[i].last) return true;
  return false;
}

/* Writes one byte as an escape into `piece`; returns its length. */
static size_t escape_byte(uint8_t byte, char piece[8]) {
  static const struct {
    uint8_t byte;
    const char *text;
  } named[] = {{'\n', "\\n"}, {'\r', "\\r"}, {'\t', "\\t"}, {'\\', "\\\\"}};
  for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
    if (named[i].byte == byte) return (size_t)snprintf(piece, 8, "%s", named[i].text);
  return (size_t)snprintf(piece, 8, "\\x%02x", byte);
}

size_t safe_text_copy(const char *in, size_t length, char *out, size_t out_bytes) {
  const uint8_t *bytes = (const uint8_t *)in;
  size_t used = 0;
  if (out_bytes == 0) return 0;
  for (size_t i = 0; i < length;) {
    uint32_t code_point = 0;
    size_t size = utf8_sequence(bytes + i, length - i, &code_point);
    char piece[8];
    size_t piece_length;
    if (size == 0 || is_unsafe(code_point) || code_point == '\\') {
      piece_length = escape_byte(bytes[i], piece);
      size = 1;
    } else {
      memcpy(piece, bytes + i, size);
      piece_length = size;
    }
    if (used + piece_length >= out_bytes) break;
    memcpy(out + used, piece, piece_length);
    used += piece_length;
    i += size;
  }
  out[used] = '\0';
  return used;
}

/* The bytes of the colour that the text begins with: of those of ours alone; 0: none. */
static size_t own_colour(const char *text, size_t length) {
  static const char *const colours[] = {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[36m"};
  for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
    size_t bytes = strlen(colours[i]);
    if (bytes <= length && memcmp(text, colours[i], bytes) == 0) return bytes;
  }
  return 0;
}

/* The bytes of the character that the text begins with, if it passes as it is; 0: it does not. */
static size_t passing(const char *text, size_t length) {
  uint32_t code_point;
  if (*text == '\x1b') return own_colour(text, length);
  size_t size = utf8_sequence((const uint8_t *)text, length, &code_point);
  return size > 0 && code_point != '\n' && is_unsafe(code_point) ? 0 : size;
}

void safe_text_pass(const char *text, size_t length, safe_text_put *put, void *owner) {
  for (size_t begin = 0, at = 0; at < length || begin < at;) {
    size_t size = at < length ? passing(text + at, length - at) : 0;
    if (size > 0) {
      at += size;
      continue;
    }
    if (at > begin) put(owner, text + begin, at - begin);
    if (at < length) {
      char piece[8];
      put(owner, piece, escape_byte((uint8_t)text[at++], piece));
    }
    begin = at;
  }
}
