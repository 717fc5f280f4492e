/* See buffer.h. */
#include "server/http/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"

#define FORMATTED_SIZE 512

void http_put(struct http_buffer *buffer, const char *bytes, size_t length) {
  if (buffer->is_full || length > buffer->size - buffer->length) {
    buffer->is_full = true;
    return;
  }
  memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
}

void http_put_format(struct http_buffer *buffer, const char *format, ...) {
  char text[FORMATTED_SIZE];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= sizeof text)
    buffer->is_full = true;
  else
    http_put(buffer, text, (size_t)length);
}

static const char *entity_of(char byte) {
  switch (byte) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return NULL;
  }
}

static void put_html(void *owner, const char *bytes, size_t length) {
  struct http_buffer *buffer = owner;
  for (size_t i = 0; i < length; i++) {
    const char *entity = entity_of(bytes[i]);
    http_put(buffer, entity == NULL ? bytes + i : entity, entity == NULL ? 1 : strlen(entity));
  }
}

void http_put_escaped(struct http_buffer *buffer, const struct http_text *text) {
  safe_text_pass(text->bytes, text->length, put_html, buffer);
}
