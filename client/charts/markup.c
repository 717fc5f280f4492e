/* See markup.h. */
#include "client/charts/markup.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "common/text/safe_text.h"

#define PIECE_SIZE 1024

static void put(void *owner, const char *bytes, size_t length) {
  FILE *out = owner;
  for (size_t i = 0; i < length; i++) {
    switch (bytes[i]) {
      case '&':
        fputs("&amp;", out);
        break;
      case '<':
        fputs("&lt;", out);
        break;
      case '>':
        fputs("&gt;", out);
        break;
      case '"':
        fputs("&quot;", out);
        break;
      case '\'':
        fputs("&#39;", out);
        break;
      case '\x1b':
        /* The colours of a report, which safe_text_pass() lets through, are none here. */
        fputs("\\x1b", out);
        break;
      default:
        fputc(bytes[i], out);
    }
  }
}

void markup_write(FILE *out, const char *text) {
  safe_text_pass(text, strlen(text), put, out);
}

void markup_print(FILE *out, const char *format, ...) {
  char text[PIECE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  markup_write(out, text);
}
