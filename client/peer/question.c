/*
 * Two tables, programs and ports. A program's name outweighs the port: an interpreter on 5432 is no PostgreSQL. Pure.
 *
 * Whom nothing names is asked nothing, but for two kinds: programs that an interpreter runs, and those whose name or
 * port speaks of the web. They get a request for a page's head, which a web server answers with one line in its log and
 * an echo server returns.
 */
#include "client/peer/question.h"

#include <ctype.h>
#include <string.h>

#define NAME_BYTES 64
/* ADDRESS_DEFAULT_PORT, whose header is not pure. */
#define LOPONG_PORT 62893

enum kind { KIND_ASKED, KIND_WEB, KIND_INTERPRETER, KIND_SPEAKS, KIND_BY_PORT };

/* A name that ends in '*' stands for all that begin so. */
static const struct {
  const char *name;
  enum kind kind;
  enum question question;
} programs[] = {
    {"lopong", KIND_ASKED, QUESTION_HELLO},
    {"postgres", KIND_ASKED, QUESTION_POSTGRESQL},
    {"pgbouncer", KIND_ASKED, QUESTION_POSTGRESQL},
    {"redis-*", KIND_ASKED, QUESTION_REDIS},
    {"valkey-*", KIND_ASKED, QUESTION_REDIS},
    {"keydb-server", KIND_ASKED, QUESTION_REDIS},
    {"memcached", KIND_ASKED, QUESTION_MEMCACHED},
    {"dnsmasq", KIND_ASKED, QUESTION_DNS},
    {"named", KIND_ASKED, QUESTION_DNS},
    {"unbound", KIND_ASKED, QUESTION_DNS},
    {"systemd-resolve*", KIND_ASKED, QUESTION_DNS},
    {"coredns", KIND_ASKED, QUESTION_DNS},
    {"stunnel*", KIND_ASKED, QUESTION_TLS},
    {"nginx", KIND_WEB, QUESTION_HTTP},
    {"apache2", KIND_WEB, QUESTION_HTTP},
    {"httpd", KIND_WEB, QUESTION_HTTP},
    {"lighttpd", KIND_WEB, QUESTION_HTTP},
    {"caddy", KIND_WEB, QUESTION_HTTP},
    {"gunicorn*", KIND_WEB, QUESTION_HTTP},
    {"uvicorn*", KIND_WEB, QUESTION_HTTP},
    {"node*", KIND_INTERPRETER, QUESTION_HTTP},
    {"python*", KIND_INTERPRETER, QUESTION_HTTP},
    {"pypy*", KIND_INTERPRETER, QUESTION_HTTP},
    {"java", KIND_INTERPRETER, QUESTION_HTTP},
    {"ruby*", KIND_INTERPRETER, QUESTION_HTTP},
    {"perl*", KIND_INTERPRETER, QUESTION_HTTP},
    {"php-fpm*", KIND_BY_PORT, QUESTION_NONE}, /* FastCGI */
    {"php*", KIND_INTERPRETER, QUESTION_HTTP},
    {"deno", KIND_INTERPRETER, QUESTION_HTTP},
    {"bun", KIND_INTERPRETER, QUESTION_HTTP},
    {"sshd*", KIND_SPEAKS, QUESTION_NONE},
    {"mysqld", KIND_SPEAKS, QUESTION_NONE},
    {"mariadbd", KIND_SPEAKS, QUESTION_NONE},
    {"exim4", KIND_SPEAKS, QUESTION_NONE},
    {"master", KIND_SPEAKS, QUESTION_NONE},
    {"vsftpd", KIND_SPEAKS, QUESTION_NONE},
    {"proftpd", KIND_SPEAKS, QUESTION_NONE},
    {"rsync", KIND_SPEAKS, QUESTION_NONE},
    {"inetd", KIND_BY_PORT, QUESTION_NONE},
    {"xinetd", KIND_BY_PORT, QUESTION_NONE},
    {"systemd", KIND_BY_PORT, QUESTION_NONE},
    {"haproxy", KIND_BY_PORT, QUESTION_NONE},
    {"docker-proxy", KIND_BY_PORT, QUESTION_NONE},
};

/* By IANA's register, and by custom. */
static const struct {
  uint16_t port;
  enum question question;
} ports[] = {
    {7, QUESTION_ECHO},          {53, QUESTION_DNS},          {80, QUESTION_HTTP},
    {443, QUESTION_TLS},         {465, QUESTION_TLS},         {636, QUESTION_TLS},
    {853, QUESTION_TLS},         {993, QUESTION_TLS},         {995, QUESTION_TLS},
    {5432, QUESTION_POSTGRESQL}, {6379, QUESTION_REDIS},      {6443, QUESTION_TLS},
    {8000, QUESTION_HTTP},       {8008, QUESTION_HTTP},       {8080, QUESTION_HTTP},
    {8081, QUESTION_HTTP},       {8443, QUESTION_TLS},        {8888, QUESTION_HTTP},
    {9443, QUESTION_TLS},        {11211, QUESTION_MEMCACHED}, {LOPONG_PORT, QUESTION_HELLO},
};

