/* Reads a list of documented ports and holds the machine's sockets against it. Must not know how they are shown. */
#include "client/ports/expected.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/ports/port_rows.h"
#include "client/sockets/port_list.h"
#include "common/memory/memory.h"
#include "common/text/safe_text.h"

#define LINE_BYTES     512
#define BLANKS         " \t\r"
#define SHOWN_SIZE     80
#define FIRST_CAPACITY 32

static void show(const char *text, size_t length, char out[SHOWN_SIZE]) {
  safe_text_copy(text, length, out, SHOWN_SIZE);
}

/* "62893", "62893/tcp" or "62893/udp" */
static bool read_port(const char *word, size_t length, struct expected_port *port, char *problem) {
  char number[8] = "", shown[SHOWN_SIZE];
  size_t digits = strspn(word, "0123456789");
  const char *rest = word + digits;
  size_t rest_length = length - digits;
  show(word, length, shown);
  if (digits > 0 && digits < sizeof number) memcpy(number, word, digits);
  if (address_parse_port(number, &port->port) != ADDRESS_OK || port->port == 0) {
    snprintf(problem, EXPECTED_PROBLEM_SIZE, "'%s' is not a port; give a number from 1 to 65535, such as 62893", shown);
    return false;
  }
  bool is_tcp = rest_length == 4 && strncmp(rest, "/tcp", 4) == 0;
  bool is_udp = rest_length == 4 && strncmp(rest, "/udp", 4) == 0;
  if (rest_length > 0 && !is_tcp && !is_udp) {
    snprintf(problem, EXPECTED_PROBLEM_SIZE, "'%s' has something else than /tcp or /udp behind the number", shown);
    return false;
  }
  port->allows_tcp = !is_udp;
  port->allows_udp = !is_tcp;
  return true;
}

enum expected_line expected_read_line(const char *line, struct expected_port *port, char *problem) {
  char shown[SHOWN_SIZE];
  size_t end = strcspn(line, "#");
  memset(port, 0, sizeof *port);
  const char *word = line + strspn(line, BLANKS);
  size_t length = strcspn(word, BLANKS "#");
  if (length == 0) return EXPECTED_LINE_EMPTY;
  if (!read_port(word, length, port, problem)) return EXPECTED_LINE_BAD;
  word += length;
  word += strspn(word, BLANKS);
  length = strcspn(word, BLANKS "#");
  if (length >= sizeof port->process) {
    show(word, length, shown);
    snprintf(problem, EXPECTED_PROBLEM_SIZE, "'%s...' is too long for the name of a process", shown);
    return EXPECTED_LINE_BAD;
  }
  memcpy(port->process, word, length);
  word += length;
  word += strspn(word, BLANKS);
  if (word >= line + end) return EXPECTED_LINE_PORT;
  show(word, strcspn(word, BLANKS "#"), shown);
  snprintf(problem, EXPECTED_PROBLEM_SIZE, "'%s' is a word too many after the process; a remark begins with #", shown);
  return EXPECTED_LINE_BAD;
}

static int keep(struct expected_list *list, const struct expected_port *port) {
  if (list->count == EXPECTED_LINES_MAX) return UV_E2BIG;
  if (list->count == list->capacity) {
    size_t capacity = list->capacity == 0 ? FIRST_CAPACITY : list->capacity * 2;
    struct expected_port *larger = memory_grow(list->ports, capacity * sizeof *larger);
    if (larger == NULL) return UV_ENOMEM;
    list->ports = larger;
    list->capacity = capacity;
  }
  list->ports[list->count++] = *port;
  return 0;
}

/* Cuts the newline off; what does not fit into the buffer is skipped, and the line counts as too long. */
static bool is_whole_line(char line[LINE_BYTES], FILE *file) {
  size_t length = strlen(line);
  if (length > 0 && line[length - 1] == '\n') {
    line[length - 1] = '\0';
    return true;
  }
  if (length + 1 < LINE_BYTES) return true;
  for (int byte = fgetc(file); byte != EOF && byte != '\n';)
    byte = fgetc(file);
  return false;
}

static int read_file(FILE *file, struct expected_list *list, expected_bad_line *on_bad, void *owner) {
  char line[LINE_BYTES], problem[EXPECTED_PROBLEM_SIZE];
  int code = 0;
  for (uint32_t number = 1; code == 0 && fgets(line, sizeof line, file) != NULL; number++) {
    struct expected_port port;
    if (!is_whole_line(line, file)) {
      snprintf(problem, sizeof problem, "it has more than %d bytes", LINE_BYTES - 2);
      on_bad(owner, number, problem);
      continue;
    }
    enum expected_line kind = expected_read_line(line, &port, problem);
    port.line = number;
    if (kind == EXPECTED_LINE_BAD) on_bad(owner, number, problem);
    if (kind == EXPECTED_LINE_PORT) code = keep(list, &port);
  }
  return code == 0 && ferror(file) ? UV_EIO : code;
}

int expected_load(const char *path, struct expected_list *list, expected_bad_line *on_bad, void *owner) {
  memset(list, 0, sizeof *list);
  FILE *file = fopen(path, "r");
  if (file == NULL) return uv_translate_sys_error(errno);
  int code = read_file(file, list, on_bad, owner);
  fclose(file);
  return code;
}

void expected_free(struct expected_list *list) {
  free(list->ports);
  memset(list, 0, sizeof *list);
}

static bool names_port(const struct expected_port *expected, const struct port_socket *socket) {
  bool allows = socket->transport == TRANSPORT_UDP ? expected->allows_udp : expected->allows_tcp;
  return allows && expected->port == address_port(&socket->local);
}

static enum expected_verdict judge_line(const struct expected_port *expected, const struct port_socket *socket) {
  if (expected->process[0] == '\0') return EXPECTED_YES;
  if (socket->process_count == 0) return EXPECTED_UNTOLD;
  for (size_t i = 0; i < socket->process_count; i++)
    if (port_process_is_called(&socket->processes[i], expected->process)) return EXPECTED_YES;
  return EXPECTED_OTHER_PROCESS;
}

enum expected_verdict expected_judge(const struct expected_list *list, const struct port_socket *socket,
                                     const struct expected_port **match) {
  enum expected_verdict best = EXPECTED_NO;
  *match = NULL;
  for (size_t i = 0; i < list->count; i++) {
    if (!names_port(&list->ports[i], socket)) continue;
    enum expected_verdict verdict = judge_line(&list->ports[i], socket);
    if (verdict != EXPECTED_YES && best != EXPECTED_NO) continue;
    best = verdict;
    *match = &list->ports[i];
    if (verdict == EXPECTED_YES) break;
  }
  return best;
}

bool expected_is_missing(const struct expected_list *list, const struct port_socket *socket) {
  const struct expected_port *match;
  if (port_reach_of(socket) == PORT_REACH_NOBODY) return false;
  enum expected_verdict verdict = expected_judge(list, socket, &match);
  return verdict == EXPECTED_NO || verdict == EXPECTED_OTHER_PROCESS;
}

bool expected_is_there(const struct expected_port *port, const struct port_list *sockets) {
  for (size_t i = 0; i < sockets->socket_count; i++) {
    const struct port_socket *socket = &sockets->sockets[i];
    if (port_reach_of(socket) == PORT_REACH_NOBODY || !names_port(port, socket)) continue;
    enum expected_verdict verdict = judge_line(port, socket);
    if (verdict == EXPECTED_YES || verdict == EXPECTED_UNTOLD) return true;
  }
  return false;
}
