/* Counts repeats in a table of fixed size; see datagram_repeats.h. */
#include "server/echo/datagram_repeats.h"

#include <string.h>

#include "common/text/clock.h"

/* A loop over loopback takes microseconds, one over a network some milliseconds. */
#define GAP_NS (250 * CLOCK_NS_PER_MS)

/* Of a long datagram its ends are looked at; all of it only when it was repeated often. */
#define SAMPLE_BYTES 32
#define WHOLE_FROM   64

/* A slot whose count is higher is not given to another while it is in use. */
#define GIVEN_UP_BELOW 16
#define WAYS           4

/* FNV-1a, eight bytes at a time. A product moves bits upward only, so a last mix brings those of the last bytes down to
 * where the slot is chosen, whichever byte order the machine has. */
#define FNV_BASIS UINT64_C(14695981039346656037)
#define FNV_PRIME UINT64_C(1099511628211)

static uint64_t mix(uint64_t key, uint64_t word) {
  key = (key ^ word) * FNV_PRIME;
  return key ^ key >> 29;
}

static uint64_t mix_bytes(uint64_t key, const uint8_t *bytes, size_t length) {
  uint64_t word = 0;
  for (; length >= sizeof word; bytes += sizeof word, length -= sizeof word) {
    memcpy(&word, bytes, sizeof word);
    key = mix(key, word);
  }
  word = 0;
  memcpy(&word, bytes, length);
  return mix(key, word);
}

static uint64_t make_key(const struct sockaddr_storage *from, const uint8_t *bytes, size_t length) {
  const struct sockaddr_in *ipv4 = (const void *)from;
  const struct sockaddr_in6 *ipv6 = (const void *)from;
  uint64_t key = mix(FNV_BASIS, length);
  if (from->ss_family == AF_INET) {
    key = mix(key, (uint64_t)ipv4->sin_addr.s_addr << 16 | ipv4->sin_port);
  } else {
    key = mix_bytes(key, (const uint8_t *)&ipv6->sin6_addr, sizeof ipv6->sin6_addr);
    key = mix(key, (uint64_t)ipv6->sin6_scope_id << 16 | ipv6->sin6_port);
  }
  if (length <= 2 * SAMPLE_BYTES) return mix_bytes(key, bytes, length);
  return mix_bytes(mix_bytes(key, bytes, SAMPLE_BYTES), bytes + length - SAMPLE_BYTES, SAMPLE_BYTES);
}

/* Of WAYS slots any can have the key: two loops whose keys fall together would take one from each other for ever. */
static struct datagram_repeat *first_way(struct datagram_repeats *repeats, uint64_t key) {
  key = (key ^ key >> 32) * FNV_PRIME;
  key = (key ^ key >> 29) * FNV_PRIME;
  return &repeats->slots[(key ^ key >> 32) % (DATAGRAM_REPEATS_SLOTS / WAYS) * WAYS];
}

static uint32_t count_of(const struct datagram_repeat *slot, uint64_t now_ns) {
  return slot->count > 0 && now_ns - slot->last_ns <= GAP_NS ? slot->count : 0;
}

/* The key's own slot, or the one that counts the least. */
static struct datagram_repeat *find_slot(struct datagram_repeats *repeats, uint64_t key, uint64_t now_ns) {
  struct datagram_repeat *ways = first_way(repeats, key), *least = ways;
  for (size_t i = 0; i < WAYS; i++) {
    if (ways[i].count > 0 && ways[i].key == key) return &ways[i];
    if (count_of(&ways[i], now_ns) < count_of(least, now_ns)) least = &ways[i];
  }
  return least;
}

/* The bytes between the ends have to be the same, too. */
static bool is_same_as_a_whole(struct datagram_repeat *slot, const uint8_t *bytes, size_t length) {
  if (length <= 2 * SAMPLE_BYTES || slot->count < WHOLE_FROM) return true;
  uint64_t whole_key = mix_bytes(FNV_BASIS, bytes, length);
  bool is_same = slot->count == WHOLE_FROM || slot->whole_key == whole_key;
  slot->whole_key = whole_key;
  return is_same;
}

bool datagram_repeats_note(struct datagram_repeats *repeats, const struct sockaddr_storage *from, const uint8_t *bytes,
                           size_t length, uint64_t now_ns, uint32_t limit) {
  uint64_t key = make_key(from, bytes, length);
  struct datagram_repeat *slot = find_slot(repeats, key, now_ns);
  uint32_t count = count_of(slot, now_ns);
  if (slot->key != key && count >= GIVEN_UP_BELOW) return false;
  if (slot->key != key || count == 0 || !is_same_as_a_whole(slot, bytes, length)) slot->count = 0;
  slot->key = key;
  slot->last_ns = now_ns;
  if (++slot->count < limit) return false;
  slot->count = 0;
  return true;
}
