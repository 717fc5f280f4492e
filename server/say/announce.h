/*
 * What lopong says: events in text or as JSON lines on stdout, and everything else in sentences on stderr.
 *
 * Two const tables of functions, one per kind of output, so that no one else asks which of them is wanted. Every event
 * is flushed at once. A stdout that is gone is not an error: the server serves on.
 */
#ifndef LOPING_SERVER_SAY_ANNOUNCE_H
#define LOPING_SERVER_SAY_ANNOUNCE_H

#include <stdint.h>

#include "common/explain/explanation.h"
#include "common/net/address.h"
#include "common/sockets/port_owner.h"
#include "server/say/server_stats.h"

/* Longer than the longest sentence, a refusal of an address with all the others of the machine. */
#define ANNOUNCE_NOTICE_SIZE 2048

struct connection_facts {
  uint64_t number; /* 1 for the first connection */
  enum transport transport;
  const char *peer; /* "127.0.0.1:40312"; "" for unix */
  uint64_t bytes_in;
  uint64_t bytes_out;
  uint64_t messages;
  uint64_t open_ns;
  const char *reason; /* why it was closed */
};

struct announcer {
  /* An endpoint that is bound and ready; all of them are, before the first is announced. */
  void (*listening)(const struct endpoint *endpoint);
  void (*connection_opened)(const struct connection_facts *facts);
  void (*connection_closed)(const struct connection_facts *facts);
  void (*summary)(const struct server_stats *stats, uint64_t run_ns);
  /* `sockets`: what was found on the wanted port or path; may be NULL. */
  void (*bind_failed)(const struct endpoint *wanted, const struct port_report *sockets,
                      const struct explanation *explanation);
};

/* Text on stdout (listening, summary) and on stderr (the others). */
extern const struct announcer announce_plain;
/* One JSON object a line on stdout; a failed bind is explained on stderr too. */
extern const struct announcer announce_json;

/* One sentence on stderr, after the program's name. Text from outside must be escaped already (safe_text.h). */
void announce_notice(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/* An endpoint as printable text: the unix path is escaped. `out` holds ADDRESS_TEXT_SIZE * 4 bytes; returns `out`. */
const char *announce_endpoint_text(const struct endpoint *endpoint, char out[ADDRESS_TEXT_SIZE * 4]);

#endif
