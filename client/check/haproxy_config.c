/* See haproxy_config.h. Source: HAProxy's configuration manual, "bind", "server", "default_backend". */
#include "client/check/haproxy_config.h"

#include <stdio.h>
#include <string.h>

#define WORD_SIZE 128
#define WORDS_MAX 3

struct line {
  size_t count;
  char words[WORDS_MAX][WORD_SIZE];
};

/* Splits the line at `text`; returns where the next begins. */
static const char *read_line(const char *text, struct line *line) {
  const char *end = text + strcspn(text, "\n");
  line->count = 0;
  while (text < end && line->count < WORDS_MAX) {
    text += strspn(text, " \t\r");
    size_t length = strcspn(text, " \t\r\n");
    if (length == 0 || text[0] == '#') break;
    snprintf(line->words[line->count++], WORD_SIZE, "%.*s", (int)(length < WORD_SIZE ? length : WORD_SIZE - 1), text);
    text += length;
  }
  return *end == '\n' ? end + 1 : end;
}

static bool is_word(const struct line *line, size_t index, const char *word) {
  return line->count > index && strcmp(line->words[index], word) == 0;
}

static bool begins_section(const struct line *line) {
  static const char *const sections[] = {"global", "defaults", "frontend", "backend", "listen"};
  for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
    if (is_word(line, 0, sections[i])) return true;
  return false;
}

/* "HOST:PORT"; an IPv6 address may stand in brackets or without. */
static bool read_place(const char *text, struct forward *place) {
  const char *colon = strrchr(text, ':');
  unsigned port = 0;
  char rest;
  if (colon == NULL || sscanf(colon + 1, "%5u%c", &port, &rest) != 1 || port == 0 || port > UINT16_MAX) return false;
  size_t length = (size_t)(colon - text);
  if (length > 2 && text[0] == '[' && colon[-1] == ']') text++, length -= 2;
  if (length >= sizeof place->host) return false;
  memcpy(place->host, text, length);
  place->host[length] = '\0';
  place->port = (uint16_t)port;
  return true;
}

struct section {
  char name[WORD_SIZE];
  bool binds;    /* the port that is looked for */
  bool is_ruled; /* a rule or a second server decides */
  char backend[WORD_SIZE];
  size_t server_count;
  struct forward server;
};

static void read_directive(const struct line *line, uint16_t port, struct section *section) {
  struct forward place;
  if (is_word(line, 0, "bind") && line->count > 1 && read_place(line->words[1], &place) && place.port == port)
    section->binds = true;
  if (is_word(line, 0, "use_backend") || is_word(line, 0, "use-server")) section->is_ruled = true;
  if (is_word(line, 0, "default_backend") && line->count > 1)
    memcpy(section->backend, line->words[1], sizeof section->backend);
  if (is_word(line, 0, "server") && line->count > 2 && section->server_count++ == 0)
    section->is_ruled = section->is_ruled || !read_place(line->words[2], &section->server);
}

/* The next section from `text` on; NULL behind the last. */
static const char *read_section(const char *text, uint16_t port, struct section *section) {
  struct line line;
  memset(section, 0, sizeof *section);
  const char *next = read_line(text, &line);
  while (*text != '\0' && !begins_section(&line)) {
    text = next;
    next = read_line(text, &line);
  }
  if (*text == '\0') return NULL;
  if (line.count > 1) memcpy(section->name, line.words[1], sizeof section->name);
  for (text = next; *text != '\0'; text = next) {
    next = read_line(text, &line);
    if (begins_section(&line)) break;
    read_directive(&line, port, section);
  }
  return text;
}

static bool take_server(const struct section *section, struct forward *forward) {
  if (section->server_count != 1 || section->is_ruled) return false;
  *forward = section->server;
  return true;
}

bool haproxy_config_find(const char *text, uint16_t port, struct forward *forward) {
  struct section binder, section;
  const char *at = text;
  do
    at = read_section(at, port, &binder);
  while (at != NULL && !binder.binds);
  if (at == NULL || binder.is_ruled) return false;
  if (binder.backend[0] == '\0') return take_server(&binder, forward);
  for (at = read_section(text, port, &section); at != NULL; at = read_section(at, port, &section))
    if (strcmp(section.name, binder.backend) == 0 && section.server_count > 0) return take_server(&section, forward);
  return false;
}

bool haproxy_config_path(const char *command_line, char *path, size_t path_bytes) {
  size_t found = 0;
  for (const char *at = strstr(command_line, " -f "); at != NULL; at = strstr(at + 1, " -f ")) {
    size_t length = strcspn(at + 4, " ");
    if (length == 0 || length >= path_bytes) return false;
    memcpy(path, at + 4, length);
    path[length] = '\0';
    found++;
  }
  return found == 1 && path[0] == '/';
}
