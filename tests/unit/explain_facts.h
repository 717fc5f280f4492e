/* Made-up facts for the tests of explanations: addresses, sockets, processes, and a check of what a text says. */
#ifndef LOPING_TESTS_UNIT_EXPLAIN_FACTS_H
#define LOPING_TESTS_UNIT_EXPLAIN_FACTS_H

#include <stdio.h>
#include <string.h>

#include "common/explain/explanation.h"
#include "common/machine/machine.h"
#include "tests/unit/unit_test.h"

/* 2026-11-22T09:30:00Z */
#define FACTS_NOW INT64_C(1795339800)

static const struct machine_ports facts_ports = {
    .known = true, .ephemeral_first = 32768, .ephemeral_last = 60999, .unprivileged_first = 1024};

static inline struct sockaddr_storage facts_address(const char *host, uint16_t port) {
  struct sockaddr_storage address;
  memset(&address, 0, sizeof address);
  if (uv_ip4_addr(host, port, (struct sockaddr_in *)&address) == 0) return address;
  memset(&address, 0, sizeof address);
  assert_int_equal(uv_ip6_addr(host, port, (struct sockaddr_in6 *)&address), 0);
  return address;
}

static inline struct port_report *facts_report(void) {
  struct port_report *report = calloc(1, sizeof *report);
  assert_non_null(report);
  report->known = true;
  return report;
}

/* A socket of user alice (1000) with an inode and no process yet. */
static inline struct port_socket *facts_socket(struct port_report *report, enum socket_state state, const char *host,
                                               uint16_t port) {
  struct port_socket *socket = &report->sockets[report->socket_count++];
  socket->state = state;
  socket->local = facts_address(host, port);
  socket->uid = 1000;
  snprintf(socket->user, sizeof socket->user, "alice");
  socket->inode = 4000 + report->socket_count;
  socket->owner = SOCKET_OWNER_OUTSIDE;
  return socket;
}

/* A process of alice, three minutes old. */
static inline struct port_process *facts_process(struct port_socket *socket, int64_t pid, const char *command_line) {
  struct port_process *process = &socket->processes[socket->process_count++];
  process->pid = pid;
  process->uid = 1000;
  process->since = FACTS_NOW - 180;
  snprintf(process->command, sizeof process->command, "%.*s", (int)strcspn(command_line, " "), command_line);
  snprintf(process->command_line, sizeof process->command_line, "%s", command_line);
  snprintf(process->user, sizeof process->user, "alice");
  socket->owner = SOCKET_OWNER_SHOWN;
  return process;
}

/* The explanation as its reader sees it, with the line ends made spaces, so that wrapping does not matter. */
static inline const char *facts_read(const struct explanation *explanation) {
  static char text[EXPLAIN_TEXT_SIZE];
  size_t used = 0;
  explain_format("lopong", explanation, text);
  for (size_t i = 0; text[i] != '\0'; i++) {
    char byte = text[i] == '\n' ? ' ' : text[i];
    if (byte != ' ' || used == 0 || text[used - 1] != ' ') text[used++] = byte;
  }
  text[used] = '\0';
  return text;
}

static inline void facts_expect(const struct explanation *explanation, const char *part) {
  const char *text = facts_read(explanation);
  if (strstr(text, part) == NULL) fail_msg("wanted a text that says: %s\ngot: %s", part, text);
}

static inline void facts_expect_not(const struct explanation *explanation, const char *part) {
  const char *text = facts_read(explanation);
  if (strstr(text, part) != NULL) fail_msg("wanted a text that does not say: %s\ngot: %s", part, text);
}

#endif
