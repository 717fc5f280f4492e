/*
 * The JSON schema (draft 2020-12) of what a program prints. A kind of object is a table of rows, one for each field,
 * beside the code that writes it: name, what it may be, and a sentence for people. Every field is always there, and
 * there are no others.
 */
#ifndef LOPING_COMMON_SCHEMA_SCHEMA_H
#define LOPING_COMMON_SCHEMA_SCHEMA_H

#include <jansson.h>
#include <stddef.h>

enum schema_type {
  SCHEMA_ANY = 0, /* whatever JSON has */
  SCHEMA_NULL = 1 << 0,
  SCHEMA_TEXT = 1 << 1,
  SCHEMA_WHOLE = 1 << 2, /* not negative */
  SCHEMA_NUMBER = 1 << 3,
  SCHEMA_TRUTH = 1 << 4,
  SCHEMA_OBJECT = 1 << 5, /* of the row's kind; where it names none, of any fields */
  SCHEMA_TIME = 1 << 6,   /* a text by RFC 3339, in UTC */
  SCHEMA_PAIR = 1 << 7,   /* two of them, in an array */
  SCHEMA_LIST = 1 << 8,   /* any number of them, or of pairs of them, in an array; the null of a list is its own */
};

struct schema_object;

struct schema_field {
  const char *name;
  unsigned types; /* enum schema_type */
  const char *meaning;
  const struct schema_object *object;
  const char *const *words;             /* the only texts that it may be, ended by NULL; NULL: any */
  const char *(*word_at)(size_t index); /* the same from a table; NULL behind the last */
};

struct schema_object {
  const char *name; /* of the kind: "holder" */
  const char *meaning;
  const struct schema_object *begins_with; /* whose fields stand here as well, in front; or NULL */
  const struct schema_field *fields;
  size_t field_count;
  void (*add_more)(json_t *definition, json_t *definitions); /* fields that have rows of another kind; or NULL */
};

/* The last three members of a kind of object. */
#define SCHEMA_FIELDS(rows) (rows), sizeof(rows) / sizeof((rows)[0])

/* For add_more. The first adds a field; the second adds the kind of a field's object, as a field adds its own; the
 * third begins an object whose kind has no table. Of memory that ran out see json_line.h. */
void schema_add_field(json_t *definition, json_t *definitions, const struct schema_field *field);
void schema_define(json_t *definitions, const struct schema_object *object);
json_t *schema_begin_object(const char *meaning);

/* A field whose object is no table's, in the definition or in the definitions. */
void schema_add_object(json_t *definition, const char *name, json_t *object);

/* A reference to a kind, which may be null. */
json_t *schema_refer(const char *kind, const char *meaning, int may_be_null);

/* A whole schema, of one of these kinds. The caller owns it. */
json_t *schema_make(const char *title, const struct schema_object *const *objects, size_t count);

/* The schema as text of several lines, given up. The caller frees it with memory_give_back. NULL if memory ran out. */
char *schema_write(json_t *schema);

#endif
