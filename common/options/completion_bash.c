/* The script for bash, of any version from 3.2 on and without the package bash-completion. bash shows no help, so the
 * script has none: names, choices and what an option's value is. */
#include "common/options/completion_script.h"

/* The functions that all commands need. */
#define OFFER_FUNCTION                                           \
  "_%s_offer() {\n"                                              \
  "  local line\n"                                               \
  "  while IFS= read -r line; do COMPREPLY+=(\"$line\"); done\n" \
  "}\n"

#define ASK_FUNCTION                                                                \
  "# What the program itself knows, ports or words, and begins as the word does.\n" \
  "_%s_ask() {\n"                                                                   \
  "  local line\n"                                                                  \
  "  while IFS=$'\\t' read -r line _; do\n"                                         \
  "    case $line in \"$2\"*) COMPREPLY+=(\"$line\") ;; esac\n"                     \
  "  done < <(\"${COMP_WORDS[0]/#\\~/$HOME}\" --completion \"$1\" 2> /dev/null)\n"  \
  "}\n"

#define FILES_FUNCTION                      \
  "_%s_files() {\n"                         \
  "  compopt -o filenames 2> /dev/null\n"   \
  "  _%s_offer < <(compgen -f -- \"$1\")\n" \
  "}\n"

/* bash takes the "=" of --json=FILE for a word of its own. */
#define BEGINNING                                                                                    \
  "  local IFS=$' \\t\\n' word=${COMP_WORDS[COMP_CWORD]} before='' command='' options='' words=''\n" \
  "  COMPREPLY=()\n"                                                                                 \
  "  [ \"$COMP_CWORD\" -lt 1 ] || before=${COMP_WORDS[COMP_CWORD - 1]}\n"                            \
  "  if [ \"$word\" = = ]; then\n"                                                                   \
  "    word=''\n"                                                                                    \
  "  elif [ \"$before\" = = ] && [ \"$COMP_CWORD\" -ge 2 ]; then\n"                                  \
  "    before=${COMP_WORDS[COMP_CWORD - 2]}\n"                                                       \
  "  fi\n"

#define ENDING                                                       \
  "  case $word in\n"                                                \
  "    -*) _%s_offer < <(compgen -W \"$options\" -- \"$word\") ;;\n" \
  "    *)\n"

static const char *words_of(enum completion_words words) {
  const char *question = completion_question(words);
  if (question != NULL) return question;
  switch (words) {
    case COMPLETION_FILES:
      return "files";
    case COMPLETION_COMMANDS:
      return "commands";
    default:
      break;
  }
  return "";
}

/* "-j | --json)" */
static void put_pattern(const struct completion_script *script, const struct option_row *row) {
  if (row->letter != 0) completion_say(script, "-%c | ", row->letter);
  completion_say(script, "--%s)", row->name);
}

/* What comes behind an option that has a value. */
static void put_value(const struct completion_script *script, const struct option_row *row) {
  const char *program = script->completion->program;
  completion_put_text(script, "        ");
  put_pattern(script, row);
  if (row->kind == OPTION_CHOICE) {
    completion_say(script, " _%s_offer < <(compgen -W '", program);
    completion_put_choices(script, row->choices);
    completion_put_text(script, "' -- \"$word\"); return ;;\n");
  } else if (completion_names_file(row)) {
    completion_say(script, " _%s_files \"$word\"; return ;;\n", program);
  } else {
    completion_put_text(script, " return ;;\n");
  }
}

static void put_command(const struct completion_script *script, const struct completion_command *command) {
  if (command->name[0] == '\0')
    completion_put_text(script, "    '')\n");
  else
    completion_say(script, "    %s)\n", command->name);
  completion_put_text(script, "      case $before in\n");
  for (size_t i = 0; i < command->row_count; i++)
    if (command->rows[i].kind != OPTION_FLAG) put_value(script, &command->rows[i]);
  completion_put_text(script, "        '') ;;\n      esac\n      options='");
  for (size_t i = 0; i < command->row_count; i++) {
    completion_say(script, "%s--%s", i > 0 ? " " : "", command->rows[i].name);
    if (command->rows[i].letter != 0) completion_say(script, " -%c", command->rows[i].letter);
  }
  completion_say(script, "' words='%s'\n      ;;\n", words_of(command->words));
}

static void put_words(const struct completion_script *script) {
  const char *program = script->completion->program;
  completion_say(script, ENDING, program);
  if (script->completion->command_count > 1) {
    completion_put_text(script, "      if [ \"$COMP_CWORD\" -eq 1 ] || [ \"$words\" = commands ]; then\n");
    completion_say(script, "        _%s_offer < <(compgen -W '", program);
    completion_put_commands(script, " ");
    completion_put_text(script, "' -- \"$word\")\n      fi\n");
  }
  completion_put_text(script, "      case $words in\n");
  if (completion_asks(script))
    completion_say(script, "        ports | words | labs) _%s_ask \"$words\" \"$word\" ;;\n", program);
  completion_say(script, "        files) _%s_files \"$word\" ;;\n      esac\n      ;;\n  esac\n}\n", program);
}

void completion_write_bash(const struct completion_script *script) {
  const struct completion *completion = script->completion;
  const char *program = completion->program;
  completion_say(script, "# Completes %s in bash. `%s --completion bash` prints it.\n", program, program);
  completion_say(script, OFFER_FUNCTION, program);
  if (completion_asks(script)) completion_say(script, ASK_FUNCTION, program);
  completion_say(script, FILES_FUNCTION, program, program);
  completion_say(script, "_%s() {\n", program);
  completion_put_text(script, BEGINNING);
  if (completion->command_count > 1) {
    completion_put_text(script, "  [ \"$COMP_CWORD\" -lt 2 ] || case ${COMP_WORDS[1]} in\n    ");
    completion_put_commands(script, " | ");
    completion_put_text(script, ") command=${COMP_WORDS[1]} ;;\n  esac\n");
  }
  completion_put_text(script, "  case $command in\n");
  for (size_t i = 0; i < completion->command_count; i++)
    put_command(script, &completion->commands[i]);
  completion_put_text(script, "  esac\n");
  put_words(script);
  completion_say(script, "complete -F _%s %s\n", program, program);
}
