/*
 * `loping explain WORD`: finds what the word means, gathers what this machine knows of it now, and prints the sentences
 * (client/explain/about.h). Only names of this machine itself are looked up.
 */
#include "client/explain/command_explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "client/explain/about.h"
#include "client/explain/differences.h"
#include "client/explain/gathered.h"
#include "client/explain/pasted.h"
#include "client/explain/subject.h"
#include "client/explain/telling.h"
#include "client/failure/client_failure.h"
#include "client/failure/diagnosis.h"
#include "client/frame/named_files.h"
#include "client/target/target.h"
#include "common/memory/memory.h"
#include "common/options/options.h"
#include "common/text/layout.h"
#include "common/text/safe_text.h"
#include "common/text/wrap.h"

#define WORD_SIZE   4096
#define SHOWN_SIZE  80
#define LIST_INDENT 2
/* Of a longer text the end is read: a log's last lines tell why. */
#define PASTED_SIZE 65536

struct explain_settings {
  struct common_settings common;
  const char *json_path;
};

static const struct option_row table[] = {
    {"json", 'j', OPTION_PATH, offsetof(struct explain_settings, json_path), "FILE", 0, 0, NULL,
     OPTION_BRIEF("write it as JSON; '-' is stdout") ", and then nothing else goes there"},
    COMMAND_HELP_ROW(explain_settings),
    COMMAND_HELP_ALL_ROW(explain_settings),
    COMMAND_VERSION_ROW(explain_settings),
};

#define TABLE_ROWS (sizeof table / sizeof table[0])

static void print_port(struct telling *telling, const struct subject *subject, const struct gathered *gathered) {
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
  telling_add(telling, title, &explanation, NULL);
  port_report_free(reports[0]);
  port_report_free(reports[1]);
}

static void print_address(struct telling *telling, const struct subject *subject, const struct gathered *gathered) {
  struct explanation explanation;
  char title[ADDRESS_TEXT_SIZE];
  const struct own_address *own = own_addresses_find(&gathered->own, &subject->address);
  struct about_address about = {.address = subject->address,
                                .interface_name = own != NULL ? own->interface_name : NULL,
                                .interfaces_known = gathered->own.known};
  explain_about_address(&about, &gathered->machine, &explanation);
  telling_add(telling, address_format_host(&subject->address, title), &explanation, NULL);
}

/* What is asked of an address of loopback with a port. */
static void print_place(struct telling *telling, const struct subject *subject, const struct gathered *gathered) {
  struct explanation explanation;
  struct port_report *report = NULL;
  struct about_place about = {.address = subject->address};
  char title[ADDRESS_TEXT_SIZE];
  if (!address_is_loopback(&subject->address) || subject->port == 0) return;
  (void)port_owner_find(TRANSPORT_TCP, subject->port, &subject->address, &report);
  about.sockets = report;
  explain_about_place(&about, &gathered->machine, &explanation);
  telling_add(telling, address_format(&subject->address, title), &explanation, report);
  port_report_free(report);
}

static void print_word(struct telling *telling, const struct subject *subject, const struct gathered *gathered) {
  struct explanation explanation;
  explain_about_word(subject->word, subject->word_kind, &gathered->machine, &explanation);
  telling_add(telling, subject->word->name, &explanation, NULL);
}

static void print_code(struct telling *telling, const struct subject *subject) {
  struct explanation explanation;
  explain_about_code(subject->code, &explanation);
  telling_add(telling, explanation.code, &explanation, NULL);
}

static void print_network(struct telling *telling, const char *word, const struct subject *subject) {
  struct explanation explanation;
  explain_about_network(&subject->network, &explanation);
  telling_add(telling, word, &explanation, NULL);
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

static int print_host(struct telling *telling, const char *word) {
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
    layout_write(stderr, text);
    return EXIT_NOT_DONE;
  }
  explain_about_host(word, addresses, count, &explanation);
  telling_add(telling, word, &explanation, NULL);
  return EXIT_FINE;
}

/* The code of an error's name. */
static int code_of(const char *error) {
  struct subject subject;
  if (strcmp(error, "EOF") == 0) return UV_EOF;
  subject_read(error, &subject);
  return subject.kind == SUBJECT_WORD ? subject.word->code : subject.code;
}

