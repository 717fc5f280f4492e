/* The listeners of a look as the text of a list of documented ports, which expected.h reads. Pure. */
#ifndef LOPING_CLIENT_PORTS_EXPECTED_TEXT_H
#define LOPING_CLIENT_PORTS_EXPECTED_TEXT_H

#include "client/ports/port_rows.h"

/* One line for each port, transport and program of the rows that take requests, in the order of their numbers; the
 * remark says the address and the user. Held against the same sockets, none of them is unexpected. `now`: seconds since
 * 1970 UTC. The caller frees it; NULL if memory ran out. */
char *expected_text_write(const struct port_row *rows, size_t count, int64_t now);

#endif
