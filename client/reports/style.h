/* How a report may dress its text: plain, or with a terminal's bold and dim. */
#ifndef LOPING_CLIENT_REPORTS_STYLE_H
#define LOPING_CLIENT_REPORTS_STYLE_H

#include <stdbool.h>

struct style {
  const char *strong;
  const char *faint;
  const char *bad;
  const char *end;
};

/* Plain strings, all empty, or the terminal's sequences (ECMA-48 SGR). */
const struct style *style_pick(bool is_coloured);

#endif
