/* See expected_text.h. */
#include "client/ports/expected_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/ports/expected.h"
#include "client/ports/port_view.h"
#include "common/memory/memory.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "common/text/version.h"

/* Within what expected_load() takes as one line, end marks included. */
#define LINE_SIZE      480
#define HEADING_SIZE   320
#define ADDRESSES_SIZE 256

struct entry {
  const struct port_socket *socket;
  const char *process; /* "": not written */
};

/* Can this name stand in a line? A blank or # would end it, and a control character is no text. */
static bool is_writable(const char *name) {
  for (const unsigned char *byte = (const unsigned char *)name; *byte != '\0'; byte++)
    if (*byte <= ' ' || *byte == '#' || *byte == 0x7f) return false;
  return name[0] != '\0' && strlen(name) < EXPECTED_PROCESS_SIZE;
}

static const char *command_of(const struct port_socket *socket) {
  return socket->process_count > 0 ? socket->processes[0].command : "";
}

static int compare_entries(const void *one, const void *other) {
  const struct entry *first = one, *second = other;
  uint16_t first_port = address_port(&first->socket->local), second_port = address_port(&second->socket->local);
  if (first_port != second_port) return first_port < second_port ? -1 : 1;
  if (first->socket->transport != second->socket->transport)
    return first->socket->transport < second->socket->transport ? -1 : 1;
  int order = strcmp(first->process, second->process);
  return order != 0 ? order : port_socket_compare(first->socket, second->socket);
}

static bool are_one_line(const struct entry *one, const struct entry *other) {
  return address_port(&one->socket->local) == address_port(&other->socket->local) &&
         one->socket->transport == other->socket->transport && strcmp(one->process, other->process) == 0;
}

/* Appends to a text of `size` bytes; what does not fit is cut. */
__attribute__((format(__printf__, 3, 4))) static void add(char *text, size_t size, const char *format, ...) {
  size_t used = strlen(text);
  va_list values;
  va_start(values, format);
  vsnprintf(text + used, size - used, format, values);
  va_end(values);
}

static void write_line(const struct entry *entries, size_t count, char line[LINE_SIZE]) {
  char addresses[ADDRESSES_SIZE] = "", address[ADDRESS_TEXT_SIZE + 16], user[160], name[160] = "";
  const struct port_socket *socket = entries[0].socket;
  for (size_t i = 0; i < count; i++)
    add(addresses, sizeof addresses, "%s%s", i > 0 ? ", " : "",
        port_address_text(entries[i].socket, address, sizeof address));
  const char *command = command_of(socket);
  safe_text_copy(command, strlen(command), name, sizeof name);
  line[0] = '\0';
  add(line, LINE_SIZE, "%u/%s%s%s  # %s, user %s", address_port(&socket->local), transport_name(socket->transport),
      entries[0].process[0] != '\0' ? " " : "", entries[0].process, addresses,
      port_user_text(socket, user, sizeof user));
  if (entries[0].process[0] != '\0') return;
  if (command[0] != '\0')
    add(line, LINE_SIZE, "; its program is '%s', a name that no line can hold", name);
  else
    add(line, LINE_SIZE, "; by a program that was not to be seen");
}

static size_t gather(const struct port_row *rows, size_t count, struct entry *entries) {
  size_t kept = 0;
  for (size_t i = 0; i < count; i++) {
    if (port_reach_of(rows[i].socket) == PORT_REACH_NOBODY) continue;
    const char *command = command_of(rows[i].socket);
    entries[kept++] = (struct entry){rows[i].socket, is_writable(command) ? command : ""};
  }
  if (kept > 0) qsort(entries, kept, sizeof *entries, compare_entries);
  return kept;
}

char *expected_text_write(const struct port_row *rows, size_t count, int64_t now) {
  char utc[CLOCK_UTC_TEXT_SIZE];
  struct entry *entries = memory_take_zeroed(count + 1, sizeof *entries);
  char *text = memory_take(HEADING_SIZE + (count + 1) * LINE_SIZE);
  if (entries == NULL || text == NULL) {
    free(entries);
    free(text);
    return NULL;
  }
  size_t kept = gather(rows, count, entries);
  clock_utc_text(now, utc);
  int used = snprintf(text, HEADING_SIZE,
                      "# What listened at %s, by loping " LOPING_VERSION
                      ". What else listens later is found by: loping ports --expect FILE\n"
                      "# PORT[/tcp|/udp] [PROCESS] [# remark]\n",
                      utc);
  for (size_t i = 0, length; i < kept; i += length) {
    for (length = 1; i + length < kept && are_one_line(&entries[i], &entries[i + length]);)
      length++;
    char line[LINE_SIZE];
    write_line(&entries[i], length, line);
    used += sprintf(text + used, "%s\n", line);
  }
  free(entries);
  return text;
}
