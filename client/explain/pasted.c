/*
 * Errors as programs print them; see pasted.h.
 *
 * A row is a piece of text that only that error has. The rows' order is that of trust: a code's own name before a
 * sentence, and a sentence of one program before one that many say. The text is searched line by line; the last line
 * with an error counts, because a stack trace ends with the cause, but a line that also names a place goes before one
 * that does not.
 */
#include "client/explain/pasted.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/target/target.h"

#define LINE_BYTES 4096

struct row {
  const char *piece; /* in small letters */
  const char *error;
  enum pasted_wish wish;
};

static const struct row rows[] = {
    /* The codes' own names (node, ruby, systemd, strace), and Windows's numbers. */
    {"eaddrinuse", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"econnrefused", "ECONNREFUSED", PASTED_WISH_CONNECT},
    {"econnreset", "ECONNRESET", PASTED_WISH_CONNECT},
    {"etimedout", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"esockettimedout", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"eaddrnotavail", "EADDRNOTAVAIL", PASTED_WISH_UNKNOWN},
    {"ehostunreach", "EHOSTUNREACH", PASTED_WISH_CONNECT},
    {"enetunreach", "ENETUNREACH", PASTED_WISH_CONNECT},
    {"enotfound", "EAI_NONAME", PASTED_WISH_CONNECT},
    {"eai_again", "EAI_AGAIN", PASTED_WISH_CONNECT},
    {"epipe", "EPIPE", PASTED_WISH_CONNECT},
    {"emfile", "EMFILE", PASTED_WISH_UNKNOWN},
    {"listen eacces", "EACCES", PASTED_WISH_LISTEN},
    {"wsaeaddrinuse", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"wsaeconnrefused", "ECONNREFUSED", PASTED_WISH_CONNECT},
    {"wsaeconnreset", "ECONNRESET", PASTED_WISH_CONNECT},
    {"wsaetimedout", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"wsaeaddrnotavail", "EADDRNOTAVAIL", PASTED_WISH_UNKNOWN},
    {"wsaehostunreach", "EHOSTUNREACH", PASTED_WISH_CONNECT},
    {"wsaeacces", "EACCES", PASTED_WISH_LISTEN},
    {"wsahost_not_found", "EAI_NONAME", PASTED_WISH_CONNECT},
    {"10048", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"10061", "ECONNREFUSED", PASTED_WISH_CONNECT},
    {"10060", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"10054", "ECONNRESET", PASTED_WISH_CONNECT},
    {"10049", "EADDRNOTAVAIL", PASTED_WISH_UNKNOWN},
    {"10013", "EACCES", PASTED_WISH_LISTEN},
    /* Browsers and curl. */
    {"err_connection_refused", "ECONNREFUSED", PASTED_WISH_CONNECT},
    {"err_connection_reset", "ECONNRESET", PASTED_WISH_CONNECT},
    {"err_connection_timed_out", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"err_timed_out", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"err_empty_response", "EOF", PASTED_WISH_CONNECT},
    {"err_name_not_resolved", "EAI_NONAME", PASTED_WISH_CONNECT},
    {"err_address_unreachable", "EHOSTUNREACH", PASTED_WISH_CONNECT},
    {"ns_error_connection_refused", "ECONNREFUSED", PASTED_WISH_CONNECT},
    {"empty reply from server", "EOF", PASTED_WISH_CONNECT},
    {"couldn't connect to server", "ECONNREFUSED", PASTED_WISH_CONNECT},
    /* Sentences. */
    {"address already in use", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"address in use", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"port is already allocated", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"is already in use", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"was already in use", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"already in use", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"only one usage of each socket address", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"conflicts with an existing registration", "EADDRINUSE", PASTED_WISH_LISTEN},
    {"forbidden by its access permissions", "EACCES", PASTED_WISH_LISTEN},
    {"forbidden by their access permissions", "EACCES", PASTED_WISH_LISTEN},
    {"bind: permission denied", "EACCES", PASTED_WISH_LISTEN},
    {"bind() to", "EACCES", PASTED_WISH_LISTEN},
    {"actively refused", "ECONNREFUSED", PASTED_WISH_CONNECT},
    {"connection refused", "ECONNREFUSED", PASTED_WISH_CONNECT},
    {"connection reset", "ECONNRESET", PASTED_WISH_CONNECT},
    {"forcibly closed", "ECONNRESET", PASTED_WISH_CONNECT},
    {"prematurely closed", "EOF", PASTED_WISH_CONNECT},
    {"i/o timeout", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"connection timed out", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"connect timed out", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"operation timed out", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"failed to respond", "ETIMEDOUT", PASTED_WISH_CONNECT},
    {"no route to host", "EHOSTUNREACH", PASTED_WISH_CONNECT},
    {"network is unreachable", "ENETUNREACH", PASTED_WISH_CONNECT},
    {"cannot assign requested address", "EADDRNOTAVAIL", PASTED_WISH_UNKNOWN},
    {"name or service not known", "EAI_NONAME", PASTED_WISH_CONNECT},
    {"no such host", "EAI_NONAME", PASTED_WISH_CONNECT},
    {"could not resolve host", "EAI_NONAME", PASTED_WISH_CONNECT},
    {"too many open files", "EMFILE", PASTED_WISH_UNKNOWN},
};

