/*
 * See page.h. The page is page.html, in which {{NAME}} stands for what a row of the table below writes.
 *
 * All that the browser sent goes through http_put_escaped(). What identifies its user to others is not shown.
 */
#include "server/http/page.h"

#include <string.h>

#include "server/http/assets.h"

#define HOLE_BEGIN "{{"
#define HOLE_END   "}}"

static void put_text(struct http_buffer *buffer, const char *text) {
  const struct http_text whole = {text, strlen(text)};
  http_put_escaped(buffer, &whole);
}

static void put_lines(struct http_buffer *buffer, const char *const *lines) {
  for (; *lines != NULL; lines++)
    http_put(buffer, *lines, strlen(*lines));
}

static void put_style(struct http_buffer *buffer, const struct http_page_facts *facts) {
  (void)facts;
  put_lines(buffer, http_assets_style);
}

static void put_script(struct http_buffer *buffer, const struct http_page_facts *facts) {
  (void)facts;
  put_lines(buffer, http_assets_script);
}

static void put_address(struct http_buffer *buffer, const struct http_page_facts *facts) {
  put_text(buffer, facts->address);
}

static void put_target(struct http_buffer *buffer, const struct http_page_facts *facts) {
  put_text(buffer, facts->target);
}

static void put_counters(struct http_buffer *buffer, const struct http_page_facts *facts) {
  http_counts_put_items(buffer, facts->counts);
}

static void put_request_line(struct http_buffer *buffer, const struct http_page_facts *facts) {
  http_put_escaped(buffer, &facts->request->method);
  put_text(buffer, " ");
  http_put_escaped(buffer, &facts->request->target);
  http_put_format(buffer, " HTTP/1.%d", facts->request->minor);
}

/* Cookies know no port: these are those of every server on this machine, and none of them is ours. */
static bool is_secret(const struct http_text *name) {
  return http_text_is(name, "Cookie") || http_text_is(name, "Authorization") ||
         http_text_is(name, "Proxy-Authorization");
}

static void put_fields(struct http_buffer *buffer, const struct http_page_facts *facts) {
  for (size_t i = 0; i < facts->request->field_count; i++) {
    const struct http_field *field = &facts->request->fields[i];
    http_put_format(buffer, "<tr><th scope=\"row\">");
    http_put_escaped(buffer, &field->name);
    http_put_format(buffer, "</th><td>");
    if (is_secret(&field->name))
      http_put_format(buffer, "<em>%zu bytes that are not shown, as they are meant for other servers</em>",
                      field->value.length);
    else
      http_put_escaped(buffer, &field->value);
    http_put_format(buffer, "</td></tr>\n");
  }
}

static const struct hole {
  const char *name;
  void (*put)(struct http_buffer *buffer, const struct http_page_facts *facts);
} holes[] = {
    {"style", put_style},       {"script", put_script},        {"address", put_address}, {"target", put_target},
    {"counters", put_counters}, {"request", put_request_line}, {"fields", put_fields},
};

static void put_hole(struct http_buffer *buffer, const char *name, size_t length, const struct http_page_facts *facts) {
  for (size_t i = 0; i < sizeof holes / sizeof holes[0]; i++)
    if (strlen(holes[i].name) == length && memcmp(holes[i].name, name, length) == 0) holes[i].put(buffer, facts);
}

static void put_line(struct http_buffer *buffer, const char *line, const struct http_page_facts *facts) {
  const char *begin, *end;
  while ((begin = strstr(line, HOLE_BEGIN)) != NULL && (end = strstr(begin, HOLE_END)) != NULL) {
    http_put(buffer, line, (size_t)(begin - line));
    begin += sizeof HOLE_BEGIN - 1;
    put_hole(buffer, begin, (size_t)(end - begin), facts);
    line = end + sizeof HOLE_END - 1;
  }
  http_put(buffer, line, strlen(line));
}

void http_page_put(struct http_buffer *buffer, const struct http_page_facts *facts) {
  for (const char *const *line = http_assets_page; *line != NULL; line++)
    put_line(buffer, *line, facts);
}
