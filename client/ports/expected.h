/*
 * A list of documented ports, one a line:   62893[/tcp|/udp] [PROCESS] [# remark]
 * and what of this machine is not in it. Pure but for expected_load(), which reads the file.
 */
#ifndef LOPING_CLIENT_PORTS_EXPECTED_H
#define LOPING_CLIENT_PORTS_EXPECTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/sockets/port_list.h"
#include "common/sockets/port_owner.h"

#define EXPECTED_PROCESS_SIZE 64
#define EXPECTED_PROBLEM_SIZE 256
/* TCP and UDP of every port, once. */
#define EXPECTED_LINES_MAX 131072

struct expected_port {
  uint32_t line; /* its number in the file, from 1 */
  uint16_t port;
  bool allows_tcp;
  bool allows_udp;
  char process[EXPECTED_PROCESS_SIZE]; /* "": any */
};

struct expected_list {
  size_t count;
  size_t capacity;
  struct expected_port *ports; /* owned */
};

enum expected_line { EXPECTED_LINE_EMPTY, EXPECTED_LINE_PORT, EXPECTED_LINE_BAD };

/* Reads one line, without its newline. Of a bad one, `problem` (EXPECTED_PROBLEM_SIZE bytes) says what is wrong, as the
 * end of a sentence that names the line. */
enum expected_line expected_read_line(const char *line, struct expected_port *port, char *problem);

/* Called for every bad line of a file. */
typedef void expected_bad_line(void *owner, uint32_t line, const char *problem);

/* Reads the file; bad lines are told and left out. Returns 0 or a negative UV_ code (it cannot be read, memory). */
int expected_load(const char *path, struct expected_list *list, expected_bad_line *on_bad, void *owner);

void expected_free(struct expected_list *list);

enum expected_verdict {
  EXPECTED_YES,
  EXPECTED_NO,            /* no line names this port */
  EXPECTED_OTHER_PROCESS, /* a line does, and another process has it */
  EXPECTED_UNTOLD,        /* a line names it with a process, and who has it is not to be seen */
};

/* Is the socket in the list? `match` is the line that names its port, or NULL. */
enum expected_verdict expected_judge(const struct expected_list *list, const struct port_socket *socket,
                                     const struct expected_port **match);

/* Is it a socket that takes requests and that the list does not know, or not of this process? */
bool expected_is_missing(const struct expected_list *list, const struct port_socket *socket);

/* Does one of the sockets fit the line? Only those that take requests count. */
bool expected_is_there(const struct expected_port *port, const struct port_list *sockets);

#endif
