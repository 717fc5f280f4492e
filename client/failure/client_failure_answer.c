/* A connection that stood, and whose answer is missing, wrong or cut off, in words. Pure. */
#include <inttypes.h>
#include <stdio.h>

#include "client/failure/client_failure_rows.h"
#include "common/text/safe_text.h"

/* The target's own port is taken by what answered there. */
static void suggest_free_port(struct explanation *out) {
  explain_step(out, "start an echo server on a port that is free: lopong --port 0; it prints the number for loping");
}

void client_write_not_echo(const struct client_failure *failure, const struct explain_holders *holders,
                           struct explanation *out) {
  char shown[4 * sizeof failure->first_bytes + 1];
  size_t length = failure->first_bytes_length;
  if (length > sizeof failure->first_bytes) length = sizeof failure->first_bytes;
  safe_text_copy(failure->first_bytes, length, shown, sizeof shown);
  if (length > 0)
    explain_cause(out, "An echo server sends back what it gets. This one sent: \"%s\".", shown);
  else
    explain_cause(out, "An echo server sends back what it gets. This one sent something else.");
  if (holders->count > 0) client_describe_server(failure, holders, out);
  suggest_free_port(out);
  client_suggest_look(failure, holders, out);
}

void client_write_plain_echo(const struct client_failure *failure, const struct explain_holders *holders,
                             struct explanation *out) {
  explain_cause(out, "It returns what it gets, and knows no other session. Only lopong can discard or send a stream.");
  if (holders->count > 0) client_describe_server(failure, holders, out);
  suggest_free_port(out);
  explain_step(out, "or measure the echo, which any echo server can: loping throughput --direction echo");
}

void client_write_no_kernel_times(const struct client_failure *failure, const struct explain_holders *holders,
                                  struct explanation *out) {
  explain_cause(out, "An anatomy needs the times at which the kernel received each message on both sides.");
  if (failure->is_lopong)
    explain_cause(out, "This lopong does not tell its own; the one of this version does.");
  else
    explain_cause(out, "This server returns what it gets, as every echo server does; only lopong adds its times.");
  if (holders->count > 0) client_describe_server(failure, holders, out);
  explain_step(out, "start this version of lopong on a port that is free: lopong --port 0; it prints the number");
  explain_step(out, "or measure the whole round trip, which any echo server can: loping latency");
}

void client_write_hung_up(const struct client_failure *failure, const struct explain_holders *holders,
                          struct explanation *out) {
  char count[EXPLAIN_NAME_SIZE];
  if (failure->measured > 0) {
    explain_cause(out, "Measured before it: %s.", client_round_trips(failure, count));
    if (client_has_sockets(failure) && holders->count == 0)
      explain_cause(out, "Nobody listens there any more: the server has ended.");
  } else {
    explain_cause(out, "It accepted the connection and closed it before the first echo.");
  }
  if (holders->count > 0) client_describe_server(failure, holders, out);
  if (failure->measured == 0)
    explain_step(out, "look at the server's own messages: it says why it refuses connections");
  if (holders->count == 0) client_suggest_server(failure, out);
  client_suggest_look(failure, holders, out);
}

void client_write_stopped(const struct client_failure *failure, const struct explain_holders *holders,
                          struct explanation *out) {
  client_describe_server(failure, holders, out);
  explain_cause(out, "A stopped server answers nothing; the kernel alone accepted the connection for it.");
  explain_step(out, "let it go on: kill -CONT %" PRId64, holders->sockets[0]->processes[0].pid);
  client_suggest_look(failure, holders, out);
}

void client_write_silent_queue(const struct client_failure *failure, const struct explain_holders *holders,
                               struct explanation *out) {
  char wait[UNITS_TEXT_SIZE];
  client_describe_server(failure, holders, out);
  explain_cause(out,
                "The kernel completed the connection, but the server has not accepted it: %" PRIu32
                " wait in its queue. No echo came within %s.",
                holders->sockets[0]->queued, client_waited(failure, wait));
  explain_step(out, "look at what the server does: it has to call accept()");
  client_suggest_look(failure, holders, out);
}

void client_write_silent(const struct client_failure *failure, const struct explain_holders *holders,
                         struct explanation *out) {
  char wait[UNITS_TEXT_SIZE];
  bool is_discarded = client_is_udp(failure) && holders->count == 0;
  if (holders->count > 0) client_describe_server(failure, holders, out);
  if (is_discarded)
    explain_cause(out,
                  "No echo came within %s, and no refusal either, which a port without a server sends at once: a "
                  "firewall discards the packets.",
                  client_waited(failure, wait));
  else
    explain_cause(out, "It took the request, and no echo came within %s: it is no echo server, or it is stuck.",
                  client_waited(failure, wait));
  if (is_discarded)
    client_suggest_firewall(failure, out);
  else
    suggest_free_port(out);
  client_suggest_look(failure, holders, out);
}

void client_write_timeout_measured(const struct client_failure *failure, const struct explain_holders *holders,
                                   struct explanation *out) {
  char count[EXPLAIN_NAME_SIZE], wait[UNITS_TEXT_SIZE];
  explain_cause(out, "After %s no answer came within %s.", client_round_trips(failure, count),
                client_waited(failure, wait));
  if (holders->count > 0) client_describe_server(failure, holders, out);
  client_suggest_look(failure, holders, out);
}

void client_write_other(const struct client_failure *failure, const struct explain_holders *holders,
                        struct explanation *out) {
  static const char *const tried[] = {
      [CLIENT_STEP_RESOLVE] = "looked up the name",
      [CLIENT_STEP_CONNECT] = "opened the connection",
      [CLIENT_STEP_GREET] = "waited for the first answer",
      [CLIENT_STEP_MEASURE] = "measured",
  };
  char count[EXPLAIN_NAME_SIZE];
  explain_cause(out, "It came while loping %s, and the system gave no other reason.", tried[failure->step]);
  if (failure->measured > 0) explain_cause(out, "Measured before it: %s.", client_round_trips(failure, count));
  if (holders->count > 0) client_describe_server(failure, holders, out);
  client_suggest_look(failure, holders, out);
}