/* The file's name at the end of a unix socket's path, as the programs' own defaults have it. */
static const struct {
  const char *name;
  enum question question;
  bool speaks_first;
} paths[] = {
    {".s.PGSQL.*", QUESTION_POSTGRESQL, false}, {"redis*", QUESTION_REDIS, false},
    {"valkey*", QUESTION_REDIS, false},         {"memcached*", QUESTION_MEMCACHED, false},
    {"docker.sock", QUESTION_HTTP, false},      {"podman.sock", QUESTION_HTTP, false},
    {"snapd.socket", QUESTION_HTTP, false},     {"mysql*", QUESTION_NONE, true},
    {"mariadb*", QUESTION_NONE, true},          {"lopong*", QUESTION_HELLO, false},
};

static enum question question_of_port(uint16_t port) {
  for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
    if (ports[i].port == port) return ports[i].question;
  return QUESTION_NONE;
}

static bool fits(const char *pattern, const char *name) {
  size_t length = strlen(pattern);
  if (pattern[length - 1] == '*') return strncmp(name, pattern, length - 1) == 0;
  return strcmp(name, pattern) == 0;
}

/* The first word of a command line, without its folder: "/usr/bin/node app.js" is "node", "sshd: /usr/sbin" "sshd:". */
static void read_program(const char *command_line, char out[NAME_BYTES]) {
  size_t length = strcspn(command_line, " "), begin = 0;
  for (size_t i = 0; i < length; i++)
    if (command_line[i] == '/') begin = i + 1;
  length = length - begin < NAME_BYTES ? length - begin : NAME_BYTES - 1;
  memcpy(out, command_line + begin, length);
  out[length] = '\0';
}

static size_t find_program(const struct question_clues *clues) {
  char first[NAME_BYTES];
  size_t count = sizeof programs / sizeof programs[0];
  read_program(clues->command_line, first);
  for (size_t i = 0; i < count; i++)
    if (fits(programs[i].name, clues->command) || (first[0] != '\0' && fits(programs[i].name, first))) return i;
  return count;
}

/* Does the command line hand each connection to an echo? "socat TCP-LISTEN:7,fork EXEC:cat", "ncat -l 7 -e /bin/cat" */
static bool runs_cat(const char *command_line) {
  static const char *const words[] = {"EXEC:cat", "EXEC:/bin/cat", "SYSTEM:cat", " PIPE", "-e /bin/cat", "-c cat"};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    if (strstr(command_line, words[i]) != NULL) return true;
  return false;
}

static bool names(const char *text, const char *word) {
  size_t length = strlen(word);
  for (; *text != '\0'; text++) {
    size_t i = 0;
    while (i < length && tolower((unsigned char)text[i]) == word[i])
      i++;
    if (i == length) return true;
  }
  return false;
}

static struct question_choice choose_by_place(const struct question_clues *clues) {
  struct question_choice choice = {.question = question_of_port(clues->port)};
  if (clues->path == NULL) return choice;
  const char *slash = strrchr(clues->path, '/'), *name = slash != NULL ? slash + 1 : clues->path;
  choice.question = QUESTION_NONE;
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
    if (fits(paths[i].name, name))
      return (struct question_choice){.question = paths[i].question, .speaks_first = paths[i].speaks_first};
  return choice;
}

/* A program that no row knows. */
static struct question_choice choose_unknown(const struct question_clues *clues) {
  struct question_choice choice = choose_by_place(clues);
  if (clues->command[0] == '\0') return choice;
  if (names(clues->command, "echo") || runs_cat(clues->command_line))
    choice.question = QUESTION_ECHO;
  else if (names(clues->command, "http") || names(clues->command, "web"))
    choice.question = choice.question == QUESTION_TLS ? QUESTION_TLS : QUESTION_HTTP;
  return choice;
}

/* Of datagrams there is a question only for an echo and for DNS. */
static enum question datagram_of(enum question question) {
  if (question == QUESTION_HTTP) return QUESTION_ECHO;
  return question == QUESTION_ECHO || question == QUESTION_HELLO || question == QUESTION_DNS ? question : QUESTION_NONE;
}

struct question_choice question_choose(const struct question_clues *clues) {
  size_t program = find_program(clues);
  struct question_choice choice = choose_unknown(clues);
  if (program < sizeof programs / sizeof programs[0]) {
    bool is_secured = question_of_port(clues->port) == QUESTION_TLS;
    bool is_dns = programs[program].question == QUESTION_DNS && clues->port != 53 && !clues->is_udp;
    choice.question = programs[program].question;
    choice.is_guess = programs[program].kind == KIND_INTERPRETER;
    choice.speaks_first = programs[program].kind == KIND_SPEAKS;
    if (programs[program].kind == KIND_BY_PORT) choice = choose_by_place(clues);
    if (choice.question == QUESTION_HTTP && is_secured) choice.question = QUESTION_TLS;
    if (is_dns) choice.question = QUESTION_NONE; /* a web page or a control channel of its own */
  }
  if (clues->is_udp) choice.question = datagram_of(choice.question);
  return choice;
}
