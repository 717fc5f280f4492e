/*
 * Failures with any facts and any names in them, made into words and JSON. A process calls itself what it likes, and
 * its name must neither reach a terminal as a control nor break a result file.
 */
#include <stdbool.h>
#include <string.h>

#include "common/explain/explanation.h"
#include "tests/fuzz/fuzz.h"

FUZZ_SEEDS(FUZZ_SEED("\x01\x02\x03\x04\x05\x06\x07\x08python3\0/usr/bin/python3 -m http.server 62893\0alice\0/tmp/x"),
           FUZZ_SEED("\0\x01\0\x01\0\x01\0\x01\x1b[31mred\x1b[0m\0\xff\xfe\n\r\t\0gr\xc3\xbc\xc3\x9f"),
           FUZZ_SEED("\x09\x08\x07\x06\x05\x04\x03\x02\xe2\x80\xae"
                     "exe.txt\0\xf0\x9f\x90\x98"));

struct supply {
  const uint8_t *bytes;
  size_t length;
};

static uint8_t take_byte(struct supply *supply) {
  if (supply->length == 0) return 0;
  supply->length--;
  return *supply->bytes++;
}

/* The bytes up to the next '\0', or as many as fit. */
static void take_text(struct supply *supply, char *out, size_t out_bytes) {
  size_t used = 0;
  for (uint8_t byte = take_byte(supply); byte != 0; byte = take_byte(supply))
    if (used + 1 < out_bytes) out[used++] = (char)byte;
  out[used] = '\0';
}

static struct sockaddr_storage take_address(struct supply *supply) {
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

static void take_report(struct supply *supply, struct port_report *report) {
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

static void check_explanation(const struct explanation *explanation, const struct port_report *report) {
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

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t length) {
  static const int codes[] = {UV_EADDRINUSE, UV_EACCES,       UV_EADDRNOTAVAIL, UV_EMFILE,     UV_ENOENT,     UV_EPERM,
                              UV_EINVAL,     UV_ECONNREFUSED, UV_ETIMEDOUT,     UV_ECONNRESET, UV_EAI_NONAME, -9999};
  struct supply supply = {input, length};
  struct explanation explanation;
  /* Static, because it is large; every input fills it anew. */
  static struct port_report report;
  struct bind_failure bind = {.own_user_id = 0};
  struct client_failure client = {.own_user_id = 1000};

  int code = codes[take_byte(&supply) % (sizeof(codes) / sizeof(codes[0]))];
  struct endpoint endpoint = {.transport = (enum transport)(take_byte(&supply) % 3)};
  endpoint.address = take_address(&supply);
  /* An endpoint that was asked for always has an address. */
  if (endpoint.address.ss_family == 0) uv_ip4_addr("127.0.0.1", 1, (struct sockaddr_in *)&endpoint.address);
  bind.code = client.code = code;
  bind.wanted_dual_stack = take_byte(&supply) % 2 != 0;
  bind.ipv6_off = client.ipv6_off = (enum machine_answer)(take_byte(&supply) % 3);
  bind.confined = (enum machine_answer)(take_byte(&supply) % 3);
  bind.path_state = (enum unix_path_state)(take_byte(&supply) % (UNIX_PATH_FORBIDDEN + 1));
  bind.free_port = take_byte(&supply);
  bind.descriptor_limit = take_byte(&supply);
  client.step = (enum client_step)(take_byte(&supply) % (CLIENT_STEP_MEASURE + 1));
  client.finding = (enum client_finding)(take_byte(&supply) % (CLIENT_FINDING_HUNG_UP + 1));
  client.measured = take_byte(&supply);
  take_report(&supply, &report);
  take_text(&supply, endpoint.path, sizeof(endpoint.path));
  take_text(&supply, client.host, sizeof(client.host));
  take_text(&supply, client.first_bytes, sizeof(client.first_bytes));
  client.first_bytes_length = strlen(client.first_bytes);
  bind.wanted = client.target = endpoint;
  bind.sockets = client.sockets = report.known ? &report : NULL;
  explain_bind_failure(&bind, &explanation);
  check_explanation(&explanation, bind.sockets);
  explain_client_failure(&client, &explanation);
  check_explanation(&explanation, client.sockets);
  return 0;
}
