/* How a report may dress its text, plain or with a terminal's bold and dim, and how wide its tables may be. */
#ifndef LOPING_CLIENT_REPORTS_STYLE_H
#define LOPING_CLIENT_REPORTS_STYLE_H

#include <stdbool.h>
#include <stddef.h>

struct style {
  const char *strong;
  const char *faint;
  const char *bad;
  const char *end;
  size_t columns; /* what fits is put side by side; lines of text are laid out behind the report (layout.h) */
};

/* Plain strings, all empty, or the terminal's sequences (ECMA-48 SGR). */
struct style style_make(bool is_coloured, size_t columns);

#endif
