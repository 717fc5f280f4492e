/*
 * The quick look. Refusals are believed in chunks: the system counts those that it makes itself, and when it counts
 * fewer than there were in a chunk, a firewall made some of them, and the whole chunk is looked at more closely.
 *
 * What was lacking for a quick look is no lack of the check: whatever it did not settle is examined later.
 */
#include "client/check/scan.h"

#include <stdlib.h>
#include <string.h>

#include "client/check/probe.h"
#include "client/sockets/net_counters.h"
#include "client/sockets/port_list.h"
#include "common/machine/machine.h"
#include "common/memory/lack.h"
#include "common/memory/memory.h"
#include "common/sockets/port_owner.h"
#include "common/text/clock.h"

#define CHUNK 256
/* Loopback answers in far less, and who is silent for longer is looked at again. */
#define QUICK_NS   (20 * CLOCK_NS_PER_MS)
#define PORTS      65536
#define ICMP_PORTS 3 /* "port unreachable", of ICMP; ICMPv6 has 4 */

_Static_assert(CHUNK < DESCRIPTORS_TRIED_MAX, "so many free descriptors can be asked for");

struct scan {
  uv_loop_t loop;
  size_t pending;
  struct probe_facts facts[CHUNK];
  bool has_socket[2][PORTS]; /* of TCP, of UDP: somebody has the port, on whatever address */
};

static void on_settled(void *owner, const struct server_half_facts *half) {
  struct scan *scan = owner;
  (void)half;
  scan->pending--;
}

static void note_sockets(struct scan *scan) {
  struct port_list sockets;
  int lack_before = lack_code();
  /* Unknown sockets make the look only poorer: a refusal is then taken for the system's own. */
  (void)port_list_gather(&sockets);
  /* Whose they are is not asked here. */
  if (sockets.known && lack_before == 0) lack_forget();
  for (size_t i = 0; i < sockets.socket_count; i++) {
    const struct port_socket *socket = &sockets.sockets[i];
    scan->has_socket[socket->transport == TRANSPORT_UDP][address_port(&socket->local)] = true;
  }
  port_list_free(&sockets);
}

static bool is_refused(const struct endpoint *target, const struct probe_facts *facts) {
  bool is_udp = target->transport == TRANSPORT_UDP;
  unsigned port_unreachable = target->address.ss_family == AF_INET6 ? ICMP_PORTS + 1 : ICMP_PORTS;
  if (facts->outcome != PROBE_REFUSED || facts->is_immediate) return false;
  return is_udp ? !facts->icmp_came || facts->icmp_code == port_unreachable : !facts->icmp_came;
}

static bool is_had(const struct scan *scan, const struct endpoint *target) {
  return scan->has_socket[target->transport == TRANSPORT_UDP][address_port(&target->address)];
}

/* The targets of a chunk have one transport. */
static void judge_chunk(struct scan *scan, const struct endpoint *targets, size_t count,
                        const struct net_counters *before, bool *is_closed) {
  struct net_counters after;
  uint64_t refused = 0;
  bool is_udp = targets[0].transport == TRANSPORT_UDP;
  net_counters_read(&after);
  for (size_t i = 0; i < count; i++)
    refused += is_refused(&targets[i], &scan->facts[i]);
  uint64_t counted = net_counters_growth(before, &after, is_udp ? COUNTER_UDP_NO_PORT : COUNTER_TCP_RESETS_SENT);
  bool is_believed = !before->known || !after.known || counted >= refused;
  for (size_t i = 0; i < count; i++)
    is_closed[i] = is_believed && is_refused(&targets[i], &scan->facts[i]);
}

/* A port that somebody has is examined, and needs no connection before that. */
static void scan_chunk(struct scan *scan, const struct endpoint *targets, size_t count, bool *is_closed) {
  struct net_counters before;
  net_counters_read(&before);
  int lack_before = lack_code();
  for (size_t i = 0; i < count; i++) {
    struct probe_plan plan = {
        .target = targets[i], .timeout_ns = QUICK_NS, .manner = PROBE_CONNECTS, .question = QUESTION_ECHO};
    memset(&scan->facts[i], 0, sizeof scan->facts[i]);
    if (targets[i].transport == TRANSPORT_UNIX || is_had(scan, &targets[i])) continue;
    scan->pending++;
    if (probe_start(&scan->loop, &plan, &scan->facts[i], on_settled, scan) != 0) scan->pending--;
  }
  /* Until the closed sockets are really gone, so that their resets are counted here. */
  uv_run(&scan->loop, UV_RUN_DEFAULT);
  if (lack_before == 0) lack_forget();
  judge_chunk(scan, targets, count, &before, is_closed);
}

/* Each target of a chunk takes a socket; and libuv keeps a descriptor of its own from a loop's first stream on. */
static size_t chunk_size(void) {
  size_t left = machine_free_descriptors(CHUNK + 1);
  return left > 2 ? left - 1 : 1;
}

int scan_run(const struct endpoint *targets, size_t count, bool *is_closed) {
  memset(is_closed, 0, count * sizeof *is_closed);
  struct scan *scan = memory_take_zeroed(1, sizeof *scan);
  if (scan == NULL) return UV_ENOMEM;
  int code = uv_loop_init(&scan->loop);
  if (code != 0) goto free_scan;
  note_sockets(scan);
  size_t most = chunk_size();
  for (size_t i = 0; i < count;) {
    size_t length = 1;
    while (length < most && i + length < count && targets[i + length].transport == targets[i].transport)
      length++;
    scan_chunk(scan, &targets[i], length, &is_closed[i]);
    i += length;
  }
  code = uv_loop_close(&scan->loop);

free_scan:
  free(scan);
  return code;
}
