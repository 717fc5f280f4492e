/* One paragraph for each step. */
#include "client/walk/walk_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/explain/explain_text.h"
#include "common/text/units.h"

struct words {
  char *out;
  size_t used;
};

__attribute__((format(__printf__, 2, 3))) static void say(struct words *words, const char *format, ...) {
  va_list values;
  va_start(values, format);
  int length = vsnprintf(words->out + words->used, WALK_WORDS_SIZE - words->used, format, values);
  va_end(values);
  if (length > 0 && words->used + (size_t)length < WALK_WORDS_SIZE) words->used += (size_t)length;
}

static const char *state_of(const struct walk_end *end, const char *connecting) {
  if (!end->is_there) return "no socket";
  return end->state == SOCKET_STATE_CONNECTING ? connecting : explain_state_name(end->state);
}

const char *walk_words_ends(const struct walk_facts *facts, char out[128]) {
  out[0] = '\0';
  if (facts->client.known) snprintf(out, 128, "client %s", state_of(&facts->client, "SYN_SENT"));
  if (facts->server.known)
    snprintf(out + strlen(out), 128 - strlen(out), "%sserver %s", facts->client.known ? ", " : "",
             state_of(&facts->server, "SYN_RECV"));
  return out;
}

static const char *failure_of(int code, char out[160]) {
  char name[32];
  explain_code_name(code, name);
  snprintf(out, 160, "%s (%s)", uv_strerror(code), name);
  return out;
}

static void tell_bound(struct words *words, const struct walk_facts *facts) {
  unsigned port = address_port(&facts->local);
  if (port == 0) {
    say(words, "socket(): the kernel makes a socket for the client; it has no port yet, and nothing was sent.");
    return;
  }
  say(words,
      "socket() and bind(): the kernel makes a socket for the client and lends it port %u. Nothing was sent yet.",
      port);
}

static void tell_connected(struct words *words, const struct walk_facts *facts, const char *took) {
  char failure[160];
  unsigned client = address_port(&facts->local), server = address_port(&facts->remote);
  if (facts->code == UV_ETIMEDOUT) {
    say(words, "connect(): nobody answered within %s. The client's SYN, to port %u, was sent, and sent again.", took,
        server);
  } else if (facts->code == UV_ECONNREFUSED) {
    say(words, "connect(): refused after %s. The client's SYN went to port %u, and a reset (RST) came back.", took,
        server);
  } else if (facts->code != 0) {
    say(words, "connect(): %s, after %s.", failure_of(facts->code, failure), took);
  } else {
    say(words,
        "connect() took %s, and the connection stands. Three packets went: SYN from port %u, SYN ACK from port %u, ACK. The "
        "kernels did that between them: the server's program need not even know yet.",
        took, client, server);
  }
}

static void tell_greeted(struct words *words, const struct walk_facts *facts, const char *took) {
  char failure[160];
  if (facts->code != 0)
    say(words, "the hello: %s, after %s.", failure_of(facts->code, failure), took);
  else
    say(words, "the hello: the client sent 16 bytes by which lopong knows loping, and after %s 16 bytes came back: %s.",
        took, facts->is_same ? "lopong's welcome" : "they are no welcome");
}

static void tell_sent(struct words *words, const struct walk_facts *facts, const char *took) {
  char failure[160];
  if (facts->code != 0)
    say(words, "send(): %s, after %s.", failure_of(facts->code, failure), took);
  else
    say(words,
        "send() took %s: the kernel has the %zu bytes, and sends them (PSH ACK). That says nothing of the server yet.",
        took, facts->bytes);
}

static void tell_answered(struct words *words, const struct walk_facts *facts, const char *took) {
  char failure[160];
  if (facts->code == 0)
    say(words, "recv(): %s later %zu bytes were back, %s. The answer also acknowledged the question.", took,
        facts->bytes, facts->is_same ? "the same that were sent" : "and they are not those that were sent");
  else if (facts->code == UV_EOF)
    say(words, "recv(): after %s the server ended the connection; %zu bytes had come.", took, facts->bytes);
  else if (facts->code == UV_ETIMEDOUT)
    say(words, "recv(): nothing more came within %s; %zu bytes had.", took, facts->bytes);
  else
    say(words, "recv(): %s, after %s.", failure_of(facts->code, failure), took);
}

static void tell_ended(struct words *words, const struct walk_facts *facts, const char *took) {
  char failure[160];
  if (facts->code == 0)
    say(words, "recv() returned 0 after %s: the server's FIN came, so it sends no more either.", took);
  else if (facts->code == UV_ETIMEDOUT)
    say(words, "recv(): the server's end did not come within %s: its program has not closed.", took);
  else
    say(words, "recv(): %s, after %s.", failure_of(facts->code, failure), took);
}

static void tell_closed(struct words *words, const struct walk_facts *facts) {
  say(words, "close(): the program has no socket any more.");
  if (facts->client.is_there && facts->client.state == SOCKET_STATE_TIME_WAIT)
    say(words,
        " The kernel keeps the client's end in TIME_WAIT, since the client finished first: a late packet shall not end up in "
        "a new connection with the same ports.");
}

static void tell_step(struct words *words, const struct walk_facts *facts) {
  char took[UNITS_TEXT_SIZE];
  units_format_duration((double)facts->took_ns, took);
  switch (facts->step) {
    case WALK_BOUND:
      tell_bound(words, facts);
      break;
    case WALK_CONNECTED:
      tell_connected(words, facts, took);
      break;
    case WALK_GREETED:
      tell_greeted(words, facts, took);
      break;
    case WALK_SENT:
      tell_sent(words, facts, took);
      break;
    case WALK_ANSWERED:
      tell_answered(words, facts, took);
      break;
    case WALK_FINISHED:
      say(words, "shutdown(): the client says that it sends no more (FIN); it still reads.");
      break;
    case WALK_ENDED:
      tell_ended(words, facts, took);
      break;
    case WALK_CLOSED:
      tell_closed(words, facts);
      break;
  }
}

static void tell_now(struct words *words, const struct walk_facts *facts) {
  char ends[128];
  walk_words_ends(facts, ends);
  if (ends[0] == '\0') return;
  say(words, "\n   now: %s", ends);
  if (facts->step != WALK_CLOSED && facts->tcp.counts_segments)
    say(words, "; so far the client sent %u segment%s and got %u", facts->tcp.segments_out,
        facts->tcp.segments_out == 1 ? "" : "s", facts->tcp.segments_in);
  say(words, "\n   see it: ss -tan 'sport = :%u or dport = :%u'", address_port(&facts->local),
      address_port(&facts->local));
}

const char *walk_words(const struct walk_facts *facts, unsigned number, char out[WALK_WORDS_SIZE]) {
  struct words words = {.out = out};
  out[0] = '\0';
  say(&words, "%u. ", number);
  tell_step(&words, facts);
  if (facts->step != WALK_BOUND && address_port(&facts->local) != 0) tell_now(&words, facts);
  say(&words, "\n");
  return out;
}
