/*
 * Why the client failed, in words: what the run saw, and then the first row that fits. Nearly every failure on a port
 * is the last row but one, check's verdict. Pure: the facts were gathered before.
 */
#include "client/failure/client_failure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "client/failure/progress.h"
#include "common/explain/error_words.h"
#include "common/explain/explain_text.h"
#include "common/explain/holders.h"
#include "common/machine/machine.h"
#include "common/text/safe_text.h"
#include "common/text/units.h"

#define HAPPENED_BYTES 160

typedef void failure_writer(const struct client_failure *failure, const struct second_look *look,
                            struct explanation *out);

static bool is_unix(const struct client_failure *failure) {
  return failure->target.transport == TRANSPORT_UNIX;
}

static uint16_t port_of(const struct client_failure *failure) {
  return address_port(&failure->target.address);
}

static const char *waited(const struct client_failure *failure, char out[UNITS_TEXT_SIZE]) {
  if (failure->timeout_ns == 0) return "the time allowed";
  return units_format_duration((double)failure->timeout_ns, out);
}

/* What is no error code gets a name of its own. */
static const char *finding_name(const struct client_failure *failure) {
  static const char *const names[] = {
      [CLIENT_FINDING_SELF_CONNECT] = "SELF_CONNECT", [CLIENT_FINDING_NOT_ECHO] = "NOT_ECHO",
      [CLIENT_FINDING_PLAIN_ECHO] = "PLAIN_ECHO",     [CLIENT_FINDING_SILENT] = "NO_ANSWER",
      [CLIENT_FINDING_HUNG_UP] = "HUNG_UP",           [CLIENT_FINDING_NO_KERNEL_TIMES] = "NO_KERNEL_TIMES",
      [CLIENT_FINDING_OTHER_CLOCK] = "OTHER_CLOCK",
  };
  bool code_says_more = failure->code != 0 && failure->code != UV_EOF && failure->finding != CLIENT_FINDING_NOT_ECHO &&
                        failure->finding != CLIENT_FINDING_SELF_CONNECT;
  return code_says_more ? NULL : names[failure->finding];
}

static const char *seen_words(const struct client_failure *failure, char out[HAPPENED_BYTES]) {
  static const char *const findings[] = {
      [CLIENT_FINDING_NONE] = NULL,
      [CLIENT_FINDING_SELF_CONNECT] = "the connection reached itself",
      [CLIENT_FINDING_NOT_ECHO] = "the server there is no echo server",
      [CLIENT_FINDING_PLAIN_ECHO] = "the server there is a plain echo server",
      [CLIENT_FINDING_SILENT] = NULL,
      [CLIENT_FINDING_HUNG_UP] = "the server closed the connection",
      [CLIENT_FINDING_NO_KERNEL_TIMES] = "the server there tells no kernel times",
      [CLIENT_FINDING_OTHER_CLOCK] = "the server's clock is another one",
  };
  char wait[UNITS_TEXT_SIZE];
  if (failure->finding == CLIENT_FINDING_HUNG_UP && !failure->account.has_echoed && !failure->account.is_sent)
    return "the server closed the connection before the first echo";
  if (findings[failure->finding] != NULL) return findings[failure->finding];
  const struct run_account *account = &failure->account;
  if (failure->finding == CLIENT_FINDING_SILENT && account->partial_bytes > 0)
    snprintf(out, HAPPENED_BYTES, "only %" PRIu64 " of an echo's %" PRIu64 " bytes came within %s",
             account->partial_bytes, account->partial_of, waited(failure, wait));
  else if (failure->finding == CLIENT_FINDING_SILENT)
    snprintf(out, HAPPENED_BYTES, "no echo came within %s", waited(failure, wait));
  else if (failure->code == UV_ETIMEDOUT)
    snprintf(out, HAPPENED_BYTES, "no answer within %s", waited(failure, wait));
  else
    return explain_code_summary(failure->code, out, HAPPENED_BYTES);
  return out;
}

