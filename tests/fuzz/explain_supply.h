/* Made-up facts out of the fuzzer's bytes, for explanations, and what must hold for each of these. */
#ifndef LOPING_TESTS_FUZZ_EXPLAIN_SUPPLY_H
#define LOPING_TESTS_FUZZ_EXPLAIN_SUPPLY_H

#include <stdbool.h>
#include <string.h>

#include "common/explain/explanation.h"
#include "tests/fuzz/fuzz.h"

struct supply {
  const uint8_t *bytes;
  size_t length;
};

static inline uint8_t take_byte(struct supply *supply) {
  if (supply->length == 0) return 0;
  supply->length--;
  return *supply->bytes++;
}

/* The bytes up to the next '\0', or as many as fit. */
static inline void take_text(struct supply *supply, char *out, size_t out_bytes) {
  size_t used = 0;
  for (uint8_t byte = take_byte(supply); byte != 0; byte = take_byte(supply))
    if (used + 1 < out_bytes) out[used++] = (char)byte;
  out[used] = '\0';
}

static inline struct sockaddr_storage take_address(struct supply *supply) {
  static const char *const hosts[] = {"127.0.0.1", "0.0.0.0", "127.0.0.2", "192.0.2.1"};
  static const char *const wide_hosts[] = {"::1", "::", "::ffff:127.0.0.1", "fe80::1"};
  struct sockaddr_storage address;
  uint8_t pick = take_byte(supply);
  memset(&address, 0, sizeof(address));
  if (pick % 9 == 8) return address;
  if (pick % 2 == 0)
    uv_ip4_addr(hosts[pick / 2 % 4], 62893, (struct sockaddr_in *)&address);
  else
    uv_ip6_addr(wide_hosts[pick / 2 % 4], 62893, (struct sockaddr_in6 *)&address);
  return address;
}

static inline void take_report(struct supply *supply, struct port_report *report) {
  memset(report, 0, sizeof(*report));
  report->known = take_byte(supply) % 4 != 0;
  report->socket_count = take_byte(supply) % 4;
  report->sockets_left_out = take_byte(supply);
  for (size_t i = 0; i < report->socket_count; i++) {
    struct port_socket *socket = &report->sockets[i];
    socket->transport = (enum transport)(take_byte(supply) % 3);
    socket->state = (enum socket_state)(take_byte(supply) % (SOCKET_STATE_TIME_WAIT + 1));
    socket->owner = (enum socket_owner)(take_byte(supply) % (SOCKET_OWNER_UNKNOWN + 1));
    socket->local = take_address(supply);
    socket->remote = take_address(supply);
    socket->dual_stack = take_byte(supply) % 2 != 0;
    socket->uid = (int64_t)take_byte(supply) - 1;
    socket->expires_ms = take_byte(supply) * 1000u;
    socket->process_count = socket->owner == SOCKET_OWNER_SHOWN ? 1 + take_byte(supply) % 3u : 0;
    for (size_t p = 0; p < socket->process_count; p++) {
      struct port_process *process = &socket->processes[p];
      process->pid = 1 + take_byte(supply);
      process->uid = (int64_t)take_byte(supply) - 1;
      process->since = take_byte(supply);
      process->is_stopped = take_byte(supply) % 2 != 0;
      take_text(supply, process->command, sizeof(process->command));
      take_text(supply, process->command_line, sizeof(process->command_line));
      take_text(supply, process->user, sizeof(process->user));
    }
    take_text(supply, socket->user, sizeof(socket->user));
    take_text(supply, socket->path, sizeof(socket->path));
  }
}

static inline void check_explanation(const struct explanation *explanation, const struct port_report *report) {
  char text[EXPLAIN_TEXT_SIZE];
  FUZZ_CHECK(memchr(explanation->code, '\0', sizeof(explanation->code)) != NULL);
  FUZZ_CHECK(memchr(explanation->what_happened, '\0', sizeof(explanation->what_happened)) != NULL);
  FUZZ_CHECK(strlen(explanation->what_happened) > 0);
  FUZZ_CHECK(memchr(explanation->likely_cause, '\0', sizeof(explanation->likely_cause)) != NULL);
  FUZZ_CHECK(explanation->step_count <= EXPLAIN_STEPS_MAX);
  explain_format("lopong", explanation, text);
  FUZZ_CHECK(memchr(text, '\0', sizeof(text)) != NULL);
  for (const char *c = text; *c != '\0'; c++)
    FUZZ_CHECK(((unsigned char)*c >= 0x20 || *c == '\n') && *c != 0x7f);
  json_t *object = explain_to_json(explanation, report);
  FUZZ_CHECK(object != NULL);
  char *dumped = json_dumps(object, JSON_COMPACT);
  FUZZ_CHECK(dumped != NULL);
  free(dumped);
  json_decref(object);
}

#endif
