/* What the verdicts on a server that was reached mean, and what to do: one function each. It must not decide anything.
 */
#include "client/check/advice_server.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/text/safe_text.h"

/* A server for one client ends with its connection: its listener is gone already. */
static bool has_served_one(const struct advice_context *context) {
  const struct port_facts *facts = &context->examination->facts;
  return !facts->is_udp && facts->server_half.port == 0 && facts->listener.is_known && !facts->listener.is_here &&
         facts->server_half.is_found && facts->server_half.is_accepted;
}

static void say_what_ended(const struct advice_context *context, struct advice *out) {
  if (has_served_one(context))
    advice_say(out, " It serves one client and ends: with this connection nobody listens there any more.");
}

void advice_write_open(const struct advice_context *context, struct advice *out) {
  advice_say(out, "an echo server answers, and what is sent comes back.");
  say_what_ended(context, out);
}

/* The look that named the server: the first, or the second after a hang-up. */
static const struct protocol_facts *protocol_of(const struct advice_context *context) {
  const struct port_facts *facts = &context->examination->facts;
  return &(facts->again.answer == ANSWER_KNOWN ? &facts->again : &facts->probe)->protocol;
}

void advice_write_answers(const struct advice_context *context, struct advice *out) {
  const struct protocol_facts *protocol = protocol_of(context);
  char product[4 * PROTOCOL_PRODUCT_BYTES];
  safe_text_copy(protocol->product, strlen(protocol->product), product, sizeof product);
  advice_say(out, "a server answers, and it speaks %s%s%s%s. It is no echo server.", protocol_name(protocol->protocol),
             product[0] != '\0' ? " (" : "", product, product[0] != '\0' ? ")" : "");
  say_what_ended(context, out);
}

void advice_write_accepts(const struct advice_context *context, struct advice *out) {
  char word[ADVICE_TARGET_SIZE];
  const struct port_socket *holder = advice_holder(context);
  if (holder != NULL && holder->owner == SOCKET_OWNER_KERNEL) {
    advice_say(out, "the kernel itself has the port; no program could answer. Nothing was sent to it.");
    return;
  }
  if (advice_is_udp(context))
    advice_say(out, "a program receives there. Nothing was sent to it, so it is not known what it answers.");
  else
    advice_say(out, "a server accepts connections. Nothing was sent to it, so what it answers is not known.");
  say_what_ended(context, out);
  if (has_served_one(context)) return;
  if (context->examination->facts.listener.is_hidden)
    advice_step(out, "rerun with sudo: then loping sees which program it is, and asks what that wants");
  advice_step(out, "if bytes do it no harm, ask it: loping check %s--ask echo %s   (or http, tls, ...)",
              advice_is_udp(context) ? "--udp " : "", advice_word(context, word));
}

void advice_write_queue_full(const struct advice_context *context, struct advice *out) {
  const struct listener_facts *listener = &context->examination->facts.listener;
  if (advice_is_udp(context))
    advice_say(out, "a server has the port, but its receive buffer is full: it does not read.");
  else
    advice_say(out, "a server listens, but accepts no one: its queue is full (%" PRIu32 " wait, %" PRIu32 " may).",
               listener->queued, listener->queue_limit);
  advice_step(out, "look at what the server does: it has to %s", advice_is_udp(context) ? "read" : "call accept()");
  advice_suggest_stop(context, out);
  advice_suggest_look(context, out);
}

void advice_write_paused(const struct advice_context *context, struct advice *out) {
  char pids[200];
  advice_pids(context, true, pids, sizeof pids);
  advice_say(out, "a server has the %s, but its process%s is stopped (SIGSTOP, Ctrl-Z or a debugger).",
             context->examination->facts.is_unix ? "socket" : "port", pids);
  advice_step(out, "let it go on: kill -CONT%s", pids);
}

