/* See head.h. Knows no route and no rule of who is answered. */
#include "server/http/head.h"

#include <string.h>

#define METHOD_BYTES_MAX 16
#define LINE_END         "\r\n"
#define LINE_END_BYTES   2

/* What is left to read. */
struct cursor {
  const char *at, *end;
};

static int lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter;
}

bool http_text_is(const struct http_text *text, const char *wanted) {
  if (strlen(wanted) != text->length) return false;
  for (size_t i = 0; i < text->length; i++)
    if (lower(text->bytes[i]) != lower(wanted[i])) return false;
  return true;
}

bool http_text_contains(const struct http_text *text, const char *part) {
  size_t length = strlen(part);
  for (size_t at = 0; at + length <= text->length; at++) {
    const struct http_text here = {text->bytes + at, length};
    if (http_text_is(&here, part)) return true;
  }
  return false;
}

/* RFC 9110 5.6.2: a letter, a digit, or one of these. */
static bool is_token(char byte) {
  int letter = lower(byte);
  bool is_word = (letter >= 'a' && letter <= 'z') || (byte >= '0' && byte <= '9');
  return is_word || (byte != '\0' && strchr("!#$%&'*+-.^_`|~", byte) != NULL);
}

static bool is_upper(char byte) {
  return byte >= 'A' && byte <= 'Z';
}

static bool is_visible(char byte) {
  return byte > ' ' && byte < 0x7f;
}

/* RFC 9110 5.5: all but control characters; bytes above ASCII are taken as they come. */
static bool is_value(char byte) {
  return byte == '\t' || ((unsigned char)byte >= ' ' && byte != 0x7f);
}

static struct http_text take_while(struct cursor *cursor, bool (*is_part)(char byte)) {
  struct http_text taken = {cursor->at, 0};
  while (cursor->at < cursor->end && is_part(*cursor->at))
    cursor->at++;
  taken.length = (size_t)(cursor->at - taken.bytes);
  return taken;
}

static bool take_literal(struct cursor *cursor, const char *literal) {
  size_t length = strlen(literal);
  if ((size_t)(cursor->end - cursor->at) < length || memcmp(cursor->at, literal, length) != 0) return false;
  cursor->at += length;
  return true;
}

static bool take_request_line(struct cursor *cursor, struct http_head *head) {
  head->method = take_while(cursor, is_upper);
  if (head->method.length == 0 || head->method.length > METHOD_BYTES_MAX || !take_literal(cursor, " ")) return false;
  head->target = take_while(cursor, is_visible);
  if (head->target.length == 0 || !take_literal(cursor, " HTTP/1.") || cursor->at == cursor->end) return false;
  head->minor = *cursor->at++ - '0';
  return (head->minor == 0 || head->minor == 1) && take_literal(cursor, LINE_END);
}

static void trim(struct http_text *text) {
  while (text->length > 0 && (text->bytes[0] == ' ' || text->bytes[0] == '\t')) {
    text->bytes++;
    text->length--;
  }
  while (text->length > 0 && (text->bytes[text->length - 1] == ' ' || text->bytes[text->length - 1] == '\t'))
    text->length--;
}

/* A line that goes on in the next (obs-fold) is no field: nobody sends it but who means harm (RFC 9112 5.2). */
static bool take_field(struct cursor *cursor, struct http_field *field) {
  field->name = take_while(cursor, is_token);
  if (field->name.length == 0 || !take_literal(cursor, ":")) return false;
  field->value = take_while(cursor, is_value);
  trim(&field->value);
  return take_literal(cursor, LINE_END);
}

/* The first empty line's end, or NULL. */
static const char *find_end(const struct cursor *cursor) {
  for (const char *at = cursor->at; cursor->end - at >= 2 * LINE_END_BYTES; at++)
    if (*at == '\r' && memcmp(at, LINE_END LINE_END, 2 * LINE_END_BYTES) == 0) return at + 2 * LINE_END_BYTES;
  return NULL;
}

static enum http_head_status take_fields(struct cursor *cursor, struct http_head *head) {
  struct http_field more;
  bool is_too_much = false;
  while (!take_literal(cursor, LINE_END)) {
    is_too_much = head->field_count == HTTP_FIELDS_MAX;
    if (!take_field(cursor, is_too_much ? &more : &head->fields[head->field_count])) return HTTP_HEAD_NONE;
    if (!is_too_much) head->field_count++;
  }
  return is_too_much ? HTTP_HEAD_TOO_LARGE : HTTP_HEAD_WHOLE;
}

enum http_head_status http_head_parse(const uint8_t *bytes, size_t length, struct http_head *head) {
  const char *begin = (const char *)bytes;
  struct cursor cursor = {begin, begin + length};
  /* Most echo is told from a request by its first bytes. */
  if (length > 0 && !is_upper(*begin)) return HTTP_HEAD_NONE;
  head->field_count = 0;
  bool is_begun = length < HTTP_HEAD_BYTES_MAX && (length == 0 || memchr(begin, '\n', length) == NULL);
  if (!take_request_line(&cursor, head)) return is_begun ? HTTP_HEAD_PARTIAL : HTTP_HEAD_NONE;
  cursor.at -= LINE_END_BYTES;
  const char *end = find_end(&cursor);
  if (end == NULL) return HTTP_HEAD_PARTIAL;
  head->length = (size_t)(end - begin);
  if (head->length > HTTP_HEAD_BYTES_MAX) return HTTP_HEAD_TOO_LARGE;
  cursor = (struct cursor){begin, end};
  (void)take_request_line(&cursor, head);
  return take_fields(&cursor, head);
}

const struct http_text *http_head_find(const struct http_head *head, const char *name) {
  for (size_t i = 0; i < head->field_count; i++)
    if (http_text_is(&head->fields[i].name, name)) return &head->fields[i].value;
  return NULL;
}

size_t http_head_count(const struct http_head *head, const char *name) {
  size_t count = 0;
  for (size_t i = 0; i < head->field_count; i++)
    count += http_text_is(&head->fields[i].name, name);
  return count;
}

const char *http_head_browser_evidence(const struct http_head *head) {
  const struct http_text *agent = http_head_find(head, "User-Agent"), *accept = http_head_find(head, "Accept");
  if (agent != NULL && http_text_contains(agent, "Mozilla/")) return "User-Agent";
  return accept != NULL && http_text_contains(accept, "text/html") ? "Accept" : NULL;
}
