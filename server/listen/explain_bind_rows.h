/* The table rows of bind failures: explain_bind.c walks them, its siblings fill them. Internal. Pure. */
#ifndef LOPING_SERVER_LISTEN_EXPLAIN_BIND_ROWS_H
#define LOPING_SERVER_LISTEN_EXPLAIN_BIND_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/explain/explain_text.h"
#include "common/explain/holders.h"
#include "server/listen/explain_bind.h"

/* One kind of failure. A row fits when its code is the failure's, `applies` says yes, and, if it asks for holders, at
 * least one socket that stands in the way is such a holder. */
struct explain_bind_row {
  int codes[2]; /* UV_ codes; both 0: any code */
  bool (*applies)(const struct bind_failure *failure);
  bool (*is_holder)(const struct bind_failure *failure, const struct port_socket *socket); /* NULL: asks for none */
  const char *happened; /* ends the first sentence: "the port is in use"; NULL: the words of the code itself */
  void (*write)(const struct bind_failure *failure, const struct explain_holders *holders, struct explanation *out);
};

struct explain_bind_table {
  const struct explain_bind_row *rows;
  size_t row_count;
};

/* A TCP or UDP port that is in use (explain_port_in_use.c), and a unix socket's path (explain_unix_path.c). */
extern const struct explain_bind_table explain_port_in_use;
extern const struct explain_bind_table explain_unix_path;

/* Adds "lopong --port 62894: that port is free now", if a free port was found. */
void explain_free_port(const struct bind_failure *failure, struct explanation *out);

/* Says on which address the socket stands in the way of the wanted one; `what` begins the sentence: "A socket already
 * listens on". */
void explain_where(const struct bind_failure *failure, const struct port_socket *socket, const char *what,
                   struct explanation *out);

/* TCP sockets that listen, of other processes. */
bool explain_is_listener(const struct bind_failure *failure, const struct port_socket *socket);

#endif
