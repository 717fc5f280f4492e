/* Reading ports, lists and ranges from the command line. Pure. */
#include "client/check/port_set.h"

#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"
#include "common/text/units.h"

#define SHOWN_SIZE 80

static const char *shown(const char *text, char out[SHOWN_SIZE]) {
  safe_text_copy(text, strlen(text), out, SHOWN_SIZE);
  return out;
}

/* One number of a list: digits up to `end`. */
static bool read_port(const char *text, size_t length, uint64_t *port) {
  char digits[8];
  if (length == 0 || length >= sizeof digits) return false;
  memcpy(digits, text, length);
  digits[length] = '\0';
  return units_parse_count(digits, port) == UNITS_OK && *port >= 1 && *port <= 65535;
}

/* One part of a list: "8080" or "1-1024". */
static bool add_part(const char *part, size_t length, struct port_set *set) {
  const char *dash = memchr(part, '-', length);
  uint64_t first, last;
  size_t first_length = dash != NULL ? (size_t)(dash - part) : length;
  if (!read_port(part, first_length, &first)) return false;
  last = first;
  if (dash != NULL && !read_port(dash + 1, length - first_length - 1, &last)) return false;
  if (last < first) return false;
  for (uint64_t port = first; port <= last; port++) {
    if (!set->has[port]) set->count++;
    set->has[port] = true;
  }
  return true;
}

/* Splits "HOST:LIST" and "[::1]:LIST"; returns where the list begins, or NULL. Without a host the text is the list. */
static const char *read_host(const char *text, struct port_set *set) {
  const char *host = text, *list;
  size_t length;
  if (text[0] == '[') {
    const char *close = strchr(text, ']');
    if (close == NULL || close[1] != ':') return NULL;
    host = text + 1;
    length = (size_t)(close - host);
    list = close + 2;
  } else {
    const char *colon = strrchr(text, ':');
    if (colon == NULL) {
      snprintf(set->host, sizeof set->host, "%s", ADDRESS_DEFAULT_HOST);
      return text;
    }
    length = (size_t)(colon - host);
    list = colon + 1;
  }
  if (length == 0 || length >= sizeof set->host) return NULL;
  memcpy(set->host, host, length);
  set->host[length] = '\0';
  return list;
}

bool port_set_parse(const char *text, struct port_set *set, char problem[PORT_SET_PROBLEM_SIZE]) {
  char part_shown[SHOWN_SIZE], all_shown[SHOWN_SIZE];
  memset(set, 0, sizeof *set);
  const char *list = read_host(text, set);
  if (list == NULL) {
    snprintf(problem, PORT_SET_PROBLEM_SIZE,
             "'%s' names no host and port; give PORT, FIRST-LAST, a list with commas, or HOST:PORT, such as [::1]:%d",
             shown(text, all_shown), ADDRESS_DEFAULT_PORT);
    return false;
  }
  for (const char *part = list;;) {
    size_t length = strcspn(part, ",");
    if (!add_part(part, length, set)) {
      char copy[SHOWN_SIZE];
      snprintf(copy, sizeof copy, "%.*s", length < 60 ? (int)length : 60, part);
      snprintf(problem, PORT_SET_PROBLEM_SIZE,
               "'%s' in '%s' is no port and no range of ports; ports go from 1 to 65535, such as 80,8000-8080",
               shown(copy, part_shown), shown(text, all_shown));
      return false;
    }
    if (part[length] == '\0') return true;
    part += length + 1;
  }
}
