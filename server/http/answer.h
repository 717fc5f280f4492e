/* Which answer a request gets, and the head of that answer. Pure: knows no connection. */
#ifndef LOPING_SERVER_HTTP_ANSWER_H
#define LOPING_SERVER_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "server/http/buffer.h"

#define HTTP_ANSWER_HEAD_SIZE 2048

enum http_content {
  HTTP_PAGE,
  HTTP_PING,
  HTTP_EVENTS,   /* goes on until one side ends it */
  HTTP_SENTENCE, /* what is wrong */
};

/* Refusals that are no request's own. */
enum http_refusal { HTTP_NO_REQUEST, HTTP_HEAD_TOO_MUCH, HTTP_NO_PLACE, HTTP_NO_MEMORY };

struct http_answer {
  int status;
  enum http_content content;
  const char *text;  /* of HTTP_PING and HTTP_SENTENCE: ours, never the request's */
  bool is_head_only; /* HEAD */
  bool is_last;      /* the connection ends with it */
};

void http_answer_choose(const struct http_head *request, struct http_answer *answer);
void http_answer_refuse(enum http_refusal refusal, struct http_answer *answer);

/* The status line and the fields; `content_bytes` is not said of HTTP_EVENTS. */
void http_answer_put_head(struct http_buffer *buffer, const struct http_answer *answer, size_t content_bytes);

#endif
