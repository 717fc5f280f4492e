/* Which ports a check is asked for: "8080", "1-1024,8080", "[::1]:62893", "localhost:80-90". Pure. */
#ifndef LOPING_CLIENT_CHECK_PORT_SET_H
#define LOPING_CLIENT_CHECK_PORT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"

#define PORT_SET_PROBLEM_SIZE 512

/* A set of port numbers for one host. */
struct port_set {
  char host[ADDRESS_HOST_SIZE];
  size_t count;
  bool has[65536];
};

/* Reads one argument into an empty set. Returns false with a sentence in `problem`. */
bool port_set_parse(const char *text, struct port_set *set, char problem[PORT_SET_PROBLEM_SIZE]);

#endif
