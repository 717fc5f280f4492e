/*
 * What somebody typed to say where: a port, a host and a port, a URL, a unix socket. One reader serves every command,
 * so that what one takes all take. Looks nothing up.
 */
#ifndef LOPING_CLIENT_TARGET_TARGET_H
#define LOPING_CLIENT_TARGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/net/address.h"

#define TARGET_PROBLEM_SIZE 768
#define TARGET_FORMS        "PORT, HOST:PORT, [::1]:PORT, a URL or unix:PATH"

struct target {
  bool is_unix;
  char path[ADDRESS_PATH_SIZE]; /* then; an abstract name begins with '@' */
  bool has_host;
  char host[ADDRESS_HOST_SIZE]; /* without has_host the default host */
  const char *ports;            /* the number, or "80,8000-8010", in the text that was read; NULL: none is named */
  size_t ports_length;
  bool is_list;  /* more than one number stands there */
  uint16_t port; /* of one number, or the scheme's, or the default port; of a list 0 */
  bool has_port; /* named, or the scheme's */
  bool has_transport;
  enum transport transport; /* of "/udp", "tcp://" and the like */
  const char *scheme;       /* of a URL, such as "https"; NULL: none, or one that is not known */
  bool is_encrypted;        /* by its scheme */
};

/* Why a text is no target; TARGET_OK when it is one. */
enum target_status {
  TARGET_OK,
  TARGET_EMPTY,
  TARGET_PORT_NOT_A_NUMBER,
  TARGET_PORT_OUT_OF_RANGE,
  TARGET_HOST_TOO_LONG,
  TARGET_PATH_TOO_LONG,
  TARGET_NO_PIPE,     /* "unix:/tmp/x" where there are named pipes */
  TARGET_NO_ABSTRACT, /* "unix:@name" where there are none */
  TARGET_BRACKET_OPEN,
  TARGET_NEEDS_BRACKETS, /* "::1:8080" */
  TARGET_TOO_MANY_COLONS,
  TARGET_NO_PORT, /* a URL of a scheme that is not known, without a port */
  TARGET_AFTER_SLASH,
  TARGET_BARE_PATH, /* "/tmp/x", "@name" without unix: */
};

/* Reads "62893", "62893/udp", "HOST:62893", "[::1]:62893", "HOST:3000/path", "http://HOST/", "tcp://HOST:62893",
 * "unix:/tmp/x", "unix:@name", a list of ports in the place of one, or a bare HOST (the default port is meant). The
 * target points into the text. */
enum target_status target_parse(const char *text, struct target *target);

/* Writes what is wrong with the text, and what was meant where that is plain, as the end of a sentence that begins with
 * the text: "has no port number (a whole number from 0 to 65535)". Returns `out`. */
const char *target_problem(enum target_status status, const char *text, char out[TARGET_PROBLEM_SIZE]);

/* One part of a list: reads "8080" or "8000-8010" (1 to 65535, the lower number first) of `length` bytes. */
bool target_read_range(const char *part, size_t length, uint16_t *first, uint16_t *last);

#endif
