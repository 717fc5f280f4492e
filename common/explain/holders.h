/* The sentences on who has a socket, and on what stops them, which every explanation of both programs shares. Pure. */
#ifndef LOPING_COMMON_EXPLAIN_HOLDERS_H
#define LOPING_COMMON_EXPLAIN_HOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/explain/explain_text.h"

/* Sockets of a report that stand in the way in the same manner. At least one. */
struct explain_holders {
  size_t count;
  const struct port_socket *sockets[PORT_SOCKETS_MAX];
};

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