static void write_happened(const struct client_failure *failure, struct explanation *out) {
  char name[EXPLAIN_NAME_SIZE * 4], host[ADDRESS_HOST_SIZE], words[HAPPENED_BYTES];
  char progress[PROGRESS_BYTES], where[PROGRESS_BYTES];
  const char *happened = seen_words(failure, words);
  explain_endpoint(&failure->target, name);
  safe_text_copy(failure->host, strlen(failure->host), host, sizeof host);
  if (failure->step == CLIENT_STEP_RESOLVE)
    explain_happened(out, "cannot look up \"%.255s\": %s (%s).", host, happened, out->code);
  else if (progress_has_begun(&failure->account))
    explain_happened(out, "lost %.400s after %s: %s%.80s (%s).", name, progress_text(&failure->account, progress),
                     progress_where(&failure->account, where), happened, out->code);
  else if (failure->step == CLIENT_STEP_CONNECT)
    explain_happened(out, "cannot connect to %.400s: %.80s (%s).", name, happened, out->code);
  else
    explain_happened(out, "cannot measure %.400s: %.80s (%s).", name, happened, out->code);
}

static void holders_of(const struct client_failure *failure, struct explain_holders *holders) {
  holders->count = 0;
  for (size_t i = 0; failure->sockets != NULL && i < failure->sockets->socket_count; i++)
    holders->sockets[holders->count++] = &failure->sockets->sockets[i];
}

static void say_who_holds(const struct client_failure *failure, struct explanation *out) {
  struct explain_holders holders;
  holders_of(failure, &holders);
  if (holders.count > 0) explain_who_holds(out, holders.sockets[0], 0, failure->own_user_id);
}

/* The command that shows the holder. */
static void suggest_look(const struct client_failure *failure, struct explanation *out) {
  const struct machine_words *words = machine_words();
  struct explain_holders holders;
  char name[ADDRESS_PATH_SIZE * 4];
  const char *show = failure->target.transport == TRANSPORT_UDP ? words->show_udp_holder : words->show_tcp_holder;
  holders_of(failure, &holders);
  snprintf(name, sizeof name, "%u", port_of(failure));
  if (is_unix(failure)) {
    safe_text_copy(failure->target.path, strlen(failure->target.path), name, sizeof name);
    show = words->show_unix_holder;
  }
  explain_how_to_see(out, &holders, show, name, failure->own_user_id);
}

/* The target's own port is taken by what answered there. */
static void suggest_free_port(struct explanation *out) {
  explain_step(out, "start an echo server on a port that is free: lopong --port 0; it prints the number for loping");
}

static void quote_first_bytes(const struct client_failure *failure, struct explanation *out) {
  char shown[4 * sizeof failure->first_bytes + 1];
  size_t length = failure->first_bytes_length;
  if (length > sizeof failure->first_bytes) length = sizeof failure->first_bytes;
  safe_text_copy(failure->first_bytes, length, shown, sizeof shown);
  if (length > 0)
    explain_cause(out, "An echo server sends back what it gets. This one sent: \"%s\".", shown);
  else
    explain_cause(out, "An echo server sends back what it gets. This one sent something else.");
}

static void write_unknown_host(const struct client_failure *failure, const struct second_look *look,
                               struct explanation *out) {
  char host[ADDRESS_HOST_SIZE];
  (void)look;
  safe_text_copy(failure->host, strlen(failure->host), host, sizeof host);
  explain_cause(out, "The name \"%s\" could not be turned into an address.", host);
  explain_step(out, "check the spelling, or give the address: loping 127.0.0.1:%u",
               port_of(failure) != 0 ? port_of(failure) : ADDRESS_DEFAULT_PORT);
  explain_step(out, "see it yourself: %s %s", machine_words()->look_up_name, host);
}

/* Our own lack says nothing of the port. */
static void write_own_lack(const struct client_failure *failure, const struct second_look *look,
                           struct explanation *out) {
  (void)look;
  if (failure->code == UV_EMFILE && failure->descriptor_limit > 0)
    explain_cause(out, "Each connection needs a file descriptor, and loping may have at most %" PRIu64 " descriptors.",
                  failure->descriptor_limit);
  else if (failure->code == UV_EMFILE || failure->code == UV_ENFILE)
    explain_cause(out, "Each connection needs a file descriptor, and loping has as many as it may.");
  else
    explain_cause(out, "The system had no memory left for loping's own sockets: that says nothing of the server.");
  explain_step(out, "use fewer connections: --connections");
  if (failure->code == UV_EMFILE)
    explain_step(out, "or raise the limit in the shell that starts loping: ulimit -n 65536");
}

static void write_plain_echo(const struct client_failure *failure, const struct second_look *look,
                             struct explanation *out) {
  (void)look;
  explain_cause(out, "It returns what it gets, and knows no other session. Only lopong can discard or send a stream.");
  say_who_holds(failure, out);
  suggest_free_port(out);
  explain_step(out, "or measure the echo, which any echo server can: loping throughput --direction echo");
}

