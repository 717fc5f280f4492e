/*
 * What lopong says: events in text or as JSON lines on stdout, and everything else in sentences on stderr.
 *
 * Two const tables of functions, one per kind of output, so that no one else asks which of them is wanted. All goes
 * through the outbox, which never makes the caller wait. A stdout that is gone is not an error, and the server serves
 * on; only the ready lines must be heard.
 */
#ifndef LOPING_SERVER_SAY_ANNOUNCE_H
#define LOPING_SERVER_SAY_ANNOUNCE_H

#include <stdint.h>

#include "common/explain/explanation.h"
#include "common/net/address.h"
#include "common/sockets/port_owner.h"
#include "common/wire/fault_report.h"
#include "server/say/outbox.h"
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
  /* An endpoint that is bound and ready; all of them are, before the first is announced. `faults` are those that are
   * made on purpose, here and below; NULL: none. */
  void (*listening)(struct outbox *outbox, const struct endpoint *endpoint, const struct wire_fault_report *faults);
  void (*connection_opened)(struct outbox *outbox, const struct connection_facts *facts);
  void (*connection_closed)(struct outbox *outbox, const struct connection_facts *facts);
  void (*summary)(struct outbox *outbox, const struct server_stats *stats, uint64_t run_ns,
                  const struct wire_fault_report *faults);
  /* `sockets`: what was found on the wanted port or path; may be NULL. */
  void (*bind_failed)(struct outbox *outbox, const struct endpoint *wanted, const struct port_report *sockets,
                      const struct explanation *explanation);
  /* Without --http: the first connection whose first bytes are a browser's request, as that field of it says. */
  void (*browser_came)(struct outbox *outbox, uint64_t connection, const char *field);
  outbox_tell_left_out *tell_left_out;
};

/* Text on stdout (listening, summary) and on stderr (the others). */
extern const struct announcer announce_plain;
/* One JSON object a line on stdout; a failed bind is explained on stderr too. */
extern const struct announcer announce_json;

/* One sentence on stderr, after the program's name. Text from outside must be escaped already (safe_text.h). */
void announce_notice(struct outbox *outbox, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(__printf__, 2, 3)))
#endif
    ;

/* A text of several lines on stderr, laid out for its columns. */
void announce_text(struct outbox *outbox, const char *text);

/* "lopong: 1,204 lines were left out ...", as an outbox_tell_left_out. */
void announce_left_out(enum outbox_stream stream, uint64_t lines, char out[OUTBOX_LEFT_OUT_SIZE]);

/* An endpoint as printable text: the unix path is escaped. `out` holds ADDRESS_TEXT_SIZE * 4 bytes; returns `out`. */
const char *announce_endpoint_text(const struct endpoint *endpoint, char out[ADDRESS_TEXT_SIZE * 4]);

#endif
