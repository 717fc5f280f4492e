/* The counters' names. Counting happens where things happen; printing in the announcers. */
#include "server/say/server_stats.h"

#define FIELD(name) offsetof(struct server_stats, name)

const struct server_stats_row server_stats_rows[] = {
    {"connections", "connections", FIELD(connections), true, "Connections that were accepted and served."},
    {"peak_connections", "peak connections", FIELD(peak_connections), true, "The most that were open at a time."},
    {"messages", "messages", FIELD(messages), true,
     "Reads of a stream that were answered or counted, frames of a session, datagrams."},
    {"bytes_in", "bytes in", FIELD(bytes_in), true, "Bytes that came, hellos included."},
    {"bytes_out", "bytes out", FIELD(bytes_out), true, "Bytes that were sent."},
    {"refusals", "refusals", FIELD(refusals), true, "Connections that were closed at once; the next three say why."},
    {"refused_too_many", "refused, above --max-connections", FIELD(refused_too_many), false,
     "Beyond --max-connections."},
    {"refused_no_descriptors", "refused, out of descriptors", FIELD(refused_no_descriptors), false,
     "No descriptor was left for them."},
    {"refused_no_watches", "refused, no room to watch them", FIELD(refused_no_watches), false,
     "The kernel had no room to watch them."},
    {"accept_errors", "accept errors", FIELD(accept_errors), false, "Connections that could not be accepted."},
    {"receive_errors", "UDP receive errors", FIELD(receive_errors), false, "UDP datagrams that could not be received."},
    {"idle_closed", "closed as idle", FIELD(idle_closed), false, "Connections that --idle-timeout closed."},
    {"stuck_reset", "reset as stuck", FIELD(stuck_reset), false,
     "Connections that were reset, as their clients did not read while TCP memory was short."},
    {"protocol_errors", "protocol errors", FIELD(protocol_errors), false,
     "Connections that broke the rules of their session."},
    {"http_requests", "HTTP requests", FIELD(http_requests), false, "Requests of HTTP that --http answered."},
    {"udp_dropped", "UDP answers dropped", FIELD(udp_dropped), false, "UDP answers that the system did not take."},
    {"udp_refused", "UDP datagrams refused", FIELD(udp_refused), false,
     "UDP datagrams that get no answer, so that no two servers answer each other for ever."},
    {"udp_loops_cut", "UDP loops cut", FIELD(udp_loops_cut), false,
     "UDP datagrams that got no answer after too many repeats."},
};

const size_t server_stats_row_count = sizeof server_stats_rows / sizeof server_stats_rows[0];

uint64_t server_stats_value(const struct server_stats *stats, const struct server_stats_row *row) {
  return *(const uint64_t *)((const char *)stats + row->offset);
}

void server_stats_add(struct server_stats *sum, const struct server_stats *more) {
  for (size_t i = 0; i < server_stats_row_count; i++)
    *(uint64_t *)((char *)sum + server_stats_rows[i].offset) += server_stats_value(more, &server_stats_rows[i]);
}
