/* See markdown_text.h. GitHub's Markdown: https://github.github.com/gfm/, 2.4 backslash escapes. */
#include "client/publish/markdown_text.h"

#include <stddef.h>
#include <string.h>

#include "common/text/safe_text.h"

static void put(void *owner, const char *bytes, size_t length) {
  FILE *out = owner;
  for (size_t i = 0; i < length; i++) {
    if (bytes[i] == '\x1b') {
      fputs("\\\\x1b", out);
      continue;
    }
    /* A line's end would end the cell. */
    if (bytes[i] == '\n') {
      fputc(' ', out);
      continue;
    }
    if (bytes[i] != '\0' && strchr("\\`*_[]<>#|~!&@", bytes[i]) != NULL) fputc('\\', out);
    fputc(bytes[i], out);
  }
}

void markdown_write(FILE *out, const char *text) {
  safe_text_pass(text, strlen(text), put, out);
}
