/* Reading where a forwarder's connections go. Sources: ssh(1), socat(1), docker-proxy's own help. Pure. */
#include "client/check/forwarder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next word of a command line after `from`; its length is 0 when there is none. */
static const char *next_word(const char *from, size_t *length) {
  from += strspn(from, " ");
  *length = strcspn(from, " ");
  return from;
}

static bool read_number(const char *text, size_t length, uint16_t *number) {
  unsigned long value = 0;
  if (length == 0 || length > 5) return false;
  for (size_t i = 0; i < length; i++) {
    if (text[i] < '0' || text[i] > '9') return false;
    value = value * 10 + (unsigned long)(text[i] - '0');
  }
  *number = (uint16_t)value;
  return value >= 1 && value <= UINT16_MAX;
}

/* "HOST:PORT" or "[::1]:PORT", up to `length`. */
static bool read_target(const char *text, size_t length, struct forward *forward) {
  size_t colon = length, host_length;
  while (colon > 0 && text[colon - 1] != ':')
    colon--;
  if (colon < 2 || !read_number(text + colon, length - colon, &forward->port)) return false;
  host_length = colon - 1;
  if (text[0] == '[' && text[host_length - 1] == ']' && host_length > 2) {
    text++;
    host_length -= 2;
  }
  if (host_length >= sizeof forward->host) return false;
  memcpy(forward->host, text, host_length);
  forward->host[host_length] = '\0';
  return true;
}

/* The word after `option`, as "-container-port 80". */
static const char *word_after(const char *command_line, const char *option, size_t *length) {
  const char *word = next_word(command_line, length);
  while (*length > 0) {
    bool is_it = *length == strlen(option) && memcmp(word, option, *length) == 0;
    word = next_word(word + *length, length);
    if (is_it && *length > 0) return word;
  }
  return NULL;
}

static bool find_of_docker(const char *command_line, uint16_t port, struct forward *forward) {
  size_t length;
  (void)port;
  const char *host = word_after(command_line, "-container-ip", &length);
  if (host == NULL || length >= sizeof forward->host) return false;
  memcpy(forward->host, host, length);
  forward->host[length] = '\0';
  const char *number = word_after(command_line, "-container-port", &length);
  return number != NULL && read_number(number, length, &forward->port);
}

/* "[BIND:]PORT:HOST:HOSTPORT": is it for this port? */
static bool read_ssh(const char *text, size_t length, uint16_t port, struct forward *forward) {
  uint16_t number;
  for (size_t begin = 0; begin < length;) {
    size_t part = 0;
    while (begin + part < length && text[begin + part] != ':')
      part++;
    if (begin + part >= length) return false;
    size_t rest = begin + part + 1;
    if (read_number(text + begin, part, &number) && number == port && read_target(text + rest, length - rest, forward))
      return true;
    begin = rest;
  }
  return false;
}

static bool find_of_ssh(const char *command_line, uint16_t port, struct forward *forward) {
  size_t length;
  for (const char *word = next_word(command_line, &length); length > 0; word = next_word(word + length, &length)) {
    bool is_option = length >= 2 && word[0] == '-' && word[1] != '-' && word[length - 1] == 'L';
    if (is_option) {
      word = next_word(word + length, &length);
      if (read_ssh(word, length, port, forward)) return true;
    } else if (length > 2 && word[0] == '-' && word[1] == 'L' && read_ssh(word + 2, length - 2, port, forward)) {
      return true;
    }
  }
  return false;
}

/* "socat TCP-LISTEN:6010,fork TCP:127.0.0.1:1" */
static bool find_of_socat(const char *command_line, uint16_t port, struct forward *forward) {
  static const char *const kinds[] = {
      "TCP:", "TCP4:", "TCP6:", "TCP-CONNECT:", "tcp:", "tcp4:", "tcp6:", "tcp-connect:"};
  size_t length;
  (void)port;
  for (const char *word = next_word(command_line, &length); length > 0; word = next_word(word + length, &length))
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
      size_t front = strlen(kinds[i]);
      size_t end = 0;
      while (end < length && word[end] != ',')
        end++;
      if (end > front && memcmp(word, kinds[i], front) == 0 && read_target(word + front, end - front, forward))
        return true;
    }
  return false;
}

bool forward_find(const char *command, const char *command_line, uint16_t port, struct forward *forward) {
  static const struct {
    const char *command;
    bool (*find)(const char *command_line, uint16_t port, struct forward *forward);
  } programs[] = {{"docker-proxy", find_of_docker}, {"ssh", find_of_ssh}, {"socat", find_of_socat}};
  for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++)
    if (strcmp(command, programs[i].command) == 0) return programs[i].find(command_line, port, forward);
  return false;
}
