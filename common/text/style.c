/* The two ways to dress a report. */
#include "common/text/style.h"

struct style style_make(bool is_coloured, enum draw_set set, size_t columns) {
  struct style style = {"", "", "", "", "", "", set, columns};
  if (!is_coloured) return style;
  style.strong = "\x1b[1m";
  style.faint = "\x1b[2m";
  style.bad = "\x1b[31m";
  style.good = "\x1b[32m";
  style.drawn = "\x1b[36m";
  style.end = "\x1b[0m";
  return style;
}
