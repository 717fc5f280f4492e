/* Which ports a check or a wait is asked for: "8080", "1-1024,8080", "[::1]:62893", "53/udp", a URL. Pure. */
#ifndef LOPING_CLIENT_CHECK_PORT_SET_H
#define LOPING_CLIENT_CHECK_PORT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/target/target.h"

#define PORT_SET_PROBLEM_SIZE 1024

/* A set of port numbers for one host, or a unix socket: then it is empty. */
struct port_set {
  struct target target; /* points into the text that was read */
  size_t count;
  bool has[65536];
};

/* Reads one argument into an empty set. Returns false with a sentence in `problem`. */
bool port_set_parse(const char *text, struct port_set *set, char problem[PORT_SET_PROBLEM_SIZE]);

/* Which transports are meant, by --tcp, --udp and the argument's own word: it goes before the default, and must not
 * contradict an option. `wanted` has a place for TCP and one for UDP. Returns false with a sentence in `problem`. */
bool port_set_choose_transports(const struct port_set *set, const char *text, bool is_tcp_given, bool is_udp_given,
                                bool wanted[2], char problem[PORT_SET_PROBLEM_SIZE]);

#endif
