/* See schema.h. Knows no field of anybody's. */
#include "common/schema/schema.h"

#include <stdbool.h>
#include <stdio.h>

#include "common/memory/lack.h"

#define REFERENCE_SIZE 96

static const struct {
  unsigned type;
  const char *name;
} type_names[] = {
    {SCHEMA_TEXT, "string"},   {SCHEMA_TIME, "string"},   {SCHEMA_WHOLE, "integer"}, {SCHEMA_NUMBER, "number"},
    {SCHEMA_TRUTH, "boolean"}, {SCHEMA_OBJECT, "object"}, {SCHEMA_NULL, "null"},
};

/* One type is a text, several are an array. */
static void set_types(json_t *into, unsigned types) {
  json_t *names = json_array();
  for (size_t i = 0; i < sizeof type_names / sizeof type_names[0]; i++)
    if (types & type_names[i].type) json_array_append_new(names, json_string(type_names[i].name));
  if (json_array_size(names) > 1)
    json_object_set(into, "type", names);
  else if (json_array_size(names) == 1)
    json_object_set(into, "type", json_array_get(names, 0));
  json_decref(names);
}

static void set_words(json_t *into, const struct schema_field *field, unsigned types) {
  json_t *words = json_array();
  for (size_t i = 0; field->words != NULL && field->words[i] != NULL; i++)
    json_array_append_new(words, json_string(field->words[i]));
  for (size_t i = 0; field->word_at != NULL && field->word_at(i) != NULL; i++)
    json_array_append_new(words, json_string(field->word_at(i)));
  if (json_array_size(words) > 0 && (types & SCHEMA_NULL) != 0) json_array_append_new(words, json_null());
  if (json_array_size(words) > 0) json_object_set(into, "enum", words);
  json_decref(words);
}

static void set_reference(json_t *into, const char *kind, bool may_be_null) {
  char path[REFERENCE_SIZE];
  snprintf(path, sizeof path, "#/$defs/%s", kind);
  if (!may_be_null)
    json_object_set_new(into, "$ref", json_string(path));
  else
    json_object_set_new(into, "anyOf", json_pack("[{s:s}, {s:s}]", "$ref", path, "type", "null"));
}

json_t *schema_refer(const char *kind, const char *meaning, int may_be_null) {
  json_t *reference = json_object();
  json_object_set_new(reference, "description", json_string(meaning));
  set_reference(reference, kind, may_be_null != 0);
  return reference;
}

/* What stands in a list or a pair, or the field itself. */
static void set_single(json_t *into, const struct schema_field *field, unsigned types) {
  if (field->object != NULL) {
    set_reference(into, field->object->name, (types & SCHEMA_NULL) != 0);
    return;
  }
  set_types(into, types);
  if (types & SCHEMA_WHOLE) json_object_set_new(into, "minimum", json_integer(0));
  if (types & SCHEMA_TIME) json_object_set_new(into, "format", json_string("date-time"));
  set_words(into, field, types);
}

static void set_array(json_t *into, bool may_be_null, json_t *items) {
  if (may_be_null)
    json_object_set_new(into, "type", json_pack("[s, s]", "array", "null"));
  else
    json_object_set_new(into, "type", json_string("array"));
  json_object_set_new(into, "items", items);
}

static void set_value(json_t *into, const struct schema_field *field, unsigned types) {
  bool may_be_null = (types & SCHEMA_NULL) != 0;
  unsigned inner = types & ~(unsigned)SCHEMA_NULL;
  json_t *items = json_object();
  if (types & SCHEMA_LIST) {
    set_value(items, field, inner & ~(unsigned)SCHEMA_LIST);
    set_array(into, may_be_null, items);
  } else if (types & SCHEMA_PAIR) {
    set_single(items, field, inner & ~(unsigned)SCHEMA_PAIR);
    set_array(into, may_be_null, items);
    json_object_set_new(into, "minItems", json_integer(2));
    json_object_set_new(into, "maxItems", json_integer(2));
  } else {
    set_single(into, field, types);
    json_decref(items);
  }
}

json_t *schema_begin_object(const char *meaning) {
  return json_pack("{s:s, s:s, s:{}, s:[], s:b}", "description", meaning, "type", "object", "properties", "required",
                   "additionalProperties", 0);
}

void schema_add_object(json_t *definition, const char *name, json_t *object) {
  json_object_set_new(json_object_get(definition, "properties"), name, object);
  json_array_append_new(json_object_get(definition, "required"), json_string(name));
}

void schema_add_field(json_t *definition, json_t *definitions, const struct schema_field *field) {
  json_t *value = json_object();
  json_object_set_new(value, "description", json_string(field->meaning));
  set_value(value, field, field->types);
  schema_add_object(definition, field->name, value);
  if (field->object != NULL) schema_define(definitions, field->object);
}

static void add_fields(json_t *definition, json_t *definitions, const struct schema_object *object) {
  if (object->begins_with != NULL) add_fields(definition, definitions, object->begins_with);
  for (size_t i = 0; i < object->field_count; i++)
    schema_add_field(definition, definitions, &object->fields[i]);
  if (object->add_more != NULL) object->add_more(definition, definitions);
}

void schema_define(json_t *definitions, const struct schema_object *object) {
  if (json_object_get(definitions, object->name) != NULL) return;
  json_t *definition = schema_begin_object(object->meaning);
  /* In its place before those that it refers to. */
  json_object_set_new(definitions, object->name, definition);
  add_fields(definition, definitions, object);
}

json_t *schema_make(const char *title, const struct schema_object *const *objects, size_t count) {
  json_t *schema = json_object();
  json_t *definitions = json_object();
  json_t *choices = json_array();
  for (size_t i = 0; i < count; i++) {
    json_t *choice = json_object();
    set_reference(choice, objects[i]->name, false);
    json_array_append_new(choices, choice);
    schema_define(definitions, objects[i]);
  }
  json_object_set_new(schema, "$schema", json_string("https://json-schema.org/draft/2020-12/schema"));
  json_object_set_new(schema, "title", json_string(title));
  if (count == 1)
    json_object_update(schema, json_array_get(choices, 0));
  else
    json_object_set(schema, "oneOf", choices);
  json_object_set_new(schema, "$defs", definitions);
  json_decref(choices);
  return schema;
}

char *schema_write(json_t *schema) {
  char *text = schema == NULL || lack_is_of_memory() ? NULL : json_dumps(schema, JSON_INDENT(1) | JSON_ENSURE_ASCII);
  json_decref(schema);
  return text;
}
