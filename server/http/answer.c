/*
 * See answer.h. The rules stand in their order in http_answer_choose(): who asks, then how, then for what.
 *
 * Nothing here is for another site: there is no Access-Control-Allow-Origin, and what a page of another site may ask
 * for without reading it (an image, a form) is refused as well.
 */
#include "server/http/answer.h"

#include <string.h>

#include "server/http/assets.h"
#include "server/http/host.h"

static const char *reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 421:
      return "Misdirected Request";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Bad Request";
  }
}

static bool refuse(struct http_answer *answer, int status, const char *sentence) {
  answer->status = status;
  answer->content = HTTP_SENTENCE;
  answer->text = sentence;
  if (status != 404) answer->is_last = true;
  return false;
}

void http_answer_refuse(enum http_refusal refusal, struct http_answer *answer) {
  *answer = (struct http_answer){0};
  switch (refusal) {
    case HTTP_NO_REQUEST:
      refuse(answer, 400, "lopong: this is no HTTP request, on a connection that began with one.\n");
      break;
    case HTTP_HEAD_TOO_MUCH:
      refuse(answer, 431,
             "lopong: the head of this request is larger than 8 KiB or has more than 64 fields. Cookies of other "
             "servers on this machine are sent here, too: a private window has none.\n");
      break;
    case HTTP_NO_PLACE:
      refuse(answer, 503, "lopong: too many pages watch the counters already. Close one of them, and try again.\n");
      break;
    case HTTP_NO_MEMORY:
      refuse(answer, 503, "lopong: out of memory for the page. Try again.\n");
      break;
  }
}

static const struct http_text *only_one(const struct http_head *request, const char *name) {
  return http_head_count(request, name) == 1 ? http_head_find(request, name) : NULL;
}

static bool judge_host(const struct http_head *request, struct http_answer *answer) {
  const struct http_text *host = only_one(request, "Host");
  if (host == NULL) return refuse(answer, 400, "lopong: a request needs one Host field.\n");
  if (http_host_is_loopback(host)) return true;
  return refuse(answer, 421,
                "lopong: this page is only for a browser on the machine itself that asks for it as 127.0.0.1, [::1] or "
                "localhost. Another name may be another site's, which has pointed it here.\n");
}

static bool judge_origin(const struct http_head *request, bool is_page, struct http_answer *answer) {
  const struct http_text *site = http_head_find(request, "Sec-Fetch-Site");
  const char *sentence = "lopong: another site's page asks for this, and gets nothing.\n";
  if (http_head_find(request, "Origin") != NULL) {
    const struct http_text *origin = only_one(request, "Origin");
    if (origin == NULL || !http_origin_is_own(origin, only_one(request, "Host"))) return refuse(answer, 403, sentence);
  }
  /* A link may lead to the page itself. */
  if (is_page || site == NULL || http_text_is(site, "same-origin") || http_text_is(site, "none")) return true;
  return refuse(answer, 403, sentence);
}

static bool judge_method(const struct http_head *request, struct http_answer *answer) {
  answer->is_head_only = http_text_is(&request->method, "HEAD");
  if (answer->is_head_only || http_text_is(&request->method, "GET")) return true;
  return refuse(answer, 405, "lopong: GET and HEAD are all there is here.\n");
}

/* What would follow the head is not read as anything, so that nobody can hide a request in it. */
static bool judge_body(const struct http_head *request, struct http_answer *answer) {
  const struct http_text *length = http_head_find(request, "Content-Length");
  bool has_body =
      http_head_find(request, "Transfer-Encoding") != NULL || http_head_count(request, "Content-Length") > 1;
  if (!has_body && (length == NULL || http_text_is(length, "0"))) return true;
  return refuse(answer, 400, "lopong: a request with a body is none that is served here.\n");
}

/* Without the query, which nothing here needs. */
static struct http_text path_of(const struct http_head *request) {
  struct http_text path = request->target;
  const char *query = memchr(path.bytes, '?', path.length);
  if (query != NULL) path.length = (size_t)(query - path.bytes);
  return path;
}

static bool is_path(const struct http_text *path, const char *wanted) {
  return path->length == strlen(wanted) && memcmp(path->bytes, wanted, path->length) == 0;
}

static void choose_content(const struct http_text *path, struct http_answer *answer) {
  answer->status = 200;
  if (is_path(path, "/")) {
    answer->content = HTTP_PAGE;
  } else if (is_path(path, "/ping")) {
    answer->content = HTTP_PING;
    answer->text = "pong\n";
  } else if (is_path(path, "/events")) {
    answer->content = HTTP_EVENTS;
    answer->is_last = true;
  } else {
    refuse(answer, 404, "lopong: there is nothing here. The page is at /.\n");
  }
}

static bool wants_close(const struct http_head *request) {
  const struct http_text *connection = http_head_find(request, "Connection");
  return request->minor == 0 || (connection != NULL && http_text_contains(connection, "close"));
}

void http_answer_choose(const struct http_head *request, struct http_answer *answer) {
  struct http_text path = path_of(request);
  *answer = (struct http_answer){.is_last = wants_close(request)};
  if (!judge_host(request, answer) || !judge_origin(request, is_path(&path, "/"), answer) ||
      !judge_method(request, answer) || !judge_body(request, answer))
    return;
  choose_content(&path, answer);
}

static const char *type_of(enum http_content content) {
  switch (content) {
    case HTTP_PAGE:
      return "text/html";
    case HTTP_EVENTS:
      return "text/event-stream";
    default:
      return "text/plain";
  }
}

/* The embedder policy is for the browser's clock: only an isolated page gets the fine one. */
static void put_policies(struct http_buffer *buffer) {
  http_put_format(buffer,
                  "Content-Security-Policy: default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; "
                  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                  "require-trusted-types-for 'script'\r\n",
                  http_assets_style_hash, http_assets_script_hash);
  http_put_format(buffer,
                  "X-Content-Type-Options: nosniff\r\n"
                  "X-Frame-Options: DENY\r\n"
                  "Referrer-Policy: no-referrer\r\n"
                  "Cross-Origin-Resource-Policy: same-origin\r\n"
                  "Cross-Origin-Opener-Policy: same-origin\r\n"
                  "Cross-Origin-Embedder-Policy: require-corp\r\n"
                  "Cache-Control: no-store\r\n");
}

void http_answer_put_head(struct http_buffer *buffer, const struct http_answer *answer, size_t content_bytes) {
  http_put_format(buffer, "HTTP/1.1 %d %s\r\n", answer->status, reason_of(answer->status));
  http_put_format(buffer, "Content-Type: %s; charset=utf-8\r\n", type_of(answer->content));
  if (answer->content != HTTP_EVENTS) http_put_format(buffer, "Content-Length: %zu\r\n", content_bytes);
  if (answer->status == 405) http_put_format(buffer, "Allow: GET, HEAD\r\n");
  put_policies(buffer);
  http_put_format(buffer, "Connection: %s\r\n\r\n", answer->is_last ? "close" : "keep-alive");
}
