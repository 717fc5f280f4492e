/* Could a unix socket's path be bound now, as lopong binds it? Looks; it makes no file. */
#ifndef LOPING_CLIENT_WAIT_WAIT_PATH_H
#define LOPING_CLIENT_WAIT_WAIT_PATH_H

#include <stdbool.h>

/* Returns 0, UV_EADDRINUSE where somebody or something has it, or another negative UV_ code that waiting does not
 * change. `*is_to_be_asked`: a socket's file stands there and nobody is seen to listen: whether it is a dead one, only
 * a connection tells (the table shows one network namespace, and a path may lead to another's). */
int wait_path_bind_code(const char *path, bool *is_to_be_asked);

#endif
