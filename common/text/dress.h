/* How text for people may be dressed: with colours, with characters beyond ASCII. Pure: the caller has looked. */
#ifndef LOPING_COMMON_TEXT_DRESS_H
#define LOPING_COMMON_TEXT_DRESS_H

#include <stdbool.h>

/* What bears on it. Texts are environment variables, NULL where they are not set. */
struct dress_facts {
  bool no_color_option; /* --no-color */
  bool ascii_option;    /* --ascii */
  bool is_terminal;     /* what is written goes to one */
  bool is_always_utf8;  /* the system's terminals know it, whatever the locale */
  const char *no_color, *clicolor_force, *term;
  const char *lc_all, *lc_ctype, *lang;
};

/* Reads the environment into the facts, the rest of which the caller has set. */
void dress_read_environment(struct dress_facts *facts);

/* --no-color forbids it, then NO_COLOR (set and not empty, https://no-color.org); then CLICOLOR_FORCE wants it
 * (https://bixense.com/clicolors: set, not empty, not "0"); otherwise a terminal has it that is not TERM=dumb. */
bool dress_has_colour(const struct dress_facts *facts);

/* The first of LC_ALL, LC_CTYPE, LANG that is set and not empty names UTF-8 (locale(7)), and no --ascii. */
bool dress_has_unicode(const struct dress_facts *facts);

/* Can the terminal move its cursor? Of an unset TERM that is not known, so not. */
bool dress_can_redraw(const struct dress_facts *facts);

#endif
