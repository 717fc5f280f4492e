/*
 * Errors in words: what happened, why, what to do next. One set of texts for both programs.
 *
 * A failure travels as plain data (what was tried, on what, the code, the facts found) and becomes sentences here,
 * once, at the edge. Pure: gathers nothing, prints nothing.
 */
#ifndef LOPING_COMMON_EXPLAIN_EXPLANATION_H
#define LOPING_COMMON_EXPLAIN_EXPLANATION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sockets/port_owner.h"

#define EXPLAIN_STEPS_MAX 8
#define EXPLAIN_STEP_SIZE 640
#define EXPLAIN_TEXT_SIZE 14336

struct explanation {
  char code[32];           /* "EADDRINUSE"; a finding that is no error code has a name too: "NOT_ECHO" */
  char what_happened[512]; /* one sentence, to follow the program's name: "cannot listen on ...: ... (EADDRINUSE)." */
  char likely_cause[4096]; /* who or what is in the way, one or more sentences */
  size_t step_count;       /* what to do, one step each */
  char what_to_do[EXPLAIN_STEPS_MAX][EXPLAIN_STEP_SIZE];
  size_t holder_count; /* which sockets of the report are in the way, as indices into it */
  size_t holders[PORT_SOCKETS_MAX];
};

/* Writes the whole explanation as lines for a terminal, each ending with a newline; the edge lays them out.
 * The texts of an explanation are escaped already (safe_text.h); a control character left in one becomes '?'.
 * `program` begins the first line. `out` holds EXPLAIN_TEXT_SIZE bytes. */
void explain_format(const char *program, const struct explanation *explanation, char out[EXPLAIN_TEXT_SIZE]);

/* The explanation as the result file's "error" object, with the holders that it names. `sockets` is the report that it
 * was made from; may be NULL. The caller owns the object; NULL if memory ran out. */
json_t *explain_to_json(const struct explanation *explanation, const struct port_report *sockets);

/* One holder of a socket, as every result file shows it. `process` may be NULL: the socket is known, its process is
 * not. The caller owns the object; NULL if memory ran out. */
json_t *explain_holder_to_json(const struct port_socket *socket, const struct port_process *process);

/* The name of a UV_ code ("ECONNREFUSED"), also for codes that libuv does not know. Writes into `out`. */
void explain_code_name(int code, char out[32]);

#endif
