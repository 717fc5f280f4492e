/* See ports_junit.h. */
#include "client/ports/ports_junit.h"

#include <stdio.h>
#include <stdlib.h>

#include "client/publish/junit.h"
#include "common/memory/memory.h"
#include "common/net/address.h"

#define NAME_SIZE 256

/* "127.0.0.1:62893 (tcp), lopong". */
static void name_row(const struct port_row *row, char out[NAME_SIZE]) {
  char address[ADDRESS_TEXT_SIZE];
  const struct port_socket *socket = row->socket;
  const struct endpoint endpoint = {.transport = socket->transport, .address = socket->local};
  endpoint_format(&endpoint, address);
  snprintf(out, NAME_SIZE, "%s (%s), %s", address, transport_name(socket->transport),
           socket->process_count > 0 ? socket->processes[0].command : "holder not known");
}

char *ports_junit_make(const struct port_row *rows, size_t count) {
  struct junit_case *cases = memory_take_zeroed(count + 1, sizeof *cases);
  char(*names)[NAME_SIZE] = memory_take_zeroed(count + 1, sizeof *names);
  char *document = NULL;
  if (cases != NULL && names != NULL) {
    for (size_t i = 0; i < count; i++) {
      name_row(&rows[i], names[i]);
      cases[i] =
          (struct junit_case){names[i], rows[i].is_unexpected ? "it listens, and --expect does not name it" : NULL};
    }
    document = junit_make("loping ports", cases, count);
  }
  free(cases);
  free(names);
  return document;
}
