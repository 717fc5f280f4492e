/* The hosts that a port can be examined at: this machine's own, whose both ends are seen. */
#ifndef LOPING_CLIENT_CHECK_LOCAL_HOST_H
#define LOPING_CLIENT_CHECK_LOCAL_HOST_H

#include <stddef.h>

#include "common/net/address.h"

/* The addresses that a name means: loopback, or of this machine's interfaces; 0.0.0.0 and :: are where such a
 * connection arrives, 127.0.0.1 and ::1. Returns an exit status, with a sentence in `problem` (OPTIONS_PROBLEM_SIZE
 * bytes) unless it is EXIT_FINE. EXIT_WRONG_USAGE: nobody knows the name, or it is another machine's, of which
 * `command`
 * ("check") knows nothing. EXIT_NOT_DONE: it could not be looked up. */
int local_host_find(const char *name, const char *command, struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX],
                    size_t *count, char *problem);

#endif
