/* What the scripts of all shells have in common; see completion_script.h. */
#include "common/options/completion_script.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_SIZE 1024

void completion_put_text(const struct completion_script *script, const char *text) {
  script->put(script->owner, text, strlen(text));
}

void completion_say(const struct completion_script *script, const char *format, ...) {
  char line[LINE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  completion_put_text(script, line);
}

void completion_put_escaped(const struct completion_script *script, const char *text, const char *special,
                            const char *escape) {
  for (; *text != '\0'; text++) {
    if (strchr(special, *text) != NULL) completion_put_text(script, escape);
    script->put(script->owner, text, 1);
  }
}

void completion_put_quoted(const struct completion_script *script, const char *text, const char *special) {
  for (; *text != '\0'; text++) {
    if (strchr(special, *text) != NULL) completion_put_text(script, "\\");
    if (*text == '\'')
      completion_put_text(script, "'\\''");
    else
      script->put(script->owner, text, 1);
  }
}

void completion_put_commands(const struct completion_script *script, const char *between) {
  const struct completion *completion = script->completion;
  for (size_t i = 1; i < completion->command_count; i++) {
    if (i > 1) completion_put_text(script, between);
    completion_put_text(script, completion->commands[i].name);
  }
}

void completion_put_choices(const struct completion_script *script, const char *choices) {
  for (; *choices != '\0'; choices++)
    script->put(script->owner, *choices == '|' ? " " : choices, 1);
}

const char *completion_question(enum completion_words words) {
  switch (words) {
    case COMPLETION_PORTS:
      return "ports";
    case COMPLETION_TERMS:
      return "words";
    case COMPLETION_LABS:
      return "labs";
    default:
      return NULL;
  }
}

bool completion_asks(const struct completion_script *script) {
  for (size_t i = 0; i < script->completion->command_count; i++)
    if (completion_question(script->completion->commands[i].words) != NULL) return true;
  return false;
}

bool completion_names_file(const struct option_row *row) {
  return row->kind == OPTION_PATH || row->kind == OPTION_PATHS;
}
