/* See dress.h. */
#include "common/text/dress.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void dress_read_environment(struct dress_facts *facts) {
  facts->no_color = getenv("NO_COLOR");
  facts->clicolor_force = getenv("CLICOLOR_FORCE");
  facts->term = getenv("TERM");
  facts->lc_all = getenv("LC_ALL");
  facts->lc_ctype = getenv("LC_CTYPE");
  facts->lang = getenv("LANG");
}

static bool is_set(const char *text) {
  return text != NULL && text[0] != '\0';
}

static bool is_dumb(const struct dress_facts *facts) {
  return facts->term != NULL && strcmp(facts->term, "dumb") == 0;
}

bool dress_has_colour(const struct dress_facts *facts) {
  if (facts->no_color_option || is_set(facts->no_color)) return false;
  if (is_set(facts->clicolor_force) && strcmp(facts->clicolor_force, "0") != 0) return true;
  return facts->is_terminal && !is_dumb(facts);
}

/* Locales write it "UTF-8", "utf8", "utf-8". */
static bool names_utf8(const char *locale) {
  for (; *locale != '\0'; locale++) {
    const char *at = locale;
    for (const char *wanted = "utf8"; *at != '\0'; at++) {
      bool is_capital = *at >= 'A' && *at <= 'Z';
      if (*at == '-' && *wanted == '8') continue;
      if ((is_capital ? *at - 'A' + 'a' : *at) != *wanted) break;
      if (*++wanted == '\0') return true;
    }
  }
  return false;
}

bool dress_has_unicode(const struct dress_facts *facts) {
  const char *locale = is_set(facts->lc_all) ? facts->lc_all : is_set(facts->lc_ctype) ? facts->lc_ctype : facts->lang;
  if (facts->ascii_option) return false;
  return facts->is_always_utf8 || (is_set(locale) && names_utf8(locale));
}

bool dress_can_redraw(const struct dress_facts *facts) {
  return facts->is_terminal && is_set(facts->term) && !is_dumb(facts);
}