static void write_no_kernel_times(const struct client_failure *failure, const struct second_look *look,
                                  struct explanation *out) {
  (void)look;
  explain_cause(out, "An anatomy needs the times at which the kernel received each message on both sides.");
  if (failure->is_lopong)
    explain_cause(out, "This lopong does not tell its own; the one of this version does.");
  else
    explain_cause(out, "This server returns what it gets, as every echo server does; only lopong adds its times.");
  say_who_holds(failure, out);
  explain_step(out, "start this version of lopong on a port that is free: lopong --port 0; it prints the number");
  explain_step(out, "or measure the whole round trip, which any echo server can: loping latency");
}

static void write_other_clock(const struct client_failure *failure, const struct second_look *look,
                              struct explanation *out) {
  char distance[UNITS_TEXT_SIZE];
  (void)look;
  bool is_ahead = failure->clock_ahead_ns > 0;
  units_format_duration(fabs((double)failure->clock_ahead_ns), distance);
  explain_cause(out,
                "An anatomy puts the moments of both sides in one order, and the server's monotonic clock is %s %s "
                "the client's: it runs in another time namespace (time_namespaces(7)), or on another machine.",
                distance, is_ahead ? "ahead of" : "behind");
  say_who_holds(failure, out);
  explain_step(out, "start lopong where loping runs, on a port that is free: lopong --port 0; it prints the number");
  explain_step(out, "or measure the whole round trip, which needs one clock only: loping latency");
}

/* Did the run itself find out that the server there does not echo? */
static bool is_no_echo(const struct client_failure *failure) {
  bool is_silent = failure->finding == CLIENT_FINDING_SILENT && !progress_has_begun(&failure->account);
  return failure->finding == CLIENT_FINDING_NOT_ECHO || (is_silent && failure->account.partial_bytes == 0);
}

static void add_sentence(const struct client_failure *failure, const struct second_look *look,
                         struct explanation *out) {
  const char *sentence = look->advice->sentence;
  char first = sentence[0];
  if (first >= 'a' && first <= 'z') first = (char)(first - 'a' + 'A');
  if (look->verdict == VERDICT_OPEN)
    explain_cause(out, "A second look a moment later found it open: %s", sentence);
  else if (look->is_healthy && !is_no_echo(failure))
    explain_cause(out, "A second look a moment later: %s", sentence);
  else if (first != '\0')
    explain_cause(out, "%c%s", first, sentence + 1);
}

static void add_verdict(const struct client_failure *failure, const struct second_look *look, struct explanation *out) {
  const struct advice *advice = look->advice;
  /* That nothing was sent on the second look is no news after what was sent on the first. */
  bool is_known_already = look->verdict == VERDICT_ACCEPTS && is_no_echo(failure);
  if (!is_known_already) add_sentence(failure, look, out);
  for (size_t i = 0; i < advice->evidence_count; i++)
    if (advice->is_chief[i]) explain_cause(out, "%s", advice->evidence[i]);
  /* A command that is cut would be another one. */
  for (size_t i = 0; i < advice->step_count && !is_known_already; i++)
    if (strlen(advice->steps[i]) < EXPLAIN_STEP_SIZE) explain_step(out, "%s", advice->steps[i]);
}

/* A part of an echo came in time. */
static void say_slow(const struct client_failure *failure, struct explanation *out) {
  if (failure->finding == CLIENT_FINDING_SILENT && failure->account.partial_bytes > 0)
    explain_cause(out, "It echoes, and more slowly than that: a longer --timeout waits for it.");
}

static void write_verdict(const struct client_failure *failure, const struct second_look *look,
                          struct explanation *out) {
  bool is_silent = failure->finding == CLIENT_FINDING_SILENT;
  if (failure->finding == CLIENT_FINDING_NOT_ECHO) quote_first_bytes(failure, out);
  say_slow(failure, out);
  if (is_silent && failure->account.partial_bytes == 0 && look->is_healthy)
    explain_cause(out, failure->account.has_echoed ? "It echoed the first bytes, and then no more: it is stuck."
                                                   : "It is no echo server, or it is stuck.");
  add_verdict(failure, look, out);
  bool is_slow = is_silent && failure->account.partial_bytes > 0;
  if (failure->finding == CLIENT_FINDING_NOT_ECHO || (is_silent && look->is_healthy && !is_slow))
    suggest_free_port(out);
  if (out->step_count == 0) suggest_look(failure, out);
}

