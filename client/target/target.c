/* See target.h. The forms are told apart by what no other form has: "unix:", "://", a bracket, colons, a slash. */
#include "client/target/target.h"

#include <stdio.h>
#include <string.h>

#include "common/io/pipe_name.h"
#include "common/io/unix_socket.h"
#include "common/text/safe_text.h"

#define UNIX_PREFIX "unix:"
#define DIGITS      "0123456789"
#define LIST_MARKS  DIGITS ",-"
#define SHOWN_SIZE  (4 * ADDRESS_PATH_SIZE)

/* What a scheme says of the port and of what is spoken there (RFC 3986 3.2.3; IANA's registries). */
static const struct scheme {
  const char *name;
  uint16_t port; /* 0: it has none of its own */
  enum transport transport;
  bool is_encrypted;
} schemes[] = {{"tcp", 0, TRANSPORT_TCP, false},          {"udp", 0, TRANSPORT_UDP, false},
               {"http", 80, TRANSPORT_TCP, false},        {"https", 443, TRANSPORT_TCP, true},
               {"ws", 80, TRANSPORT_TCP, false},          {"wss", 443, TRANSPORT_TCP, true},
               {"redis", 6379, TRANSPORT_TCP, false},     {"rediss", 6379, TRANSPORT_TCP, true},
               {"postgres", 5432, TRANSPORT_TCP, false},  {"postgresql", 5432, TRANSPORT_TCP, false},
               {"mysql", 3306, TRANSPORT_TCP, false},     {"mongodb", 27017, TRANSPORT_TCP, false},
               {"amqp", 5672, TRANSPORT_TCP, false},      {"amqps", 5671, TRANSPORT_TCP, true},
               {"memcached", 11211, TRANSPORT_TCP, false}};

/* Letters of ASCII alone, whatever the locale: schemes and transports are never anything else. */
static bool is_word(const char *text, size_t length, const char *word) {
  if (length != strlen(word)) return false;
  for (size_t i = 0; i < length; i++) {
    int letter = text[i] >= 'A' && text[i] <= 'Z' ? text[i] - 'A' + 'a' : text[i];
    if (letter != word[i]) return false;
  }
  return true;
}

static bool is_ipv6(const char *text, size_t length, struct sockaddr_storage *address) {
  char host[ADDRESS_HOST_SIZE];
  if (length == 0 || length >= sizeof host) return false;
  memcpy(host, text, length);
  host[length] = '\0';
  memset(address, 0, sizeof *address);
  /* libuv takes any text for a zone. */
  const char *zone = strchr(host, '%');
  if (zone != NULL && strchr(zone, ':') != NULL) return false;
  return uv_ip6_addr(host, 0, (struct sockaddr_in6 *)address) == 0;
}

static enum target_status set_host(const char *host, size_t length, struct target *target) {
  if (length == 0) return TARGET_EMPTY;
  if (length >= ADDRESS_HOST_SIZE) return TARGET_HOST_TOO_LONG;
  memcpy(target->host, host, length);
  target->host[length] = '\0';
  target->has_host = true;
  return TARGET_OK;
}

static bool is_list(const char *text, size_t length) {
  return length > 0 && strchr(DIGITS, text[0]) != NULL && strspn(text, LIST_MARKS) >= length &&
         strspn(text, DIGITS) < length;
}

static enum target_status set_ports(const char *text, size_t length, struct target *target) {
  char number[32];
  target->ports = text;
  target->ports_length = length;
  target->has_port = true;
  target->is_list = is_list(text, length);
  target->port = 0;
  if (target->is_list) return TARGET_OK;
  if (length > 0 && strspn(text, DIGITS) >= length && length >= sizeof number) return TARGET_PORT_OUT_OF_RANGE;
  snprintf(number, sizeof number, "%.*s", (int)(length < sizeof number ? length : 0), text);
  enum address_status status = address_parse_port(number, &target->port);
  if (status == ADDRESS_PORT_OUT_OF_RANGE) return TARGET_PORT_OUT_OF_RANGE;
  return status == ADDRESS_OK ? TARGET_OK : TARGET_PORT_NOT_A_NUMBER;
}

/* "[::1]:62893" or "[::1]" */
static enum target_status read_bracketed(const char *text, size_t length, struct target *target) {
  const char *end = memchr(text, ']', length);
  if (end == NULL) return TARGET_BRACKET_OPEN;
  const char *rest = end + 1;
  size_t rest_length = length - (size_t)(rest - text);
  if (rest_length > 0 && rest[0] != ':') return TARGET_BRACKET_OPEN;
  enum target_status status = set_host(text + 1, (size_t)(end - text - 1), target);
  if (status != TARGET_OK || rest_length == 0) return status;
  return set_ports(rest + 1, rest_length - 1, target);
}

static const char *last_colon(const char *text, size_t length) {
  while (length > 0 && text[length - 1] != ':')
    length--;
  return length > 0 ? &text[length - 1] : NULL;
}

