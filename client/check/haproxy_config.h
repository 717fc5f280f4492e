/* Where HAProxy hands the connections of a port on to: its command line names only a file, and the file says it. Pure.
 */
#ifndef LOPING_CLIENT_CHECK_HAPROXY_CONFIG_H
#define LOPING_CLIENT_CHECK_HAPROXY_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/check/forwarder.h"

/* The file that a command line of HAProxy names with -f; false where there is none, or several. */
bool haproxy_config_path(const char *command_line, char *path, size_t path_bytes);

/* Reads the file's text: the server of the section that binds `port`, or of its default backend. False where no section
 * binds it, or where more than one server or a rule decides. */
bool haproxy_config_find(const char *text, uint16_t port, struct forward *forward);

#endif
