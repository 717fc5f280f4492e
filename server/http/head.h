/*
 * The head of one HTTP/1.x request (RFC 9112), as it came. Pure: bytes in, no copy made.
 *
 * Stricter than a web server's: who is no browser gets an echo, so what is not plainly a request is none.
 */
#ifndef LOPING_SERVER_HTTP_HEAD_H
#define LOPING_SERVER_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_HEAD_BYTES_MAX 8192
#define HTTP_FIELDS_MAX     64

/* Points into the bytes that were parsed. */
struct http_text {
  const char *bytes;
  size_t length;
};

struct http_field {
  struct http_text name, value; /* the value without the blanks around it */
};

struct http_head {
  struct http_text method, target;
  int minor; /* of HTTP/1.x: 0 or 1 */
  size_t field_count;
  struct http_field fields[HTTP_FIELDS_MAX];
  size_t length; /* in bytes, with the empty line at its end */
};

enum http_head_status {
  HTTP_HEAD_NONE,      /* no request */
  HTTP_HEAD_PARTIAL,   /* its end has not come */
  HTTP_HEAD_WHOLE,     /* what follows `length` is not part of it */
  HTTP_HEAD_TOO_LARGE, /* whole, with more bytes or fields than are taken */
};

/* Parses the head at the beginning of `bytes`; `head` is filled only where it is whole. */
enum http_head_status http_head_parse(const uint8_t *bytes, size_t length, struct http_head *head);

/* The first field of that name, or NULL; and how many there are. */
const struct http_text *http_head_find(const struct http_head *head, const char *name);
size_t http_head_count(const struct http_head *head, const char *name);

/* Is it that text, whatever the case of ASCII letters? */
bool http_text_is(const struct http_text *text, const char *wanted);
bool http_text_contains(const struct http_text *text, const char *part);

/* What speaks for a browser: "User-Agent" or "Accept", the field that only browsers fill so; NULL: nothing does. */
const char *http_head_browser_evidence(const struct http_head *head);

#endif