/* Several colons without brackets: all of it is an IPv6 address, unless what stands before the last one is an address
 * that people mean and the whole is none, or only one by the letter: "::1:8080" is that of 0.1.128.128 (RFC 4291
 * 2.5.5.1). */
static enum target_status judge_colons(const char *text, size_t length) {
  struct sockaddr_storage whole, head;
  const char *colon = last_colon(text, length);
  size_t tail = length - (size_t)(colon + 1 - text);
  bool has_number = tail > 0 && strspn(colon + 1, LIST_MARKS) >= tail;
  bool is_head = has_number && is_ipv6(text, (size_t)(colon - text), &head);
  bool is_whole = is_ipv6(text, length, &whole);
  if (is_head && (!is_whole || address_is_loopback(&head) || address_is_any(&head))) return TARGET_NEEDS_BRACKETS;
  return is_whole ? TARGET_OK : TARGET_TOO_MANY_COLONS;
}

/* What stands before a slash: host and port. `may_be_port`: digits alone are a port, as in no URL. */
static enum target_status read_place(const char *text, size_t length, bool may_be_port, struct target *target) {
  if (length == 0) return TARGET_EMPTY;
  if (text[0] == '[') return read_bracketed(text, length, target);
  const char *colon = memchr(text, ':', length);
  if (colon != NULL && colon != last_colon(text, length)) {
    enum target_status status = judge_colons(text, length);
    return status != TARGET_OK ? status : set_host(text, length, target);
  }
  if (colon != NULL) {
    enum target_status status = set_host(text, (size_t)(colon - text), target);
    return status != TARGET_OK ? status : set_ports(colon + 1, length - (size_t)(colon + 1 - text), target);
  }
  if (may_be_port && strchr(DIGITS, text[0]) != NULL && strspn(text, LIST_MARKS) >= length)
    return set_ports(text, length, target);
  return set_host(text, length, target);
}

/* In a URL the zone's '%' is written "%25" (RFC 6874). */
static void decode_zone(char *host) {
  char *zone = strstr(host, "%25");
  if (zone != NULL) memmove(zone + 1, zone + 3, strlen(zone + 3) + 1);
}

static enum target_status read_url(const char *text, const char *mark, struct target *target) {
  const struct scheme *scheme = NULL;
  const char *place = mark + 3;
  size_t length = strcspn(place, "/?#");
  for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++)
    if (is_word(text, (size_t)(mark - text), schemes[i].name)) scheme = &schemes[i];
  for (const char *at = memchr(place, '@', length); at != NULL; at = memchr(place, '@', length)) {
    length -= (size_t)(at + 1 - place);
    place = at + 1;
  }
  enum target_status status = read_place(place, length, false, target);
  if (status != TARGET_OK) return status;
  decode_zone(target->host);
  if (!target->has_port && (scheme == NULL || scheme->port == 0)) return TARGET_NO_PORT;
  if (!target->has_port) target->port = scheme->port;
  target->has_port = target->has_transport = true;
  target->transport = scheme != NULL ? scheme->transport : TRANSPORT_TCP;
  target->scheme = scheme != NULL ? scheme->name : NULL;
  target->is_encrypted = scheme != NULL && scheme->is_encrypted;
  return TARGET_OK;
}

/* "HTTP://" has a scheme, "x:80/://" has none (RFC 3986 3.1). */
static const char *find_scheme_end(const char *text) {
  const char *mark = strstr(text, "://");
  size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" DIGITS "+-.");
  return mark != NULL && length > 0 && text + length == mark ? mark : NULL;
}

static enum target_status read_unix(const char *path, struct target *target) {
  target->is_unix = true;
  /* "unix:///run/x.sock", as Docker and gRPC write it. */
  if (strncmp(path, "///", 3) == 0) path += 2;
  if (strcmp(path, "@") == 0) return TARGET_EMPTY;
  if (!pipe_name_fits(path)) return TARGET_NO_PIPE;
  if (path[0] == '@' && !unix_socket_has_abstract()) return TARGET_NO_ABSTRACT;
  enum address_status status = address_parse_path(path, target->path);
  if (status == ADDRESS_PATH_TOO_LONG) return TARGET_PATH_TOO_LONG;
  return status == ADDRESS_OK ? TARGET_OK : TARGET_EMPTY;
}

/* "62893/udp" names the transport; behind "HOST:PORT/" stands a URL's path without its scheme. */
static enum target_status read_after_slash(const char *text, const char *slash, struct target *target) {
  const char *rest = slash + 1;
  size_t length = strlen(rest);
  bool is_tcp = is_word(rest, length, "tcp"), is_udp = is_word(rest, length, "udp");
  enum target_status status = read_place(text, (size_t)(slash - text), true, target);
  if (status != TARGET_OK) return status;
  target->has_transport = is_tcp || is_udp;
  target->transport = is_udp ? TRANSPORT_UDP : TRANSPORT_TCP;
  bool has_path = target->has_host && target->has_port;
  return target->has_transport || has_path ? TARGET_OK : TARGET_AFTER_SLASH;
}

