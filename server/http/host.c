/* See host.h. No name is looked up: what it points at is what is not to be trusted. */
#include "server/http/host.h"

#include <string.h>

#define BYTES_MAX 255
#define SCHEME    "http://"

static bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

/* From `at` on, all of it: nothing, or ":" and a number up to 65535. */
static bool is_port(const struct http_text *host, size_t at) {
  unsigned port = 0;
  if (at == host->length) return true;
  if (host->bytes[at] != ':' || at + 1 == host->length || host->length - at > sizeof ":65535" - 1) return false;
  for (at++; at < host->length; at++) {
    if (!is_digit(host->bytes[at])) return false;
    port = port * 10 + (unsigned)(host->bytes[at] - '0');
  }
  return port <= 65535;
}

/* "127.0.0.1" and no other way to write it: four numbers of at most three digits without a zero in front. */
static bool is_ipv4_loopback(const struct http_text *name) {
  unsigned parts[4] = {0};
  size_t count = 0, digits = 0;
  for (size_t i = 0; i < name->length; i++) {
    char byte = name->bytes[i];
    if (byte == '.' && digits > 0 && count < 3) {
      count++;
      digits = 0;
    } else if (is_digit(byte) && digits < 3 && (digits == 0 || parts[count] > 0)) {
      parts[count] = parts[count] * 10 + (unsigned)(byte - '0');
      digits++;
      if (parts[count] > 255) return false;
    } else {
      return false;
    }
  }
  return count == 3 && digits > 0 && parts[0] == 127;
}

static bool is_label_byte(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '_';
}

/* "localhost", or labels in front of ".localhost". */
static bool is_local_name(const struct http_text *name) {
  static const char last[] = "localhost";
  const size_t last_bytes = sizeof last - 1;
  if (name->length < last_bytes) return false;
  const struct http_text end = {name->bytes + name->length - last_bytes, last_bytes};
  if (!http_text_is(&end, last)) return false;
  bool is_in_label = false;
  for (size_t i = 0; i < name->length - last_bytes; i++) {
    if (name->bytes[i] != '.' && !is_label_byte(name->bytes[i])) return false;
    if (name->bytes[i] == '.' && !is_in_label) return false;
    is_in_label = name->bytes[i] != '.';
  }
  return !is_in_label;
}

bool http_host_is_loopback(const struct http_text *host) {
  static const char ipv6[] = "[::1]";
  if (host->length == 0 || host->length > BYTES_MAX) return false;
  if (host->bytes[0] == '[')
    return host->length >= sizeof ipv6 - 1 && memcmp(host->bytes, ipv6, sizeof ipv6 - 1) == 0 &&
           is_port(host, sizeof ipv6 - 1);
  const char *colon = memchr(host->bytes, ':', host->length);
  const struct http_text name = {host->bytes, colon == NULL ? host->length : (size_t)(colon - host->bytes)};
  return is_port(host, name.length) && (is_ipv4_loopback(&name) || is_local_name(&name));
}

bool http_origin_is_own(const struct http_text *origin, const struct http_text *host) {
  char own[sizeof SCHEME + BYTES_MAX];
  if (host->length > BYTES_MAX) return false;
  memcpy(own, SCHEME, sizeof SCHEME - 1);
  memcpy(own + sizeof SCHEME - 1, host->bytes, host->length);
  own[sizeof SCHEME - 1 + host->length] = '\0';
  return http_text_is(origin, own);
}
