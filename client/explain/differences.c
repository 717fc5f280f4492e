/* See differences.h. */
#include "client/explain/differences.h"

#include <stddef.h>
#include <string.h>

static const struct {
  const char *names[2];
  const char *text;
} rows[] = {
    {{"127.0.0.1", "0.0.0.0"},
     "127.0.0.1 is one address, which only this machine reaches. 0.0.0.0 is no place: of a server it says \"on all my "
     "addresses\", and other machines reach those."},
    {{"::1", "127.0.0.1"},
     "Both are this machine itself, in two protocols: a server on one of them is not reached by way of the other."},
    {{"127.0.0.1", "localhost"},
     "127.0.0.1 is an address. localhost is a name that is looked up first, and may mean ::1 as well, or before."},
    {{"::1", "localhost"}, "::1 is an address. localhost is a name that is looked up first, and may mean 127.0.0.1."},
    {{"::", "0.0.0.0"},
     "0.0.0.0 means every IPv4 address of the machine; :: every IPv6 address, and on most systems every IPv4 address "
     "too (dual-stack)."},
    {{"latency", "throughput"},
     "Latency is how long one message takes; throughput is how much gets through in a second. More connections raise the "
     "throughput and never shorten the latency."},
    {{"TIME_WAIT", "CLOSE_WAIT"},
     "TIME_WAIT is at the end that closed first, is normal, and ends by itself after a minute. CLOSE_WAIT is at the end "
     "whose program has not closed yet; it stays until it does, so many of them are a fault of that program."},
    {{"tcp", "udp"},
     "TCP is a stream: all bytes, in order, on a connection. UDP is single datagrams, each of which may be lost, "
     "doubled or late, and nobody says so."},
    {{"closed", "blocked"},
     "closed is an answer: the machine says no at once. blocked is silence: a firewall has thrown the question away."},
    {{"blocked", "rejected"},
     "Both are a firewall. blocked throws away without a word, so a client waits; rejected says no in the server's place."},
    {{"ECONNREFUSED", "ETIMEDOUT"},
     "ECONNREFUSED is an answer, and comes at once: nobody listens. ETIMEDOUT is no answer at all."},
    {{"ECONNREFUSED", "ECONNRESET"},
     "ECONNREFUSED: no connection came about. ECONNRESET: there was one, and the other side broke it off."},
    {{"EADDRINUSE", "EADDRNOTAVAIL"},
     "EADDRINUSE: the address is this machine's, and somebody has the port. EADDRNOTAVAIL: the address is none of this "
     "machine's, or no port is left to connect from."},
    {{"closed-loop", "open-loop"},
     "In a closed loop the next message waits for a reply, so a slow server is asked less often. In an open loop messages "
     "leave by a schedule, as users do, and a stall is seen by all that wait."},
    {{"response-time", "rtt"},
     "RTT begins when the message is really sent; the response time when its schedule wanted it sent. In a stall the second "
     "grows, the first does not."},
    {{"mean", "p50"},
     "The mean is the sum shared out, and one slow round trip moves it. p50 is the middle one: half took longer."},
    {{"p50", "p99"}, "p50 is the usual case: half took longer. p99 is the bad one: one of a hundred took longer."},
    {{"SO_REUSEADDR", "SO_REUSEPORT"},
     "SO_REUSEADDR lets a server have its port again although old connections rest in TIME_WAIT. SO_REUSEPORT lets "
     "several listen on one port at the same time."},
    {{"ephemeral-port", "registered-port"},
     "A registered port has a name at IANA, for a server. An ephemeral one is lent by the system to whoever connects."},
    {{"ipv4", "ipv6"},
     "Two protocols beside each other: 127.0.0.1 is loopback in the one, ::1 in the other, and a socket of one is not "
     "reached by the other unless it is dual-stack."},
    {{"not-reading", "not-echo"},
     "not-reading: the bytes wait on the server's side. not-echo: the server took them, and sends something else or nothing."},
    {{"open-port", "close-port"},
     "To open a port, start a server and let it through; to close it, end that server. A firewall alone does neither."},
};

const char *difference_of(const char *one, const char *other) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const char *const *names = rows[i].names;
    if (strcmp(names[0], one) == 0 && strcmp(names[1], other) == 0) return rows[i].text;
    if (strcmp(names[1], one) == 0 && strcmp(names[0], other) == 0) return rows[i].text;
  }
  return NULL;
}
