/* The two ways to dress a report. */
#include "client/reports/style.h"

struct style style_make(bool is_coloured, size_t columns) {
  if (is_coloured) return (struct style){"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m", columns};
  return (struct style){"", "", "", "", columns};
}