/* One client at a time, and another one is being served. */
static void write_busy(const struct advice_context *context, struct advice *out) {
  const struct busy_facts *busy = &context->examination->busy;
  const struct listener_facts *listener = &context->examination->facts.listener;
  char client[ADDRESS_TEXT_SIZE], command[4 * sizeof busy->command], who[sizeof command + 48] = "";
  safe_text_copy(busy->command, strlen(busy->command), command, sizeof command);
  if (busy->pid != 0) snprintf(who, sizeof who, " (process %" PRId64 ", %s)", busy->pid, command);
  advice_say(out, "a server listens, but is busy with %s%s", address_format(&busy->client, client), who);
  if (busy->count > 1) advice_say(out, " and %zu more", busy->count - 1);
  advice_say(out, ", and takes nobody else meanwhile. %" PRIu32 " wait%s.", listener->queued,
             listener->queued == 1 ? "s" : "");
  if (busy->pid != 0) advice_step(out, "wait until that client has ended, or end it: process %" PRId64, busy->pid);
  advice_suggest_look(context, out);
}

void advice_write_not_reading(const struct advice_context *context, struct advice *out) {
  const struct port_facts *facts = &context->examination->facts;
  if (context->examination->busy.count > 0) {
    write_busy(context, out);
    return;
  }
  if (advice_is_udp(context))
    advice_say(out, "a server has the port, but does not read what arrives.");
  else if (facts->server_half.is_accepted)
    advice_say(out, "a server accepts the connection, but does not read from it.");
  else
    advice_say(out,
               "a server listens, but has not accepted the connection: it is busy, stuck, stopped, or out of "
               "descriptors.");
  if (facts->listener.is_hidden)
    advice_step(out, "rerun with sudo: then loping can tell whether its process is stopped");
  else
    advice_step(out, "look at what the server does: it is stuck or busy with something else");
  advice_suggest_look(context, out);
}

/* The forwarder is well; what it forwards to is not. */
static void write_dead_forward(const struct advice_context *context, struct advice *out) {
  const struct forward *target = &context->examination->forward.target;
  char host[4 * FORWARD_HOST_SIZE];
  safe_text_copy(target->host, strlen(target->host), host, sizeof host);
  advice_say(out,
             "a forwarder accepts the connection and closes it at once: it forwards to %s port %u, and nobody "
             "listens there.",
             host, target->port);
  advice_step(out, "start the server that it forwards to, at %s port %u", host, target->port);
  advice_suggest_look(context, out);
}

void advice_write_hung_up(const struct advice_context *context, struct advice *out) {
  if (context->examination->forward.is_dead) {
    write_dead_forward(context, out);
    return;
  }
  const struct forward_facts *forward = &context->examination->forward;
  char host[4 * FORWARD_HOST_SIZE];
  safe_text_copy(forward->target.host, strlen(forward->target.host), host, sizeof host);
  advice_say(out, "a server accepts the connection and closes it at once.");
  if (forward->is_known)
    advice_step(out, "it forwards to %s port %u: look at whether a server answers there", host, forward->target.port);
  advice_step(out, "look at the server's log: it refuses this client, or fails when one comes");
  advice_suggest_look(context, out);
}

void advice_write_not_echo(const struct advice_context *context, struct advice *out) {
  const struct probe_facts *probe = &context->examination->facts.probe;
  char shown[4 * FACTS_FIRST_BYTES + 1];
  safe_text_copy(probe->first_bytes, probe->first_bytes_length, shown, sizeof shown);
  if (probe->answer == ANSWER_OTHER)
    advice_say(out, "a server answers, but it is no echo server. It says \"%s\".", shown);
  else if (probe->answer == ANSWER_END || probe->answer == ANSWER_RESET)
    advice_say(out,
               "a server accepts connections, and hangs up on what is not its protocol: it runs, but it is no echo "
               "server.");
  else
    advice_say(out, "a server reads what is sent and answers nothing: it runs, but it is no echo server.");
  advice_suggest_look(context, out);
}