enum target_status target_parse(const char *text, struct target *target) {
  memset(target, 0, sizeof *target);
  target->port = ADDRESS_DEFAULT_PORT;
  memcpy(target->host, ADDRESS_DEFAULT_HOST, sizeof ADDRESS_DEFAULT_HOST);
  if (text[0] == '\0') return TARGET_EMPTY;
  if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0) return read_unix(text + strlen(UNIX_PREFIX), target);
  if (text[0] == '/' || text[0] == '@' || strncmp(text, "./", 2) == 0 || strncmp(text, "../", 3) == 0)
    return TARGET_BARE_PATH;
  const char *mark = find_scheme_end(text);
  if (mark != NULL) return read_url(text, mark, target);
  const char *slash = strchr(text, '/');
  if (slash != NULL) return read_after_slash(text, slash, target);
  return read_place(text, strlen(text), true, target);
}

static const char *status_text(enum target_status status) {
  switch (status) {
    case TARGET_OK:
      return "is fine";
    case TARGET_EMPTY:
      return address_path_problem(ADDRESS_EMPTY);
    case TARGET_PORT_NOT_A_NUMBER:
      return "has no port number (a whole number from 0 to 65535)";
    case TARGET_PORT_OUT_OF_RANGE:
      return "has a port beyond 65535, the highest that 16 bits can name";
    case TARGET_HOST_TOO_LONG:
      return "has a host name of more than 255 characters";
    case TARGET_PATH_TOO_LONG:
      return address_path_problem(ADDRESS_PATH_TOO_LONG);
    case TARGET_BRACKET_OPEN:
      return "has a '[' without the ']' that ends an IPv6 address, as in [::1]:62893";
    case TARGET_TOO_MANY_COLONS:
      return "has more than one ':', and is no IPv6 address";
    case TARGET_NO_PORT:
      return "is a URL without a port, and its scheme names none that loping knows";
    case TARGET_NO_PIPE:
      return "is no name of a pipe: Windows has named pipes in place of unix sockets, as in unix:\\\\.\\pipe\\NAME";
    case TARGET_NO_ABSTRACT:
      return "is an abstract name, which unix sockets have on Linux alone (a file of that name is unix:./@...)";
    case TARGET_AFTER_SLASH:
      return "has something else than tcp or udp after its '/'";
    case TARGET_NEEDS_BRACKETS:
    case TARGET_BARE_PATH:
      break;
  }
  return "cannot be read";
}

/* The place of "::1:8080", "::1:8080/udp" and "http://::1:8080/x", with its brackets. The any-address is bound to, not
 * connected to: on this machine ::1 reaches whoever has it. */
static void write_bracketed(const char *text, char out[TARGET_PROBLEM_SIZE]) {
  char shown[SHOWN_SIZE], place[SHOWN_SIZE];
  const char *mark = find_scheme_end(text);
  size_t before = mark != NULL ? (size_t)(mark + 3 - text) : 0;
  size_t length = strcspn(text + before, "/?#");
  snprintf(place, sizeof place, "%.*s", (int)(length < sizeof place - 1 ? length : sizeof place - 1), text + before);
  char *colon = strrchr(place, ':');
  if (colon == NULL) colon = place;
  *colon = '\0';
  snprintf(shown, sizeof shown, "%.*s[%.100s]:%.40s%.100s", (int)before, text, strcmp(place, "::") == 0 ? "::1" : place,
           colon + 1, text + before + length);
  safe_text_copy(shown, strlen(shown), out, TARGET_PROBLEM_SIZE);
}

const char *target_problem(enum target_status status, const char *text, char out[TARGET_PROBLEM_SIZE]) {
  char meant[TARGET_PROBLEM_SIZE];
  if (status == TARGET_NEEDS_BRACKETS) {
    write_bracketed(text, meant);
    snprintf(out, TARGET_PROBLEM_SIZE,
             "leaves open where the IPv6 address ends and the port begins: did you mean %.400s", meant);
  } else if (status == TARGET_BARE_PATH) {
    safe_text_copy(text, strlen(text), meant, sizeof meant);
    snprintf(out, TARGET_PROBLEM_SIZE, "looks like a unix socket: did you mean unix:%.400s", meant);
  } else {
    snprintf(out, TARGET_PROBLEM_SIZE, "%s", status_text(status));
  }
  return out;
}

static bool read_number(const char *text, size_t length, uint16_t *port) {
  char digits[8];
  if (length == 0 || length >= sizeof digits) return false;
  memcpy(digits, text, length);
  digits[length] = '\0';
  return address_parse_port(digits, port) == ADDRESS_OK && *port >= 1;
}

bool target_read_range(const char *part, size_t length, uint16_t *first, uint16_t *last) {
  const char *dash = memchr(part, '-', length);
  size_t first_length = dash != NULL ? (size_t)(dash - part) : length;
  if (!read_number(part, first_length, first)) return false;
  *last = *first;
  if (dash != NULL && !read_number(dash + 1, length - first_length - 1, last)) return false;
  return *first <= *last;
}
