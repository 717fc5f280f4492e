/* Reading what a service manager says it gave, and judging each socket: sd_listen_fds(3). */
#include "server/manager/given.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text/safe_text.h"

#define VALUE_SIZE 64

/* Decimal digits alone, as the manager writes them. */
static bool read_number(const char *text, unsigned long *number) {
  char *end;
  if (text[0] < '0' || text[0] > '9') return false;
  errno = 0;
  *number = strtoul(text, &end, 10);
  return errno == 0 && *end == '\0';
}

static bool refuse_value(const char *name, const char *value, const char *what, char *problem) {
  char shown[4 * VALUE_SIZE];
  safe_text_copy(value, strlen(value), shown, sizeof shown);
  snprintf(problem, GIVEN_PROBLEM_SIZE,
           "the environment says %s=%s, which %s; unset LISTEN_FDS and LISTEN_PID to start lopong by hand", name, shown,
           what);
  return false;
}

bool given_count(const char *listen_pid, const char *listen_fds, int own_pid, size_t *count,
                 char problem[GIVEN_PROBLEM_SIZE]) {
  unsigned long pid, number;
  *count = 0;
  if (listen_pid == NULL) return true;
  if (!read_number(listen_pid, &pid)) return refuse_value("LISTEN_PID", listen_pid, "is no process id", problem);
  /* Meant for a parent that did not take it out of the environment. */
  if (pid != (unsigned long)own_pid || listen_fds == NULL) return true;
  if (!read_number(listen_fds, &number) || number == 0)
    return refuse_value("LISTEN_FDS", listen_fds, "is no number of sockets", problem);
  if (number > GIVEN_MAX)
    return refuse_value("LISTEN_FDS", listen_fds, "is more than the 64 sockets that lopong takes", problem);
  *count = number;
  return true;
}

/* Why it cannot be served, as the end of a sentence; NULL: it can. */
static const char *find_fault(const struct given_facts *facts) {
  if (!facts->is_open) return "is not open; the program that started lopong has to pass it on";
  if (!facts->is_socket) return "is no socket; lopong serves sockets alone (no ListenFIFO=, no ListenSpecial=)";
  if (!facts->is_internet && !facts->is_unix)
    return "is neither an IPv4, an IPv6 nor a unix socket; lopong serves no others";
  if (!facts->is_stream && !facts->is_datagram)
    return "is a socket of packets; lopong serves ListenStream= and ListenDatagram=";
  if (!facts->is_known) return "has another protocol than TCP and UDP; leave out SocketProtocol=";
  if (facts->is_stream && !facts->is_listening)
    return facts->is_connected ? "is a connection; lopong accepts them itself, so set Accept=no"
                               : "does not listen; the service manager has to listen(2) on it first";
  if (facts->is_datagram && facts->is_unix)
    return "is a unix socket of datagrams; lopong serves those of streams: ListenStream=";
  if (facts->is_datagram && facts->is_connected)
    return "is connected to one peer; lopong answers everyone, so bind it and leave it unconnected";
  if (facts->is_datagram && address_port(&facts->endpoint.address) == 0)
    return "has no port; the service manager has to bind(2) it first";
  if (facts->is_path_long) return "has a path of more than 103 bytes; give it a shorter one";
  return NULL;
}

bool given_judge(int descriptor, const struct given_facts *facts, char problem[GIVEN_PROBLEM_SIZE]) {
  const char *fault = find_fault(facts);
  if (fault == NULL) return true;
  snprintf(problem, GIVEN_PROBLEM_SIZE, "descriptor %d, which the service manager gave (LISTEN_FDS), %s", descriptor,
           fault);
  return false;
}

static bool take_one(int descriptor, struct given_socket *taken, char *problem) {
  struct given_facts facts;
  int code = given_look(descriptor, &facts);
  if (code != 0) {
    snprintf(
        problem, GIVEN_PROBLEM_SIZE, "descriptor %d, which the service manager gave (LISTEN_FDS), cannot be taken: %s",
        descriptor,
        code == UV_ENOTSUP ? "this build of lopong takes no sockets from others on this system" : uv_strerror(code));
    return false;
  }
  if (!given_judge(descriptor, &facts, problem)) return false;
  *taken =
      (struct given_socket){.descriptor = descriptor, .is_dual_stack = facts.is_dual_stack, .endpoint = facts.endpoint};
  return true;
}

static const char *read_variable(const char *name, char value[VALUE_SIZE]) {
  size_t size = VALUE_SIZE;
  int code = uv_os_getenv(name, value, &size);
  /* What does not fit is no number, and is refused as one. */
  if (code == UV_ENOBUFS) return "...";
  return code == 0 ? value : NULL;
}

bool given_take(struct given_sockets *given, char problem[GIVEN_PROBLEM_SIZE]) {
  char pid[VALUE_SIZE], fds[VALUE_SIZE];
  static const char *const names[] = {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "LISTEN_PIDFDID"};
  size_t count;
  given->count = 0;
  bool is_fine =
      given_count(read_variable(names[0], pid), read_variable(names[1], fds), (int)uv_os_getpid(), &count, problem);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    (void)uv_os_unsetenv(names[i]);
  for (size_t i = 0; i < count && is_fine; i++)
    is_fine = take_one(GIVEN_DESCRIPTOR_AT + (int)i, &given->sockets[i], problem);
  if (is_fine) given->count = count;
  return is_fine;
}