static void write_cut_short(const struct client_failure *failure, const struct second_look *look,
                            struct explanation *out) {
  char measured[PROGRESS_BYTES];
  explain_cause(out, "Measured before it: %s.", progress_measured(&failure->account, measured));
  if (failure->finding == CLIENT_FINDING_NOT_ECHO) quote_first_bytes(failure, out);
  say_slow(failure, out);
  if (look->verdict == VERDICT_CLOSED) explain_cause(out, "The server has ended.");
  add_verdict(failure, look, out);
  if (out->step_count == 0) suggest_look(failure, out);
}

/* The target is on another machine, or could not be examined: what the run saw is all that is known. */
static void write_unexamined(const struct client_failure *failure, const struct second_look *look,
                             struct explanation *out) {
  char name[EXPLAIN_NAME_SIZE * 4], measured[PROGRESS_BYTES];
  (void)look;
  explain_endpoint(&failure->target, name);
  if (progress_has_begun(&failure->account))
    explain_cause(out, "Measured before it: %s.", progress_measured(&failure->account, measured));
  if (failure->finding == CLIENT_FINDING_NOT_ECHO)
    quote_first_bytes(failure, out);
  else if (failure->code == UV_ECONNREFUSED)
    explain_cause(out, "Nothing accepts connections on %s. Is a server running there?", name);
  else if (failure->code == UV_ETIMEDOUT)
    explain_cause(out, "A machine that is on answers at once; a firewall that discards packets does not.");
  else if (failure->finding == CLIENT_FINDING_HUNG_UP)
    explain_cause(out, "It accepted the connection and closed it.");
  else
    explain_cause(out, "Loping did not look into %s: it sees both ends only of this machine's loopback.", name);
  if (is_unix(failure))
    explain_step(out, "look at it: loping check %.400s", name);
  else
    explain_step(out, "look at it there: loping check %u", port_of(failure));
}

bool client_failure_is_own_lack(const struct client_failure *failure) {
  return failure->code == UV_EMFILE || failure->code == UV_ENFILE || failure->code == UV_ENOMEM ||
         failure->code == UV_ENOBUFS;
}

static bool is_name_look_up(const struct client_failure *failure, const struct second_look *look) {
  (void)look;
  return failure->step == CLIENT_STEP_RESOLVE;
}

static bool is_own_lack(const struct client_failure *failure, const struct second_look *look) {
  (void)look;
  return client_failure_is_own_lack(failure);
}

static bool is_plain_echo(const struct client_failure *failure, const struct second_look *look) {
  (void)look;
  return failure->finding == CLIENT_FINDING_PLAIN_ECHO;
}

static bool tells_no_kernel_times(const struct client_failure *failure, const struct second_look *look) {
  (void)look;
  return failure->finding == CLIENT_FINDING_NO_KERNEL_TIMES;
}

static bool goes_by_another_clock(const struct client_failure *failure, const struct second_look *look) {
  (void)look;
  return failure->finding == CLIENT_FINDING_OTHER_CLOCK;
}

static bool is_cut_short(const struct client_failure *failure, const struct second_look *look) {
  return look != NULL && progress_has_begun(&failure->account);
}

static bool is_examined(const struct client_failure *failure, const struct second_look *look) {
  (void)failure;
  return look != NULL;
}

static const struct {
  bool (*fits)(const struct client_failure *failure, const struct second_look *look);
  failure_writer *write;
} rows[] = {
    {is_own_lack, write_own_lack},
    {is_name_look_up, write_unknown_host},

    {is_plain_echo, write_plain_echo},
    {tells_no_kernel_times, write_no_kernel_times},
    {goes_by_another_clock, write_other_clock},
    {is_cut_short, write_cut_short},
    {is_examined, write_verdict},
};

void explain_client_failure(const struct client_failure *failure, const struct second_look *look,
                            struct explanation *out) {
  struct explain_holders holders;
  failure_writer *write = write_unexamined;
  explain_begin(out, failure->code, finding_name(failure));
  write_happened(failure, out);
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].fits(failure, look)) {
      write = rows[i].write;
      break;
    }
  write(failure, look, out);
  if (failure->step == CLIENT_STEP_RESOLVE || failure->sockets == NULL) return;
  holders_of(failure, &holders);
  explain_note_holders(out, failure->sockets, &holders);
}
