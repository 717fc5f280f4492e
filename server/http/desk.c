/* See desk.h. */
#include "server/http/desk.h"

#include <stdlib.h>
#include <uv.h>

struct http_desk {
  bool is_open;
  uv_mutex_t lock;
  /* Guarded by it: */
  struct http_counts counts;
  size_t places_taken;
  bool has_seen_browser;
};

int http_desk_create(bool is_open, struct http_desk **created) {
  struct http_desk *desk = calloc(1, sizeof *desk);
  if (desk == NULL) return UV_ENOMEM;
  int code = uv_mutex_init(&desk->lock);
  if (code != 0) {
    free(desk);
    return code;
  }
  desk->is_open = is_open;
  *created = desk;
  return 0;
}

void http_desk_free(struct http_desk *desk) {
  if (desk == NULL) return;
  uv_mutex_destroy(&desk->lock);
  free(desk);
}

bool http_desk_is_open(const struct http_desk *desk) {
  return desk->is_open;
}

void http_desk_put_counts(struct http_desk *desk, uint64_t run_ns, const struct server_stats *stats) {
  uv_mutex_lock(&desk->lock);
  desk->counts.run_ns = run_ns;
  desk->counts.stats = *stats;
  uv_mutex_unlock(&desk->lock);
}

void http_desk_put_native(struct http_desk *desk, const struct http_native_times *times) {
  struct http_native native;
  http_native_summarise(times, &native);
  if (native.count == 0) return;
  uv_mutex_lock(&desk->lock);
  desk->counts.native = native;
  uv_mutex_unlock(&desk->lock);
}

void http_desk_read(struct http_desk *desk, struct http_counts *counts) {
  uv_mutex_lock(&desk->lock);
  *counts = desk->counts;
  uv_mutex_unlock(&desk->lock);
}

bool http_desk_take_place(struct http_desk *desk) {
  uv_mutex_lock(&desk->lock);
  bool is_free = desk->places_taken < HTTP_STREAMS_MAX;
  if (is_free) desk->places_taken++;
  uv_mutex_unlock(&desk->lock);
  return is_free;
}

void http_desk_leave_place(struct http_desk *desk) {
  uv_mutex_lock(&desk->lock);
  desk->places_taken--;
  uv_mutex_unlock(&desk->lock);
}

bool http_desk_is_first_browser(struct http_desk *desk) {
  uv_mutex_lock(&desk->lock);
  bool is_first = !desk->has_seen_browser;
  desk->has_seen_browser = true;
  uv_mutex_unlock(&desk->lock);
  return is_first;
}