/* Where somebody wanted to connect. False: it is a name that only the network knows, and is not looked up. */
static bool find_place(const struct pasted *pasted, struct sockaddr_storage *address) {
  struct sockaddr_storage all[ADDRESS_RESOLVED_MAX];
  const char *host = pasted->host[0] != '\0' ? pasted->host : ADDRESS_DEFAULT_HOST;
  size_t count = 0;
  if (address_read_numeric(host, pasted->port, address)) return true;
  if (!is_own_name(host) || address_resolve(host, pasted->port, all, &count) != 0 || count == 0) return false;
  *address = all[0];
  return true;
}

static void print_connect(struct telling *telling, const struct pasted *pasted, int code,
                          struct client_failure *failure) {
  struct explanation explanation;
  struct port_report *sockets = NULL;
  failure->code = code;
  failure->step = code == UV_EAI_NONAME || code == UV_EAI_AGAIN ? CLIENT_STEP_RESOLVE : CLIENT_STEP_CONNECT;
  failure->target.transport = pasted->is_udp ? TRANSPORT_UDP : TRANSPORT_TCP;
  if (code == UV_EOF || code == UV_ECONNRESET || code == UV_EPIPE) failure->finding = CLIENT_FINDING_HUNG_UP;
  snprintf(failure->host, sizeof failure->host, "%s", pasted->host);
  diagnosis_explain(failure, &explanation, &sockets);
  telling_add(telling, "loping", &explanation, sockets);
  port_report_free(sockets);
}

static void print_taken(struct telling *telling, const struct pasted *pasted, int code,
                        const struct gathered *gathered) {
  struct explanation explanation;
  struct port_report *report = NULL;
  struct about_taken about = {.code = code, .host = pasted->host, .port = pasted->port};
  about.transport = pasted->is_udp ? TRANSPORT_UDP : TRANSPORT_TCP;
  (void)port_owner_find(about.transport, about.port, NULL, &report);
  about.sockets = report;
  explain_about_taken(&about, &gathered->machine, &explanation);
  telling_add(telling, "loping", &explanation, report);
  port_report_free(report);
}

static void print_error(struct telling *telling, const char *error, const struct gathered *gathered) {
  struct subject subject;
  subject_read(error, &subject);
  if (subject.kind == SUBJECT_WORD) print_word(telling, &subject, gathered);
  if (subject.kind == SUBJECT_CODE) print_code(telling, &subject);
}

/* A name that only the network knows. */
static void note_foreign(struct telling *telling, const struct pasted *pasted) {
  char host[4 * ADDRESS_HOST_SIZE], note[sizeof host + 128];
  safe_text_copy(pasted->host, strlen(pasted->host), host, sizeof host);
  snprintf(note, sizeof note,
           "%s is no name of this machine, and loping asks no network for it. On that machine: loping check %u", host,
           pasted->port);
  telling_add_note(telling, note);
}

/* What the text tells, and what this machine says to it now. */
static void print_pasted(struct telling *telling, const struct pasted *pasted, const struct gathered *gathered) {
  char source[4 * PASTED_SOURCE_SIZE];
  struct subject place = {.kind = SUBJECT_PORT, .port = pasted->port};
  struct client_failure failure = {.timeout_ns = 0};
  int code = pasted->error != NULL ? code_of(pasted->error) : 0;
  safe_text_copy(pasted->source, strlen(pasted->source), source, sizeof source);
  telling_add_source(telling, source);
  bool is_own_lack = code == UV_EMFILE || code == UV_ENFILE;
  if (pasted->port == 0 || is_own_lack) {
    print_error(telling, pasted->error, gathered);
    if (pasted->port == 0)
      telling_add_note(telling, "The text names no port. With one, loping says what is there: loping check PORT");
  } else if (pasted->error == NULL) {
    print_port(telling, &place, gathered);
  } else if (code == UV_EADDRINUSE && pasted->wish == PASTED_WISH_LISTEN) {
    print_taken(telling, pasted, code, gathered);
  } else if (pasted->wish == PASTED_WISH_LISTEN) {
    print_error(telling, pasted->error, gathered);
    print_port(telling, &place, gathered);
  } else if (find_place(pasted, &failure.target.address)) {
    print_connect(telling, pasted, code, &failure);
  } else {
    print_error(telling, pasted->error, gathered);
    note_foreign(telling, pasted);
  }
}

