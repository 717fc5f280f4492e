/*
 * `loping explain WORD`: finds what the word means, gathers what this machine knows of it now, and prints the sentences
 * (client/explain/about.h). Only names of this machine itself are looked up.
 */
#include "client/explain/command_explain.h"

#include <stdio.h>
#include <string.h>
#include <uv.h>

#include "client/explain/about.h"
#include "client/explain/subject.h"
#include "client/failure/client_failure.h"
#include "common/net/own_addresses.h"
#include "common/options/options.h"
#include "common/text/clock.h"
#include "common/text/safe_text.h"
#include "common/text/wrap.h"

#define WORD_SIZE      256
#define SHOWN_SIZE     80
#define RESERVED_SIZE  1024
#define ADDRESSES_SIZE 2048
#define LIST_COLUMNS   100
#define LIST_INDENT    2

struct explain_settings {
  struct common_settings common;
};

static const struct option_row table[] = {
    COMMAND_HELP_ROW(explain_settings),
    COMMAND_VERSION_ROW(explain_settings),
};

#define TABLE_ROWS (sizeof table / sizeof table[0])

/* What this machine knows, and the texts that struct about_machine points to. */
struct gathered {
  struct about_machine machine;
  struct own_addresses own;
  char reserved[RESERVED_SIZE];
  char addresses[ADDRESSES_SIZE];
};

static void list_addresses(struct gathered *gathered) {
  size_t used = 0;
  for (size_t i = 0; i < gathered->own.count && used + ADDRESS_TEXT_SIZE * 2 < ADDRESSES_SIZE; i++) {
    char host[ADDRESS_TEXT_SIZE];
    const struct own_address *row = &gathered->own.rows[i];
    used += (size_t)snprintf(gathered->addresses + used, ADDRESSES_SIZE - used, "%s%s (%s)", i > 0 ? ", " : "",
                             address_format_host(&row->address, host), row->interface_name);
  }
}

static void gather(struct gathered *gathered) {
  struct about_machine *machine = &gathered->machine;
  memset(gathered, 0, sizeof *gathered);
  machine_port_settings(&machine->ports);
  machine->has_reserved = machine_reserved_ports(gathered->reserved, sizeof gathered->reserved);
  machine->reserved = gathered->reserved;
  machine->descriptor_limit = machine_descriptor_limit();
  machine->queue_limit = machine_queue_limit();
  machine->ipv6_off = machine_ipv6_off();
  machine->now = clock_calendar_seconds();
  machine->own_user_id = machine_user_id();
  own_addresses_gather(&gathered->own);
  list_addresses(gathered);
  machine->addresses = gathered->addresses;
}

static void print(const char *title, const struct explanation *explanation) {
  char text[EXPLAIN_TEXT_SIZE];
  explain_format(title, explanation, text);
  fputs(text, stdout);
}

static void print_port(const struct subject *subject, const struct gathered *gathered) {
  struct explanation explanation;
  struct port_report *reports[2] = {NULL, NULL};
  struct about_port about = {.port = subject->port, .is_bare_number = subject->is_bare_number};
  char title[32];
  for (int transport = TRANSPORT_TCP; transport <= TRANSPORT_UDP && subject->port != 0; transport++) {
    about.has_name[transport] = machine_service_name(subject->port, (enum transport)transport, about.names[transport]);
    /* Without the look-up the explanation is only poorer. */
    (void)port_owner_find((enum transport)transport, subject->port, NULL, &reports[transport]);
    about.sockets[transport] = reports[transport];
  }
  explain_about_port(&about, &gathered->machine, &explanation);
  snprintf(title, sizeof title, "port %u", subject->port);
  print(title, &explanation);
  port_report_free(reports[0]);
  port_report_free(reports[1]);
}

static void print_address(const struct subject *subject, const struct gathered *gathered) {
  struct explanation explanation;
  char title[ADDRESS_TEXT_SIZE];
  const struct own_address *own = own_addresses_find(&gathered->own, &subject->address);
  struct about_address about = {.address = subject->address,
                                .interface_name = own != NULL ? own->interface_name : NULL,
                                .interfaces_known = gathered->own.known};
  explain_about_address(&about, &gathered->machine, &explanation);
  print(address_format_host(&subject->address, title), &explanation);
}

static void print_word(const struct subject *subject, const struct gathered *gathered) {
  struct explanation explanation;
  explain_about_word(subject->word, subject->word_kind, &gathered->machine, &explanation);
  print(subject->word->name, &explanation);
}

static void print_code(const struct subject *subject) {
  struct explanation explanation;
  explain_about_code(subject->code, &explanation);
  print(explanation.code, &explanation);
}

static void print_network(const char *word, const struct subject *subject) {
  struct explanation explanation;
  explain_about_network(&subject->network, &explanation);
  print(word, &explanation);
}

/* localhost and this machine's own name: other names are not looked up, since that would ask the network. */
static bool is_own_name(const char *word) {
  static const char *const names[] = {"localhost", "ip6-localhost", "ip6-loopback", "localhost.localdomain"};
  char own[UV_MAXHOSTNAMESIZE];
  size_t length = sizeof own;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(word, names[i]) == 0) return true;
  return uv_os_gethostname(own, &length) == 0 && strcmp(word, own) == 0;
}

