/* See telling.h. Knows nothing of what is explained. */
#include "client/explain/telling.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/explain/side_by_side.h"
#include "common/explain/explanation_schema.h"
#include "common/options/exit_status.h"
#include "common/text/json_text.h"
#include "common/text/layout.h"
#include "common/text/version.h"

static bool prints_text(const struct telling *telling) {
  return !result_file_takes_stdout(&telling->file);
}

bool telling_begin(struct telling *telling, const char *json_path, const char *word) {
  *telling = (struct telling){.file = {"--json", json_path}};
  if (json_path == NULL) return true;
  if (!result_file_try(&telling->file)) return false;
  telling->object = json_object();
  json_object_set_new(telling->object, "schema_version", json_integer(1));
  json_object_set_new(telling->object, "tool", json_string("loping explain"));
  json_object_set_new(telling->object, "version", json_string(LOPING_VERSION));
  json_object_set_new(telling->object, "word", json_text(word));
  json_object_set_new(telling->object, "read", json_null());
  json_object_set_new(telling->object, "explanations", json_array());
  json_object_set_new(telling->object, "note", json_null());
  json_object_set_new(telling->object, "difference", json_null());
  return true;
}

void telling_add_source(struct telling *telling, const char *source) {
  if (telling->object != NULL) json_object_set_new(telling->object, "read", json_text(source));
  if (!prints_text(telling)) return;
  layout_write_as_is(stdout, "Read: ");
  layout_write_as_is(stdout, source);
  layout_write_as_is(stdout, "\n\n");
}

void telling_add(struct telling *telling, const char *title, const struct explanation *explanation,
                 const struct port_report *sockets) {
  if (telling->object != NULL) {
    json_t *object = json_object();
    json_t *rest = explain_to_json(explanation, sockets);
    json_object_set_new(object, "subject", json_text(title));
    json_object_update(object, rest);
    json_decref(rest);
    json_array_append_new(json_object_get(telling->object, "explanations"), object);
  }
  if (!prints_text(telling)) return;
  char text[EXPLAIN_TEXT_SIZE];
  explain_format(title, explanation, text);
  if (!telling->is_pair)
    layout_write(stdout, text);
  else if (telling->texts[telling->side].file != NULL)
    fputs(text, telling->texts[telling->side].file);
}

void telling_begin_pair(struct telling *telling, const char *difference) {
  telling->is_pair = true;
  if (telling->object != NULL && difference != NULL)
    json_object_set_new(telling->object, "difference", json_text(difference));
  if (!prints_text(telling)) return;
  if (difference != NULL) {
    layout_write(stdout, difference);
    layout_write(stdout, "\n");
  }
}

/* Without memory for it, its text is missing at the end, which is said there. */
void telling_take_side(struct telling *telling, int side) {
  telling->side = side;
  (void)text_stream_open(&telling->texts[side]);
}

/* False: memory ran out. */
static bool end_pair(struct telling *telling) {
  bool is_whole = true;
  for (int i = 0; i < 2; i++)
    is_whole = telling->texts[i].file != NULL && text_stream_close(&telling->texts[i]) == 0 && is_whole;
  const char *const texts[2] = {telling->texts[0].text, telling->texts[1].text};
  if (is_whole && prints_text(telling))
    is_whole = side_by_side_write(texts, layout_columns(stdout), layout_put_stream, stdout) == 0;
  free(telling->texts[0].text);
  free(telling->texts[1].text);
  return is_whole;
}

void telling_add_note(struct telling *telling, const char *note) {
  if (telling->object != NULL) json_object_set_new(telling->object, "note", json_text(note));
  if (!prints_text(telling)) return;
  layout_write_as_is(stdout, "\n");
  layout_write_as_is(stdout, note);
  layout_write_as_is(stdout, "\n");
}

int telling_end(struct telling *telling, int status) {
  if (telling->is_pair && !end_pair(telling)) status = EXIT_NOT_DONE;
  bool has_told = status == EXIT_FINE && telling->object != NULL;
  bool is_written = !has_told || result_file_write(&telling->file, json_incref(telling->object));
  json_decref(telling->object);
  telling->object = NULL;
  return is_written ? status : EXIT_NOT_DONE;
}

static const char *const tools[] = {"loping explain", NULL};

static const struct schema_field subject_fields[] = {
    {"subject", SCHEMA_TEXT, "What it is of.", NULL, NULL, NULL},
};

static const struct schema_object subject = {"explanation_subject", "", NULL, SCHEMA_FIELDS(subject_fields), NULL};

static void add_explanation(json_t *definition, json_t *definitions) {
  for (size_t i = 0; i < explanation_schema_error.field_count; i++)
    schema_add_field(definition, definitions, &explanation_schema_error.fields[i]);
}

static const struct schema_object explanation_object = {
    "explanation", "What one word means, in the fields of an error.", &subject, NULL, 0, add_explanation};

static const struct schema_field fields[] = {
    {"schema_version", SCHEMA_WHOLE, "The version of this format: 1.", NULL, NULL, NULL},
    {"tool", SCHEMA_TEXT, "What wrote it.", NULL, tools, NULL},
    {"version", SCHEMA_TEXT, "The version of loping.", NULL, NULL, NULL},
    {"word", SCHEMA_TEXT | SCHEMA_NULL, "The word that was asked for; - for a text from stdin.", NULL, NULL, NULL},
    {"read", SCHEMA_TEXT | SCHEMA_NULL, "The line of a pasted text that was read; null for a word.", NULL, NULL, NULL},
    {"explanations", SCHEMA_LIST | SCHEMA_OBJECT, "What it means; of an address with a port one for each.",
     &explanation_object, NULL, NULL},
    {"note", SCHEMA_TEXT | SCHEMA_NULL, "What to know besides.", NULL, NULL, NULL},
    {"difference", SCHEMA_TEXT | SCHEMA_NULL,
     "Of two words: what tells them apart; null for one word, and for two of which nothing is known.", NULL, NULL,
     NULL},
};

const struct schema_object telling_schema = {"explain", "What loping explain writes.", NULL, SCHEMA_FIELDS(fields),
                                             NULL};
