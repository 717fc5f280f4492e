/* How a report may dress its text, plain or with a terminal's bold, dim and colours, what its bars are
 * made of, and how wide its tables may be. A colour never says alone what it says. */
#ifndef LOPING_COMMON_TEXT_STYLE_H
#define LOPING_COMMON_TEXT_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/text/draw.h"

struct style {
  const char *strong;
  const char *faint;
  const char *bad;
  const char *good;
  const char *drawn; /* bars and charts */
  const char *end;
  enum draw_set set;
  size_t columns; /* what fits is put side by side; lines of text are laid out behind the report (layout.h) */
};

/* Plain strings, all empty, or the terminal's sequences (ECMA-48 SGR). */
struct style style_make(bool is_coloured, enum draw_set set, size_t columns);

#endif
