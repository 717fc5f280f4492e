/* Text that grows in memory of a fixed size, and the one place where what came from a browser becomes HTML. */
#ifndef LOPING_SERVER_HTTP_BUFFER_H
#define LOPING_SERVER_HTTP_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "server/http/head.h"

struct http_buffer {
  char *bytes;
  size_t size, length;
  bool is_full; /* something did not fit, and is left out */
};

void http_put(struct http_buffer *buffer, const char *bytes, size_t length);
void http_put_format(struct http_buffer *buffer, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(__printf__, 2, 3)))
#endif
    ;

/* As text of a page or a quoted attribute, whatever it is: no markup, no control characters, valid UTF-8. */
void http_put_escaped(struct http_buffer *buffer, const struct http_text *text);

#endif
