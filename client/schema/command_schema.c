/* See command_schema.h. The rows stand beside the code that writes the JSON; here is which of them make what. */
#include "client/schema/command_schema.h"

#include <stdio.h>
#include <string.h>

#include "client/check/report_schema.h"
#include "client/compare/compare_schema.h"
#include "client/explain/telling.h"
#include "client/grade/grade_report.h"
#include "client/ports/ports_schema.h"
#include "client/reports/json_schema.h"
#include "client/wait/wait_schema.h"
#include "common/memory/memory.h"
#include "common/schema/schema.h"
#include "common/text/safe_text.h"

#define NAMES_SIZE 128

struct schema_settings {
  struct common_settings common;
};

static const struct option_row options[] = {
    COMMAND_HELP_ROW(schema_settings),
    COMMAND_HELP_ALL_ROW(schema_settings),
    COMMAND_VERSION_ROW(schema_settings),
};

#define OPTIONS (sizeof options / sizeof options[0])

/* Those of one name stand together. */
static const struct {
  const char *name;
  const char *title;
  const struct schema_object *object;
} rows[] = {
    {"result", "The result file of a measuring command of loping", &json_schema_result},
    {"check", "What loping check writes", &report_schema_check},
    {"ports", "What loping ports writes", &ports_schema},
    {"explain", "What loping explain writes", &telling_schema},
    {"compare", "What loping compare writes", &compare_schema},
    {"wait", "What loping wait writes", &wait_schema},
    {"grade", "What loping grade writes", &grade_schema},
    {"events", "A line of loping's --json-stream", &json_schema_interval_event},
    {"events", "A line of loping's --json-stream", &json_schema_result_event},
    {"watch", "A line of loping ports --watch", &ports_schema_began},
    {"watch", "A line of loping ports --watch", &ports_schema_change},
    {"watch", "A line of loping ports --watch", &ports_schema_unused},
    {"watch", "A line of loping ports --watch", &ports_schema_ended},
};

#define ROWS (sizeof rows / sizeof rows[0])

/* "result, check, ... or watch" */
static const char *list_names(char *out, size_t out_bytes) {
  size_t used = 0;
  out[0] = '\0';
  for (size_t i = 0; i < ROWS && used < out_bytes; i++) {
    if (i > 0 && strcmp(rows[i].name, rows[i - 1].name) == 0) continue;
    bool is_last = strcmp(rows[i].name, rows[ROWS - 1].name) == 0;
    const char *between = i == 0 ? "" : is_last ? " or " : ", ";
    used += (size_t)snprintf(out + used, out_bytes - used, "%s%s", between, rows[i].name);
  }
  return out;
}

void command_schema_describe(const struct command *command, struct command_help *help) {
  char names[NAMES_SIZE];
  (void)command;
  snprintf(help->own_text, sizeof help->own_text,
           "NAME is %s (events: of --json-stream, watch: of ports --watch); without it, all of them. `lopong --schema` "
           "prints lopong's.\n",
           list_names(names, sizeof names));
  help->arguments = "[NAME]";
  help->takes = COMPLETION_NOTHING;
  help->before = help->before_brief = help->own_text;
  help->after = "exit status: 0 fine, 2 no such name or wrong usage.\n";
  help->rows = options;
  help->row_count = OPTIONS;
}

static int refuse_name(const struct command *command, const char *name) {
  char problem[OPTIONS_PROBLEM_SIZE], shown[64], names[NAMES_SIZE];
  safe_text_copy(name, strlen(name), shown, sizeof shown);
  snprintf(problem, sizeof problem, "there is no schema '%s'; name %s", shown, list_names(names, sizeof names));
  return command_refuse(command, problem);
}

int command_schema(const struct invocation *invocation) {
  struct schema_settings settings = {.common = {.wants_help = false}};
  struct options_parsed parsed;
  const struct schema_object *objects[ROWS];
  const char *title = "What loping writes as JSON";
  size_t count = 0;
  if (!options_parse(options, OPTIONS, invocation->argc, invocation->argv, &settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &settings.common)) return EXIT_FINE;
  if (parsed.positional_count > 1)
    return command_refuse(invocation->command, "schema is of one thing at a time; leave out the others");
  const char *name = parsed.positional_count == 1 ? parsed.positionals[0] : NULL;
  for (size_t i = 0; i < ROWS; i++) {
    if (name != NULL && strcmp(rows[i].name, name) != 0) continue;
    objects[count++] = rows[i].object;
    if (name != NULL) title = rows[i].title;
  }
  if (count == 0) return refuse_name(invocation->command, name);
  char *text = schema_write(schema_make(title, objects, count));
  if (text != NULL) printf("%s\n", text);
  memory_give_back(text);
  return EXIT_FINE;
}