/* False: the text says nothing that is known. */
static bool explain_text(struct telling *telling, const char *text) {
  struct gathered gathered;
  struct pasted pasted;
  if (!pasted_read(text, &pasted)) return false;
  gather(&gathered, 0);
  print_pasted(telling, &pasted, &gathered);
  return true;
}

/* Reads stdin to its end and keeps what is last. */
static int explain_stdin(struct telling *telling, const struct command *command) {
  static const char nothing[] = "stdin has no error and no address that loping knows; paste the line that has them";
  char *text = memory_take(2 * PASTED_SIZE);
  size_t used = 0;
  if (text == NULL) {
    command_complain("out of memory before anything was read");
    return EXIT_NOT_DONE;
  }
  for (size_t got; (got = fread(text + used, 1, 2 * PASTED_SIZE - 1 - used, stdin)) > 0;) {
    used += got;
    if (used <= PASTED_SIZE) continue;
    memmove(text, text + used - PASTED_SIZE, PASTED_SIZE);
    used = PASTED_SIZE;
  }
  if (ferror(stdin)) {
    command_complain("stdin cannot be read: %s; pipe the lines into it", strerror(errno));
    free(text);
    return EXIT_NOT_DONE;
  }
  for (size_t i = 0; i < used; i++)
    if (text[i] == '\0') text[i] = ' ';
  text[used] = '\0';
  bool is_known = explain_text(telling, text);
  free(text);
  return is_known ? EXIT_FINE : command_refuse(command, nothing);
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

/* What is no word of ours, and plainly no subject either. */
static int refuse_subject(const struct command *command, const char *word, const struct subject *subject) {
  char problem[OPTIONS_PROBLEM_SIZE], shown[SHOWN_SIZE], meant[TARGET_PROBLEM_SIZE];
  safe_text_copy(word, strlen(word), shown, sizeof shown);
  if (subject->kind == SUBJECT_NEEDS_BRACKETS)
    snprintf(problem, sizeof problem, "'%s' %s?", shown, target_problem(TARGET_NEEDS_BRACKETS, word, meant));
  else
    snprintf(problem, sizeof problem, "'%s' is no port: the highest is 65535, the largest number of 16 bits", shown);
  return command_refuse(command, problem);
}

static int explain(struct telling *telling, const struct command *command, const char *word) {
  struct gathered gathered;
  struct subject subject;
  subject_read(word, &subject);
  if (subject.kind == SUBJECT_NONE && is_own_name(word)) return print_host(telling, word);
  if (subject.kind == SUBJECT_NONE) return explain_text(telling, word) ? EXIT_FINE : refuse_unknown(command, word);
  if (subject.kind == SUBJECT_NOT_A_PORT || subject.kind == SUBJECT_NEEDS_BRACKETS)
    return refuse_subject(command, word, &subject);
  gather(&gathered, subject.kind == SUBJECT_WORD ? subject.word->facts : 0);
  if (subject.kind == SUBJECT_WORD) print_word(telling, &subject, &gathered);
  if (subject.kind == SUBJECT_CODE) print_code(telling, &subject);
  if (subject.kind == SUBJECT_NETWORK) print_network(telling, word, &subject);
  if (subject.kind == SUBJECT_PLACE) print_place(telling, &subject, &gathered);
  if (subject.kind == SUBJECT_ADDRESS || subject.kind == SUBJECT_PLACE) print_address(telling, &subject, &gathered);
  if (subject.kind == SUBJECT_PORT || subject.kind == SUBJECT_PLACE) print_port(telling, &subject, &gathered);
  return EXIT_FINE;
}

static void list_words(void) {
  layout_write(
      stdout,
      "loping explain WORD: an error code (ECONNREFUSED, errno 111), a port (62893), an address (127.0.0.1, ::, 127.0.0.0/8, localhost), or one of these words:\n");
  for (int kind = 0; kind < EXPLAIN_WORD_KINDS; kind++) {
    const struct explain_word_table *words = explain_word_table((enum explain_word_kind)kind);
    struct wrap wrap = {
        .columns = layout_columns(stdout), .indent = LIST_INDENT, .put = layout_put_stream, .owner = stdout};
    printf("\n%s:", words->title);
    wrap_write(&wrap, "\n");
    for (size_t i = 0; i < words->count; i++)
      wrap_write(&wrap, words->words[i].name);
    printf("\n");
  }
}

void command_explain_describe(const struct command *command, struct command_help *help) {
  (void)command;
  help->arguments = "[WORD [WORD]|-]";
  help->takes = COMPLETION_TERMS;
  help->before =
      "WORD is an error's name or number (ECONNREFUSED, 'errno 111', -111), a port (62893), an address (127.0.0.1, "
      "0.0.0.0, ::1, 127.0.0.0/8, localhost, 127.0.0.1:62893), a verdict of loping check (blocked), or a word of "
      "the reports (p99). A number alone is a port. It may also be a line with an error or a URL; then loping looks "
      "at the port that it names. Two of these are put side by side: 127.0.0.1 0.0.0.0. - reads such lines from stdin: npm run dev 2>&1 | loping explain -. Without WORD, "
      "all words are listed.\n";
  help->before_brief =
      "WORD: an error's name or number, a port, an address, a verdict, a word of a report, or a pasted line that has "
      "an error; two words side by side. - reads lines from stdin; without WORD all words are listed.\n";
  help->after = "exit status: 0 explained, 2 no such word or wrong usage, 3 a name could not be looked up.\n";
  help->rows = table;
  help->row_count = TABLE_ROWS;
}

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

/* Is it a subject of its own, and no part of a sentence? */
static bool is_subject(const char *word) {
  struct subject subject;
  subject_read(word, &subject);
  return subject.kind != SUBJECT_NONE || is_own_name(word);
}

/* Two subjects, and not one that is written as two words, such as "errno 111". */
static bool is_pair(int count, char *const *words, const char *joined) {
  struct subject whole;
  if (count != 2) return false;
  subject_read(joined, &whole);
  return whole.kind == SUBJECT_NONE && is_subject(words[0]) && is_subject(words[1]);
}

/* As the table of differences names it. */
static const char *name_of(const char *word, char out[ADDRESS_TEXT_SIZE]) {
  struct subject subject;
  subject_read(word, &subject);
  if (subject.kind == SUBJECT_WORD) return subject.word->name;
  if (subject.kind == SUBJECT_ADDRESS) return address_format_host(&subject.address, out);
  return word;
}

static int explain_pair(struct telling *telling, const struct command *command, char *const *words) {
  char names[2][ADDRESS_TEXT_SIZE];
  int status = EXIT_FINE;
  telling_begin_pair(telling, difference_of(name_of(words[0], names[0]), name_of(words[1], names[1])));
  for (int i = 0; i < 2 && status == EXIT_FINE; i++) {
    telling_take_side(telling, i);
    status = explain(telling, command, words[i]);
  }
  return status;
}

static int tell_word(const struct invocation *invocation, const struct explain_settings *settings, const char *word,
                     char *const *pair) {
  struct telling telling;
  char problem[OPTIONS_PROBLEM_SIZE];
  const struct named_file file = {.option = "--json", .path = settings->json_path};
  if (!named_files_are_apart(&file, 1, problem)) return command_refuse(invocation->command, problem);
  if (!telling_begin(&telling, settings->json_path, word)) return EXIT_NOT_DONE;
  int status;
  if (pair != NULL)
    status = explain_pair(&telling, invocation->command, pair);
  else if (strcmp(word, "-") == 0)
    status = explain_stdin(&telling, invocation->command);
  else
    status = explain(&telling, invocation->command, word);
  return telling_end(&telling, status);
}

int command_explain(const struct invocation *invocation) {
  struct explain_settings settings = {.common = {.wants_help = false}};
  struct options_parsed parsed;
  char word[WORD_SIZE];
  if (invocation->argc == 2 && is_negative_number(invocation->argv[1]))
    return tell_word(invocation, &settings, invocation->argv[1], NULL);
  if (!options_parse(table, TABLE_ROWS, invocation->argc, invocation->argv, &settings, &parsed))
    return command_refuse(invocation->command, parsed.problem);
  if (command_answers(invocation, &settings.common)) return EXIT_FINE;
  if (parsed.positional_count == 0 && settings.json_path != NULL)
    return command_refuse(invocation->command, "--json: there is no word to explain; name one, or leave --json out");
  if (parsed.positional_count == 0) {
    list_words();
    return EXIT_FINE;
  }
  if (!join_words(parsed.positional_count, parsed.positionals, word))
    return command_refuse(invocation->command,
                          "the text is longer than loping reads from a command line; pipe it to loping explain -");
  char *const *words = parsed.positionals;
  return tell_word(invocation, &settings, word, is_pair(parsed.positional_count, words, word) ? words : NULL);
}
