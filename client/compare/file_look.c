/* The look before the parser; see file_look.h. */
#include "client/compare/file_look.h"

#include <string.h>

/* No number that a JSON writer writes is longer. */
#define WORD_BYTES_MAX 64

static enum file_look_finding look_in_text(struct file_look *look, char byte) {
  if (look->is_escaped)
    look->is_escaped = false;
  else if (byte == '\\')
    look->is_escaped = true;
  else if (byte == '"')
    look->is_in_text = false;
  return ++look->text_bytes > FILE_LOOK_TEXT_MAX ? FILE_LOOK_TOO_MUCH_TEXT : FILE_LOOK_FINE;
}

static enum file_look_finding begin_group(struct file_look *look) {
  if (++look->depth > FILE_LOOK_DEPTH_MAX) return FILE_LOOK_TOO_DEEP;
  return ++look->groups > FILE_LOOK_GROUPS_MAX ? FILE_LOOK_TOO_MANY_GROUPS : FILE_LOOK_FINE;
}

static enum file_look_finding look_between_texts(struct file_look *look, char byte) {
  bool is_mark = strchr("{}[]\",: \t\r\n", byte) != NULL && byte != '\0';
  look->word_bytes = is_mark ? 0 : look->word_bytes + 1;
  switch (byte) {
    case '"':
      look->is_in_text = true;
      return FILE_LOOK_FINE;
    case '{':
    case '[':
      return begin_group(look);
    case '}':
    case ']':
      if (look->depth > 0) look->depth--;
      return FILE_LOOK_FINE;
    case ',':
      return ++look->values > FILE_LOOK_VALUES_MAX ? FILE_LOOK_TOO_MANY_VALUES : FILE_LOOK_FINE;
    default:
      return look->word_bytes > WORD_BYTES_MAX ? FILE_LOOK_NO_OBJECT : FILE_LOOK_FINE;
  }
}

static bool is_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

enum file_look_finding file_look_feed(struct file_look *look, const char *bytes, size_t length) {
  enum file_look_finding finding = FILE_LOOK_FINE;
  look->bytes += length;
  if (look->bytes > FILE_LOOK_BYTES_MAX) return FILE_LOOK_TOO_LARGE;
  for (size_t i = 0; i < length && finding == FILE_LOOK_FINE; i++) {
    bool is_first = !look->has_begun && !is_space(bytes[i]);
    look->has_begun = look->has_begun || is_first;
    if (is_first && bytes[i] != '{') return FILE_LOOK_NO_OBJECT;
    finding = look->is_in_text ? look_in_text(look, bytes[i]) : look_between_texts(look, bytes[i]);
  }
  return finding;
}

const char *file_look_text(enum file_look_finding finding) {
  switch (finding) {
    case FILE_LOOK_FINE:
      break;
    case FILE_LOOK_NO_OBJECT:
      return "is no result file: it holds no JSON object";
    case FILE_LOOK_TOO_LARGE:
      return "is larger than 64 MiB, and no result file of loping is";
    case FILE_LOOK_TOO_DEEP:
      return "is no result file: its groups are nested more than 16 deep";
    case FILE_LOOK_TOO_MANY_GROUPS:
      return "has more than 250,000 objects and arrays, and no result file of loping has";
    case FILE_LOOK_TOO_MANY_VALUES:
      return "has more than 2,000,000 values, and no result file of loping has";
    case FILE_LOOK_TOO_MUCH_TEXT:
      return "has more than 24 MiB of text, and no result file of loping has";
  }
  return "";
}