static int print_host(const char *word) {
  struct explanation explanation;
  struct sockaddr_storage addresses[ADDRESS_RESOLVED_MAX];
  size_t count = 0;
  int code = address_resolve(word, 0, addresses, &count);
  if (code != 0) {
    struct client_failure failure = {.code = code, .step = CLIENT_STEP_RESOLVE};
    snprintf(failure.host, sizeof failure.host, "%s", word);
    explain_client_failure(&failure, NULL, &explanation);
    char text[EXPLAIN_TEXT_SIZE];
    explain_format("loping", &explanation, text);
    fputs(text, stderr);
    return EXIT_NOT_DONE;
  }
  explain_about_host(word, addresses, count, &explanation);
  print(word, &explanation);
  return EXIT_FINE;
}

static int refuse_unknown(const struct command *command, const char *word) {
  char problem[OPTIONS_PROBLEM_SIZE], shown[SHOWN_SIZE];
  const char *names[EXPLAIN_WORD_NEAREST];
  size_t count = explain_word_nearest(word, names);
  safe_text_copy(word, strlen(word), shown, sizeof shown);
  int used = snprintf(problem, sizeof problem, "'%s' is no word that loping explains%s", shown,
                      count > 0 ? "; the nearest are" : "; 'loping explain' without a word lists them all");
  if (count == 1)
    used = snprintf(problem, sizeof problem, "'%s' is no word that loping explains; the nearest is", shown);
  for (size_t i = 0; i < count; i++)
    used += snprintf(problem + used, sizeof problem - (size_t)used, "%s %s", i > 0 ? "," : "", names[i]);
  return command_refuse(command, problem);
}

static int explain(const struct command *command, const char *word) {
  struct gathered gathered;
  struct subject subject;
  char problem[OPTIONS_PROBLEM_SIZE], shown[SHOWN_SIZE];
  subject_read(word, &subject);
  if (subject.kind == SUBJECT_NONE) return is_own_name(word) ? print_host(word) : refuse_unknown(command, word);
  if (subject.kind == SUBJECT_NOT_A_PORT) {
    safe_text_copy(word, strlen(word), shown, sizeof shown);
    snprintf(problem, sizeof problem, "'%s' is no port: the highest is 65535, the largest number of 16 bits", shown);
    return command_refuse(command, problem);
  }
  gather(&gathered);
  if (subject.kind == SUBJECT_WORD) print_word(&subject, &gathered);
  if (subject.kind == SUBJECT_CODE) print_code(&subject);
  if (subject.kind == SUBJECT_NETWORK) print_network(word, &subject);
  if (subject.kind == SUBJECT_ADDRESS || subject.kind == SUBJECT_PLACE) print_address(&subject, &gathered);
  if (subject.kind == SUBJECT_PORT || subject.kind == SUBJECT_PLACE) print_port(&subject, &gathered);
  return EXIT_FINE;
}

static void put(void *owner, const char *bytes, size_t length) {
  fwrite(bytes, 1, length, owner);
}

static void list_words(void) {
  printf(
      "loping explain WORD: an error code (ECONNREFUSED, errno 111), a port (62893), an address (127.0.0.1, ::,\n"
      "127.0.0.0/8, localhost), or one of these words:\n");
  for (int kind = 0; kind < EXPLAIN_WORD_KINDS; kind++) {
    const struct explain_word_table *words = explain_word_table((enum explain_word_kind)kind);
    struct wrap wrap = {.columns = LIST_COLUMNS, .indent = LIST_INDENT, .put = put, .owner = stdout};
    printf("\n%s:", words->title);
    wrap_write(&wrap, "\n");
    for (size_t i = 0; i < words->count; i++)
      wrap_write(&wrap, words->words[i].name);
    printf("\n");
  }
}

static const struct command_help help = {
    .arguments = "[WORD]",
    .before =
        "WORD is an error's name or number (ECONNREFUSED, 'errno 111', -111), a port (62893), an address\n"
        "(127.0.0.1, 0.0.0.0, ::1, 127.0.0.0/8, localhost, 127.0.0.1:62893), a verdict of loping check\n"
        "(blocked), or a word of the reports (p99). A number alone is a port. Without WORD, all words are\n"
        "listed.\n",
    .after = "exit status: 0 explained, 2 no such word or wrong usage, 3 a name could not be looked up.\n",
    .rows = table,
    .row_count = TABLE_ROWS,
};

/* "errno 111" may be typed as two words. False when it is too long. */
static bool join_words(int count, char *const *words, char joined[WORD_SIZE]) {
  size_t used = 0;
  joined[0] = '\0';
  for (int i = 0; i < count; i++) {
    int length = snprintf(joined + used, WORD_SIZE - used, "%s%s", i > 0 ? " " : "", words[i]);
    if (length < 0 || (size_t)length >= WORD_SIZE - used) return false;
    used += (size_t)length;
  }
  return true;
}

/* A negative number would be taken for options. */
static bool is_negative_number(const char *text) {
  return text[0] == '-' && text[1] != '\0' && strspn(text + 1, "0123456789") == strlen(text + 1);
}

int command_explain(const struct invocation *invocation) {
  struct explain_settings settings = {.common = {.wants_help = false}};
  struct options_parsed parsed;
  char word[WORD_SIZE];
  if (invocation->argc == 2 && is_negative_number(invocation->argv[1]))
    return explain(invocation->command, invocation->argv[1]);
  if (!options_parse(table, TABLE_ROWS, invocation->argc, invocation->argv, &settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &settings.common, &help)) return EXIT_FINE;
  if (parsed.positional_count == 0) {
    list_words();
    return EXIT_FINE;
  }
  if (!join_words(parsed.positional_count, parsed.positionals, word))
    return command_refuse(invocation->command, "the word is longer than any that loping explains");
  return explain(invocation->command, word);
}
