/*
 * See http_stream.h. What is answered is decided in server/http, which knows no connection.
 *
 *   a request --> its answer --> the next request ... --> the end
 *         \--/events--> SESSION_EVENTS (http_events.c)
 */
#include "server/echo/http_stream.h"

#include <stdio.h>
#include <stdlib.h>

#include "server/echo/http_events.h"
#include "server/echo/output.h"
#include "server/http/answer.h"
#include "server/http/desk.h"
#include "server/http/page.h"

/* Of one read: browsers send one at a time, and who sends many waits for none of their answers. */
#define REQUESTS_A_READ 8

static void find_own_address(const struct connection *connection, char address[ADDRESS_TEXT_SIZE],
                             char target[ADDRESS_TEXT_SIZE]) {
  struct sockaddr_storage own = {0}, standard = {0};
  int length = sizeof own;
  address[0] = target[0] = '\0';
  uv_ip4_addr(ADDRESS_DEFAULT_HOST, 0, (struct sockaddr_in *)&standard);
  if (uv_tcp_getsockname(&connection->as.tcp, (struct sockaddr *)&own, &length) != 0) return;
  address_format(&own, address);
  if (own.ss_family == AF_INET && address_same_host(&own, &standard))
    snprintf(target, ADDRESS_TEXT_SIZE, "%u", address_port(&own));
  else
    address_format(&own, target);
}

static void put_page(const struct connection *connection, const struct http_head *request, struct http_buffer *page) {
  struct http_counts counts;
  char address[ADDRESS_TEXT_SIZE], target[ADDRESS_TEXT_SIZE];
  find_own_address(connection, address, target);
  http_desk_read(connection->worker->http, &counts);
  http_page_put(page, &(struct http_page_facts){request, address, target, &counts});
}

static bool send_answer(struct connection *connection, const struct http_answer *answer, const char *content,
                        size_t content_bytes) {
  char head[HTTP_ANSWER_HEAD_SIZE];
  struct http_buffer buffer = {.bytes = head, .size = sizeof head};
  http_answer_put_head(&buffer, answer, content_bytes);
  if (!output_send(connection, (const uint8_t *)head, buffer.length)) return false;
  if (answer->is_head_only || content_bytes == 0) return true;
  return output_send(connection, (const uint8_t *)content, content_bytes);
}

static bool send_text(struct connection *connection, const struct http_answer *answer) {
  size_t length = 0;
  while (answer->text[length] != '\0')
    length++;
  return send_answer(connection, answer, answer->text, length);
}

static bool send_page(struct connection *connection, const struct http_head *request, struct http_answer *answer) {
  struct http_buffer page = {.bytes = malloc(HTTP_PAGE_SIZE), .size = HTTP_PAGE_SIZE};
  if (page.bytes != NULL) put_page(connection, request, &page);
  bool is_made = page.bytes != NULL && !page.is_full;
  if (!is_made) http_answer_refuse(HTTP_NO_MEMORY, answer);
  bool is_sent = is_made ? send_answer(connection, answer, page.bytes, page.length) : send_text(connection, answer);
  free(page.bytes);
  return is_sent;
}

static bool begin_events(struct connection *connection, struct http_answer *answer) {
  struct http_desk *desk = connection->worker->http;
  if (answer->is_head_only) return send_answer(connection, answer, NULL, 0);
  if (!http_desk_take_place(desk)) {
    http_answer_refuse(HTTP_NO_PLACE, answer);
    return send_text(connection, answer);
  }
  connection->has_place = true;
  if (send_answer(connection, answer, NULL, 0)) http_events_begin(connection);
  return false;
}

/* False: nothing more is to be answered on this connection. */
static bool answer_one(struct connection *connection, const struct http_head *request, bool is_last) {
  struct http_answer answer;
  bool goes_on;
  connection->worker->stats.http_requests++;
  http_answer_choose(request, &answer);
  answer.is_last |= is_last;
  if (answer.content == HTTP_PAGE)
    goes_on = send_page(connection, request, &answer);
  else if (answer.content == HTTP_EVENTS)
    goes_on = begin_events(connection, &answer);
  else
    goes_on = send_text(connection, &answer);
  if (goes_on && answer.is_last) output_finish(connection, "its last answer was sent");
  return goes_on && !answer.is_last;
}

static void refuse(struct connection *connection, enum http_refusal refusal) {
  struct http_answer answer;
  connection->worker->stats.http_requests++;
  http_answer_refuse(refusal, &answer);
  if (send_text(connection, &answer)) output_finish(connection, "what it sent is no request that is answered");
}

static void keep(struct connection *connection, const uint8_t *bytes, size_t length) {
  if (length >= HTTP_HEAD_BYTES_MAX)
    refuse(connection, HTTP_HEAD_TOO_MUCH);
  else if (!session_keep_partial(&connection->session, bytes, length))
    connection_close(connection, "out of memory");
}

void http_stream_take(struct connection *connection, const uint8_t *bytes, size_t length) {
  struct http_head request;
  size_t at = 0;
  for (size_t count = 1; at < length; count++) {
    enum http_head_status status = http_head_parse(bytes + at, length - at, &request);
    if (status == HTTP_HEAD_PARTIAL) break;
    if (status != HTTP_HEAD_WHOLE) {
      refuse(connection, status == HTTP_HEAD_NONE ? HTTP_NO_REQUEST : HTTP_HEAD_TOO_MUCH);
      return;
    }
    at += request.length;
    if (!answer_one(connection, &request, count == REQUESTS_A_READ)) return;
  }
  keep(connection, bytes + at, length - at);
}

static void speak_of(struct connection *connection, const struct http_head *request) {
  struct worker *worker = connection->worker;
  const char *evidence = http_head_browser_evidence(request);
  if (evidence == NULL) return;
  worker->has_seen_browser = true;
  if (http_desk_is_first_browser(worker->http))
    worker->announcer->browser_came(worker->outbox, connection->number, evidence);
}

bool http_stream_begins(struct connection *connection, const uint8_t *bytes, size_t length) {
  struct worker *worker = connection->worker;
  struct http_head request;
  if (worker->has_seen_browser) return false;
  enum http_head_status status = http_head_parse(bytes, length, &request);
  if (!http_desk_is_open(worker->http)) {
    if (status == HTTP_HEAD_WHOLE) speak_of(connection, &request);
    return false;
  }
  if (status != HTTP_HEAD_WHOLE && status != HTTP_HEAD_TOO_LARGE) return false;
  connection->session.mode = SESSION_HTTP;
  connection->session.frame_bytes = HTTP_HEAD_BYTES_MAX; /* of what can be kept */
  http_stream_take(connection, bytes, length);
  return true;
}
