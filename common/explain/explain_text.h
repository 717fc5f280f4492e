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

/* Sockets of a report that stand in the way in the same manner. At least one. */
struct explain_holders {
  size_t count;
  const struct port_socket *sockets[PORT_SOCKETS_MAX];
};

/* Empties `out` and names its code. `code_name` NULL: the name of `code`. */
void explain_begin(struct explanation *out, int code, const char *code_name);

/* Sets the first sentence; adds a sentence to the cause, with a space between; adds a step. What does not fit is cut.
 */
__attribute__((format(printf, 2, 3))) void explain_happened(struct explanation *out, const char *format, ...);
__attribute__((format(printf, 2, 3))) void explain_cause(struct explanation *out, const char *format, ...);
__attribute__((format(printf, 2, 3))) void explain_line(struct explanation *out, const char *format, ...);
__attribute__((format(printf, 2, 3))) void explain_step(struct explanation *out, const char *format, ...);

/* "LISTEN", "ESTABLISHED", ...: the word that ss and netstat use. */
const char *explain_state_name(enum socket_state state);

/* "127.0.0.1:62893 (tcp)" or "unix:/tmp/x", escaped. Writes into `out` and returns it. */
const char *explain_endpoint(const struct endpoint *endpoint, char out[EXPLAIN_NAME_SIZE * 4]);

/* "45 s ago", "3 min ago", "12 days ago". */
const char *explain_age(int64_t seconds, char out[32]);

/* One of machine_words()'s commands with its PORT or PATH replaced. Writes into `out` and returns it. */
const char *explain_command(const char *words, const char *name, char out[EXPLAIN_COMMAND_SIZE]);

/* Adds to the cause who has the socket: the processes, or why they are not to be seen; and what follows from several
 * of them and from a stopped one. `now` as in struct bind_failure. */
void explain_who_holds(struct explanation *out, const struct port_socket *socket, int64_t now, int64_t own_user_id);

/* Adds the step that stops the holders, if they are known: "stop the holder: kill 4711". */
void explain_how_to_stop(struct explanation *out, const struct explain_holders *holders, int64_t own_user_id);

/* Adds the step that shows the holder: the system's own command `words`. */
void explain_how_to_see(struct explanation *out, const struct explain_holders *holders, const char *words,
                        const char *name, int64_t own_user_id);

/* Is one of the holders, other than this process, the program of that name? */
bool explain_is_program(const struct explain_holders *holders, const char *name);

/* Notes the sockets as the explanation's holders. */
void explain_note_holders(struct explanation *out, const struct port_report *report,
                          const struct explain_holders *holders);

#endif