static void make_small(const char *line, size_t length, char out[LINE_BYTES]) {
  size_t i = 0;
  for (; i < length && i + 1 < LINE_BYTES; i++)
    out[i] = (char)tolower((unsigned char)line[i]);
  out[i] = '\0';
}

/* A number must stand alone: 10061 is no part of 210061. */
static bool stands_alone(const char *text, const char *at, size_t length) {
  if (!isdigit((unsigned char)at[0])) return true;
  return (at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[length]) && at[-1] != ':';
}

static const struct row *find_error(const char *small) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const char *at = strstr(small, rows[i].piece);
    if (at == NULL || (at == small && isdigit((unsigned char)at[0]))) continue;
    /* nginx names both: "bind() to 0.0.0.0:80 failed (98: Address already in use)". */
    if (strcmp(rows[i].piece, "bind() to") == 0 && strstr(small, "permission denied") == NULL) continue;
    if (stands_alone(small, at, strlen(rows[i].piece))) return &rows[i];
  }
  return NULL;
}

/* A port's digits at `text`: 1 to 65535, and no more digits or letters behind. Returns how many bytes; 0: none. */
static size_t read_port(const char *text, uint16_t *port) {
  size_t length = strspn(text, "0123456789");
  if (length == 0 || length > 5 || text[0] == '0') return 0;
  unsigned long number = strtoul(text, NULL, 10);
  if (number > UINT16_MAX || isalpha((unsigned char)text[length]) || text[length] == '_') return 0;
  /* A version or an address goes on with more numbers, a time with more colons. */
  if ((text[length] == '.' || text[length] == ':') && isdigit((unsigned char)text[length + 1])) return 0;
  *port = (uint16_t)number;
  return length;
}

static bool is_address(const char *host) {
  struct sockaddr_storage address;
  return uv_ip4_addr(host, 0, (struct sockaddr_in *)&address) == 0 ||
         uv_ip6_addr(host, 0, (struct sockaddr_in6 *)&address) == 0;
}

/* A name is one only where nothing else can be meant: "server.js:12" is a place in a source, "10:15" a time. */
static bool is_host(const char *host) {
  return host[0] == '\0' || strcmp(host, "*") == 0 || strcmp(host, "localhost") == 0 || is_address(host);
}

static void set_host(struct pasted *pasted, const char *host) {
  snprintf(pasted->host, sizeof pasted->host, "%s", strcmp(host, "*") == 0 ? "0.0.0.0" : host);
}

/* "[::1]:3000", ":::3000", "127.0.0.1:3000", "localhost:3000", ":3000", and in a URL any name. */
static bool read_joined(const char *token, bool is_url, struct pasted *pasted) {
  char host[ADDRESS_HOST_SIZE];
  const char *colon = strrchr(token, ':');
  uint16_t port;
  if (colon == NULL || (size_t)(colon - token) >= sizeof host) return false;
  size_t digits = read_port(colon + 1, &port);
  if (digits == 0 || colon[1 + digits] != '\0') return false;
  memcpy(host, token, (size_t)(colon - token));
  host[colon - token] = '\0';
  if (host[0] == '[' && colon[-1] == ']') {
    memmove(host, host + 1, (size_t)(colon - token));
    host[colon - token - 2] = '\0';
  }
  if (!is_host(host) && (!is_url || host[0] == '\0')) return false;
  set_host(pasted, host);
  pasted->port = port;
  return true;
}

/* A URL without a port has its scheme's. */
static bool read_url(const char *token, struct pasted *pasted) {
  struct target target;
  if (strstr(token, "://") == NULL || target_parse(token, &target) != TARGET_OK) return false;
  if (target.is_unix || target.is_list || target.port == 0) return false;
  set_host(pasted, target.host);
  pasted->port = target.port;
  if (target.transport == TRANSPORT_UDP) pasted->is_udp = true;
  return true;
}

