/* What each kind of row becomes in a schema. */
#include "common/schema/schema.h"

#include <stdlib.h>
#include <uv.h>

#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "tests/unit/unit_test.h"

static const char *const words[] = {"tcp", "udp", NULL};

static const char *word_at(size_t index) {
  return index < 2 ? words[1 - index] : NULL;
}

static const struct schema_field inner_fields[] = {{"port", SCHEMA_WHOLE, "The port.", NULL, NULL, NULL}};
static const struct schema_object inner = {"inner", "An inner one.", NULL, SCHEMA_FIELDS(inner_fields), NULL};

static const struct {
  struct schema_field field;
  const char *property; /* without its description */
} cases[] = {
    {{"text", SCHEMA_TEXT, "", NULL, NULL, NULL}, "{\"type\": \"string\"}"},
    {{"text_or_null", SCHEMA_TEXT | SCHEMA_NULL, "", NULL, NULL, NULL}, "{\"type\": [\"string\", \"null\"]}"},
    {{"whole", SCHEMA_WHOLE, "", NULL, NULL, NULL}, "{\"type\": \"integer\", \"minimum\": 0}"},
    {{"number", SCHEMA_NUMBER, "", NULL, NULL, NULL}, "{\"type\": \"number\"}"},
    {{"truth", SCHEMA_TRUTH, "", NULL, NULL, NULL}, "{\"type\": \"boolean\"}"},
    {{"null", SCHEMA_NULL, "", NULL, NULL, NULL}, "{\"type\": \"null\"}"},
    {{"any", SCHEMA_ANY, "", NULL, NULL, NULL}, "{}"},
    {{"time", SCHEMA_TIME, "", NULL, NULL, NULL}, "{\"type\": \"string\", \"format\": \"date-time\"}"},
    {{"words", SCHEMA_TEXT, "", NULL, words, NULL}, "{\"type\": \"string\", \"enum\": [\"tcp\", \"udp\"]}"},
    {{"word_or_null", SCHEMA_TEXT | SCHEMA_NULL, "", NULL, NULL, word_at},
     "{\"type\": [\"string\", \"null\"], \"enum\": [\"udp\", \"tcp\", null]}"},
    {{"object", SCHEMA_OBJECT, "", &inner, NULL, NULL}, "{\"$ref\": \"#/$defs/inner\"}"},
    {{"object_or_null", SCHEMA_OBJECT | SCHEMA_NULL, "", &inner, NULL, NULL},
     "{\"anyOf\": [{\"$ref\": \"#/$defs/inner\"}, {\"type\": \"null\"}]}"},
    {{"any_object", SCHEMA_OBJECT, "", NULL, NULL, NULL}, "{\"type\": \"object\"}"},
    {{"list", SCHEMA_LIST | SCHEMA_TEXT, "", NULL, NULL, NULL},
     "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"},
    {{"list_or_null", SCHEMA_LIST | SCHEMA_OBJECT | SCHEMA_NULL, "", &inner, NULL, NULL},
     "{\"type\": [\"array\", \"null\"], \"items\": {\"$ref\": \"#/$defs/inner\"}}"},
    {{"pair", SCHEMA_PAIR | SCHEMA_NUMBER | SCHEMA_NULL, "", NULL, NULL, NULL},
     "{\"type\": [\"array\", \"null\"], \"items\": {\"type\": \"number\"}, \"minItems\": 2, \"maxItems\": 2}"},
    {{"pairs", SCHEMA_LIST | SCHEMA_PAIR | SCHEMA_NUMBER, "", NULL, NULL, NULL},
     "{\"type\": \"array\", \"items\": {\"type\": \"array\", \"items\": {\"type\": \"number\"}, \"minItems\": 2, "
     "\"maxItems\": 2}}"},
};

static void each_type_becomes_its_property(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    json_t *definitions = json_object();
    json_t *definition = schema_begin_object("Of a case.");
    json_t *wanted = json_loads(cases[i].property, 0, NULL);
    assert_non_null(wanted);
    json_object_set_new(wanted, "description", json_string(""));
    schema_add_field(definition, definitions, &cases[i].field);
    json_t *got = json_object_get(json_object_get(definition, "properties"), cases[i].field.name);
    if (!json_equal(wanted, got)) {
      char *text = json_dumps(got, 0);
      print_error("%s: wanted %s, got %s\n", cases[i].field.name, cases[i].property, text);
      free(text);
      fail();
    }
    assert_int_equal(cases[i].field.object != NULL, json_object_get(definitions, "inner") != NULL);
    assert_string_equal(cases[i].field.name,
                        json_string_value(json_array_get(json_object_get(definition, "required"), 0)));
    json_decref(wanted);
    json_decref(definition);
    json_decref(definitions);
  }
}

static const struct schema_field outer_fields[] = {
    {"inner", SCHEMA_OBJECT, "The inner one.", &inner, NULL, NULL},
    {"again", SCHEMA_OBJECT, "It, once more.", &inner, NULL, NULL},
};

static const struct schema_object outer = {"outer", "An outer one.", &inner, SCHEMA_FIELDS(outer_fields), NULL};

static void a_kind_is_defined_once_and_begins_with_another(void **state) {
  (void)state;
  const struct schema_object *const kinds[] = {&outer, &inner};
  json_t *schema = schema_make("A title", kinds, 2);
  json_t *definitions = json_object_get(schema, "$defs");
  json_t *properties = json_object_get(json_object_get(definitions, "outer"), "properties");
  assert_int_equal(2, json_object_size(definitions));
  assert_int_equal(3, json_object_size(properties));
  assert_non_null(json_object_get(properties, "port"));
  assert_true(json_is_false(json_object_get(json_object_get(definitions, "outer"), "additionalProperties")));
  assert_int_equal(2, json_array_size(json_object_get(schema, "oneOf")));
  json_decref(schema);
}

static void one_kind_is_referred_to_without_a_choice(void **state) {
  (void)state;
  const struct schema_object *const kinds[] = {&inner};
  json_t *schema = schema_make("A title", kinds, 1);
  assert_string_equal("#/$defs/inner", json_string_value(json_object_get(schema, "$ref")));
  assert_null(json_object_get(schema, "oneOf"));
  json_decref(schema);
}

static void nothing_is_written_of_a_schema_that_memory_did_not_suffice_for(void **state) {
  (void)state;
  const struct schema_object *const kinds[] = {&inner};
  char *text = schema_write(schema_make("A title", kinds, 1));
  assert_non_null(text);
  memory_give_back(text);
  lack_note(UV_ENOMEM);
  assert_null(schema_write(schema_make("A title", kinds, 1)));
  lack_forget();
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_type_becomes_its_property),
      cmocka_unit_test(a_kind_is_defined_once_and_begins_with_another),
      cmocka_unit_test(one_kind_is_referred_to_without_a_choice),
      cmocka_unit_test(nothing_is_written_of_a_schema_that_memory_did_not_suffice_for),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
