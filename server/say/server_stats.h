/* What lopong counts, and the one table that both kinds of summary walk. Plain data. */
#ifndef LOPING_SERVER_SAY_SERVER_STATS_H
#define LOPING_SERVER_SAY_SERVER_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct server_stats {
  uint64_t connections;      /* accepted and served, since the start */
  uint64_t open_connections; /* now */
  uint64_t peak_connections;
  uint64_t messages; /* reads of a stream that were answered or counted, frames of a stamped session, datagrams */
  uint64_t bytes_in; /* of payload, hello included */
  uint64_t bytes_out;
  uint64_t refusals; /* connections that were closed at once; the next three say why */
  uint64_t refused_too_many;
  uint64_t refused_no_descriptors;
  uint64_t refused_no_watches;
  uint64_t accept_errors;
  uint64_t receive_errors; /* of UDP */
  uint64_t idle_closed;
  uint64_t stuck_reset; /* clients that did not read while TCP memory was short */
  uint64_t protocol_errors;
  uint64_t http_requests; /* that --http answered */
  uint64_t udp_dropped;   /* answers that the system did not take */
  uint64_t udp_refused;   /* datagrams that get no answer by the loop guard */
  uint64_t udp_loops_cut; /* datagrams not answered after too many repeats */
};

struct server_stats_row {
  const char *json_name;
  const char *label;
  size_t offset;
  bool is_always_shown; /* otherwise only where it is not 0 */
  const char *meaning;  /* a sentence for the schema of the summary */
};

extern const struct server_stats_row server_stats_rows[];
extern const size_t server_stats_row_count;

uint64_t server_stats_value(const struct server_stats *stats, const struct server_stats_row *row);

/* Adds what another loop counted. The connections and their peak are counted by the loop that accepts, for all. */
void server_stats_add(struct server_stats *sum, const struct server_stats *more);

#endif
