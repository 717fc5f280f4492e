/* What the writers of the three shells' scripts share. */
#ifndef LOPING_COMMON_OPTIONS_COMPLETION_SCRIPT_H
#define LOPING_COMMON_OPTIONS_COMPLETION_SCRIPT_H

#include "common/options/completion.h"

struct completion_script {
  const struct completion *completion;
  completion_put *put;
  void *owner;
};

/* As printf() does, at most 1023 bytes: for the script's own words. What comes from a table is put whole. */
__attribute__((format(__printf__, 2, 3))) void completion_say(const struct completion_script *script,
                                                              const char *format, ...);
void completion_put_text(const struct completion_script *script, const char *text);

/* Writes `text` with `escape` in front of each byte that is one of `special`. */
void completion_put_escaped(const struct completion_script *script, const char *text, const char *special,
                            const char *escape);

/* A text for people between single quotes, in which bash and zsh know one special byte: the quote itself. Also with a
 * backslash in front of each byte that is one of `special`. */
void completion_put_quoted(const struct completion_script *script, const char *text, const char *special);

/* The commands' names, with `between` from one to the next. */
void completion_put_commands(const struct completion_script *script, const char *between);

/* "echo|up|down" with blanks in place of the bars. */
void completion_put_choices(const struct completion_script *script, const char *choices);

/* What follows --completion where the program itself prints such words; NULL: it prints none. */
const char *completion_question(enum completion_words words);

/* Does the script ask the program itself? */
bool completion_asks(const struct completion_script *script);

bool completion_names_file(const struct option_row *row);

void completion_write_bash(const struct completion_script *script);
void completion_write_zsh(const struct completion_script *script);
void completion_write_fish(const struct completion_script *script);

#endif
