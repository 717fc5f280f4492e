/* The counters' names. Counting happens where things happen; printing in the announcers. */
#include "server/say/server_stats.h"

#define FIELD(name) offsetof(struct server_stats, name)

const struct server_stats_row server_stats_rows[] = {
    {"connections", "connections", FIELD(connections), true},
    {"peak_connections", "peak connections", FIELD(peak_connections), true},
    {"messages", "messages", FIELD(messages), true},
    {"bytes_in", "bytes in", FIELD(bytes_in), true},
    {"bytes_out", "bytes out", FIELD(bytes_out), true},
    {"refusals", "refusals", FIELD(refusals), true},
    {"refused_too_many", "refused, above --max-connections", FIELD(refused_too_many), false},
    {"refused_no_descriptors", "refused, out of descriptors", FIELD(refused_no_descriptors), false},
    {"refused_no_watches", "refused, no room to watch them", FIELD(refused_no_watches), false},
    {"accept_errors", "accept errors", FIELD(accept_errors), false},
    {"receive_errors", "UDP receive errors", FIELD(receive_errors), false},
    {"idle_closed", "closed as idle", FIELD(idle_closed), false},
    {"stuck_reset", "reset as stuck", FIELD(stuck_reset), false},
    {"protocol_errors", "protocol errors", FIELD(protocol_errors), false},
    {"udp_dropped", "UDP answers dropped", FIELD(udp_dropped), false},
    {"udp_refused", "UDP datagrams refused", FIELD(udp_refused), false},
    {"udp_loops_cut", "UDP loops cut", FIELD(udp_loops_cut), false},
};

const size_t server_stats_row_count = sizeof server_stats_rows / sizeof server_stats_rows[0];

uint64_t server_stats_value(const struct server_stats *stats, const struct server_stats_row *row) {
  return *(const uint64_t *)((const char *)stats + row->offset);
}

void server_stats_add(struct server_stats *sum, const struct server_stats *more) {
  for (size_t i = 0; i < server_stats_row_count; i++)
    *(uint64_t *)((char *)sum + server_stats_rows[i].offset) += server_stats_value(more, &server_stats_rows[i]);
}
