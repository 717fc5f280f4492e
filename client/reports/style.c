/* The two ways to dress a report. */
#include "client/reports/style.h"

static const struct style plain = {"", "", "", ""};
static const struct style coloured = {"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[0m"};

const struct style *style_pick(bool is_coloured) {
  return is_coloured ? &coloured : &plain;
}
