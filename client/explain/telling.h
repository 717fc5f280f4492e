/* Where an explanation goes: to stdout as text, to the file of --json, or to both. */
#ifndef LOPING_CLIENT_EXPLAIN_TELLING_H
#define LOPING_CLIENT_EXPLAIN_TELLING_H

#include <stdbool.h>

#include "client/frame/result_file.h"
#include "client/frame/text_stream.h"
#include "common/explain/explanation.h"
#include "common/schema/schema.h"

struct telling {
  struct result_file file;
  json_t *object; /* NULL without --json */
  bool is_pair;
  int side;                    /* of a pair: which text is written */
  struct text_stream texts[2]; /* of a pair */
};

/* Begins to tell of the word. False with the sentence said: the file cannot be written. */
bool telling_begin(struct telling *telling, const char *json_path, const char *word);

/* What was read from a pasted text, safe for a terminal. */
void telling_add_source(struct telling *telling, const char *source);

/* One explanation, of which the title says what it is of. `sockets` is the report that it was made from, or NULL. */
void telling_add(struct telling *telling, const char *title, const struct explanation *explanation,
                 const struct port_report *sockets);

/* Two things are explained, side by side. `difference`: what tells them apart, which is told first; may be NULL. */
void telling_begin_pair(struct telling *telling, const char *difference);

/* What is added from now on is of the first (0) or second (1) of them. */
void telling_take_side(struct telling *telling, int side);

/* A sentence behind them. */
void telling_add_note(struct telling *telling, const char *note);

/* Writes the file, where one was named and something was told, and ends. Returns the exit status: `status`, or that
 * of a file that could not be written. */
int telling_end(struct telling *telling, int status);

/* The rows of that file. */
extern const struct schema_object telling_schema;

#endif
