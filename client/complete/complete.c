/*
 * What the shells complete, from the table of commands; and, for the script's own question, the ports in use and the
 * words that are explained. A question is silent on failure: its answer goes into somebody's command line.
 */
#include "client/complete/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/explain/glossary.h"
#include "client/lab/labs.h"
#include "client/sockets/port_list.h"
#include "common/memory/memory.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"

static int print_script(const struct command_table *table, const char *shell) {
  struct command_help *helps = memory_take_zeroed(table->count, sizeof *helps);
  struct completion_command *rows = memory_take_zeroed(table->count, sizeof *rows);
  bool has_room = helps != NULL && rows != NULL;
  for (size_t i = 0; has_room && i < table->count; i++) {
    const struct command *command = &table->rows[i];
    command->describe(command, &helps[i]);
    rows[i] =
        (struct completion_command){command->name, command->summary, helps[i].rows, helps[i].row_count, helps[i].takes};
  }
  const struct completion completion = {"loping", rows, table->count};
  if (has_room)
    completion_write(&completion, shell, layout_put_stream, stdout);
  else
    command_complain("out of memory before anything was printed");
  free(helps);
  free(rows);
  return has_room ? EXIT_FINE : EXIT_NOT_DONE;
}

static void print_port(uint16_t port, const struct port_socket *socket) {
  char name[4 * sizeof socket->processes[0].command] = "in use";
  if (socket->process_count > 0)
    safe_text_copy(socket->processes[0].command, strlen(socket->processes[0].command), name, sizeof name);
  printf("%u\t%s\n", port, name);
}

/* Those that somebody listens on, each once: with the first program where there are several. */
static void print_ports(void) {
  bool *is_printed = memory_take_zeroed(UINT16_MAX + 1, sizeof *is_printed);
  struct port_list list;
  if (is_printed == NULL) return;
  (void)port_list_gather(&list);
  for (size_t i = 0; i < list.socket_count; i++) {
    const struct port_socket *socket = &list.sockets[i];
    uint16_t port = address_port(&socket->local);
    bool listens = socket->transport == TRANSPORT_TCP && socket->state == SOCKET_STATE_LISTEN;
    if (!listens || is_printed[port]) continue;
    is_printed[port] = true;
    print_port(port, socket);
  }
  port_list_free(&list);
  free(is_printed);
}

static void print_words(void) {
  for (int kind = 0; kind < EXPLAIN_WORD_KINDS; kind++) {
    const struct explain_word_table *words = explain_word_table((enum explain_word_kind)kind);
    for (size_t i = 0; i < words->count; i++)
      printf("%s\t%s\n", words->words[i].name, words->title);
  }
}

static void print_labs(void) {
  for (size_t i = 0; i < lab_count; i++)
    printf("%s\t%s\n", lab_rows[i].name, lab_rows[i].title);
}

int complete_print(const struct command_table *commands, const char *what) {
  if (strcmp(what, "ports") == 0)
    print_ports();
  else if (strcmp(what, "words") == 0)
    print_words();
  else if (strcmp(what, "labs") == 0)
    print_labs();
  else
    return print_script(commands, what);
  return EXIT_FINE;
}
