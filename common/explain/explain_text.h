/* How the explanations of common/explain/explanation.h are put together, sentence by sentence. Internal to explain_*.c.
 * Pure. */
#ifndef LOPING_COMMON_EXPLAIN_EXPLAIN_TEXT_H
#define LOPING_COMMON_EXPLAIN_EXPLAIN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/explain/explanation.h"

#define EXPLAIN_NAME_SIZE    128
#define EXPLAIN_COMMAND_SIZE 256

/* Empties `out` and names its code. `code_name` NULL: the name of `code`. */
void explain_begin(struct explanation *out, int code, const char *code_name);

/* Sets the first sentence; adds a sentence to the cause, with a space between; adds a step. What does not fit is cut.
 */
__attribute__((format(__printf__, 2, 3))) void explain_happened(struct explanation *out, const char *format, ...);
__attribute__((format(__printf__, 2, 3))) void explain_cause(struct explanation *out, const char *format, ...);
__attribute__((format(__printf__, 2, 3))) void explain_line(struct explanation *out, const char *format, ...);
__attribute__((format(__printf__, 2, 3))) void explain_step(struct explanation *out, const char *format, ...);

/* "LISTEN", "ESTABLISHED", ...: the word that ss and netstat use. */
const char *explain_state_name(enum socket_state state);

/* "127.0.0.1:62893 (tcp)" or "unix:/tmp/x", escaped. Writes into `out` and returns it. */
const char *explain_endpoint(const struct endpoint *endpoint, char out[EXPLAIN_NAME_SIZE * 4]);

/* "user id 1000", or "this user" on a system that has no such numbers (below 0). Returns `out`. */
#define EXPLAIN_USER_SIZE 32
const char *explain_user(int64_t id, char out[EXPLAIN_USER_SIZE]);

/* "45 s ago", "3 min ago", "12 days ago". */
const char *explain_age(int64_t seconds, char out[32]);

/* "macOS does not tell PROGRAM who has a port: lsof -nP -iTCP:62893 -sTCP:LISTEN", where nobody wrote how to ask: said
 * once in an output, so it has the command. `words` is one of machine_words()'s, of port `port`. Returns `out`. */
#define EXPLAIN_UNTOLD_SIZE (EXPLAIN_COMMAND_SIZE + 128)
const char *explain_untold(const char *program, const char *words, uint16_t port, char out[EXPLAIN_UNTOLD_SIZE]);

/* One of machine_words()'s commands with its PORT or PATH replaced. Writes into `out` and returns it. */
const char *explain_command(const char *words, const char *name, char out[EXPLAIN_COMMAND_SIZE]);

#endif
