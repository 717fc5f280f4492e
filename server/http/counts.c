/* See counts.h. */
#include "server/http/counts.h"

#include <inttypes.h>

#include "common/text/units.h"

static void put_native(struct http_buffer *buffer, const struct http_native *native) {
  if (native->count == 0) {
    http_put_format(buffer, "null");
    return;
  }
  http_put_format(buffer,
                  "{\"count\":%" PRIu64 ",\"legs_least_ns\":%" PRIu64 ",\"legs_median_ns\":%" PRIu64
                  ",\"steps_least_ns\":%" PRIu64 ",\"steps_median_ns\":%" PRIu64 "}",
                  native->count, native->legs_least_ns, native->legs_median_ns, native->steps_least_ns,
                  native->steps_median_ns);
}

void http_counts_put_event(struct http_buffer *buffer, const struct http_counts *counts) {
  http_put_format(buffer, "data: {\"run_ns\":%" PRIu64 ",\"open_connections\":%" PRIu64, counts->run_ns,
                  counts->stats.open_connections);
  for (size_t i = 0; i < server_stats_row_count; i++)
    http_put_format(buffer, ",\"%s\":%" PRIu64, server_stats_rows[i].json_name,
                    server_stats_value(&counts->stats, &server_stats_rows[i]));
  http_put_format(buffer, ",\"native\":");
  put_native(buffer, &counts->native);
  http_put_format(buffer, "}\n\n");
}

static void put_item(struct http_buffer *buffer, const char *name, const char *label, uint64_t value) {
  char text[UNITS_TEXT_SIZE];
  http_put_format(buffer, "<li><strong data-counter=\"%s\">%s</strong><span>%s</span></li>\n", name,
                  units_format_count(value, text), label);
}

void http_counts_put_items(struct http_buffer *buffer, const struct http_counts *counts) {
  put_item(buffer, "open_connections", "connections open", counts->stats.open_connections);
  for (size_t i = 0; i < server_stats_row_count; i++)
    if (server_stats_rows[i].is_always_shown)
      put_item(buffer, server_stats_rows[i].json_name, server_stats_rows[i].label,
               server_stats_value(&counts->stats, &server_stats_rows[i]));
}