/* "localhost:3000/path", a URL without its scheme; behind another slash stands Java's "localhost/127.0.0.1:9092". */
static bool read_before_slash(const char *token, const char *slash, struct pasted *pasted) {
  char place[ADDRESS_HOST_SIZE];
  snprintf(place, sizeof place, "%.*s", (int)(slash - token), token);
  return read_joined(place, false, pasted);
}

/* One word of a line: a place, an address that stands alone, or the number behind "port". */
static void read_token(char *token, bool follows_port, bool follows_address, struct pasted *pasted) {
  struct pasted place = *pasted;
  uint16_t port;
  size_t length = strlen(token);
  while (length > 0 && strchr(".,;:", token[length - 1]) != NULL)
    token[--length] = '\0';
  char *slash = strstr(token, "://") == NULL ? strchr(token, '/') : NULL;
  bool is_before = slash != NULL && read_before_slash(token, slash, &place);
  if (slash != NULL && !is_before) token = slash + 1;
  if (is_before || read_url(token, &place) || read_joined(token, false, &place)) {
    if (pasted->port == 0) *pasted = place;
  } else if (token[0] != '\0' && is_host(token)) {
    if (pasted->host[0] == '\0') set_host(pasted, token);
  } else if ((follows_port || follows_address) && pasted->port == 0) {
    size_t digits = read_port(token, &port);
    if (digits > 0 && token[digits] == '\0') pasted->port = port;
  }
}

static void find_place(const char *small, struct pasted *pasted) {
  static const char marks[] = " \t'\"()<>{}=,`";
  bool follows_port = false, follows_address = false;
  for (const char *at = small; *at != '\0';) {
    char token[ADDRESS_HOST_SIZE];
    size_t length = strcspn(at, marks);
    if (length > 0) {
      snprintf(token, sizeof token, "%.*s", (int)(length < sizeof token ? length : sizeof token - 1), at);
      read_token(token, follows_port, follows_address, pasted);
      follows_port = strcmp(token, "port") == 0 || strcmp(token, "ports") == 0;
      follows_address = is_address(token); /* python: ('127.0.0.1', 8000) */
    }
    at += length;
    at += strspn(at, marks);
  }
}

/* One line's answer; how much it is worth: 0 nothing, 1 a place, 2 an error, 3 both. */
static int read_line(const char *line, struct pasted *pasted) {
  char small[LINE_BYTES];
  memset(pasted, 0, sizeof *pasted);
  make_small(line, strlen(line), small);
  const struct row *row = find_error(small);
  find_place(small, pasted);
  if (row != NULL) {
    pasted->error = row->error;
    pasted->wish = row->wish;
    bool listens = strstr(small, "listen") != NULL || strstr(small, "bind") != NULL;
    if (row->wish == PASTED_WISH_UNKNOWN || (listens && strcmp(row->error, "EADDRNOTAVAIL") == 0))
      pasted->wish = listens ? PASTED_WISH_LISTEN : PASTED_WISH_CONNECT;
  }
  pasted->is_udp = strstr(small, "udp") != NULL;
  snprintf(pasted->source, sizeof pasted->source, "%.*s", (int)sizeof pasted->source - 1, line);
  return (row != NULL ? 2 : 0) + (pasted->port != 0 ? 1 : 0);
}

bool pasted_read(const char *text, struct pasted *pasted) {
  struct pasted place = {.port = 0}, one;
  int best = 0;
  memset(pasted, 0, sizeof *pasted);
  while (*text != '\0') {
    char line[LINE_BYTES];
    size_t length = strcspn(text, "\r\n");
    snprintf(line, sizeof line, "%.*s", (int)(length < sizeof line - 1 ? length : sizeof line - 1), text);
    int worth = read_line(line, &one);
    if (place.port == 0) place.port = one.port;
    if (place.host[0] == '\0') memcpy(place.host, one.host, sizeof place.host);
    if (worth >= best && worth > 0) {
      best = worth;
      *pasted = one;
    }
    text += length;
    text += strspn(text, "\r\n");
  }
  /* The error on one line, its address and port on others, as node prints them. */
  if (best == 2) pasted->port = place.port;
  if (best >= 1 && pasted->host[0] == '\0') memcpy(pasted->host, place.host, sizeof pasted->host);
  return best > 0;
}
